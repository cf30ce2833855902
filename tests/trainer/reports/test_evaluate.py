"""An exported file on labelled scans: its own thresholds, its refusals, and what it may claim."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PilImage
from PIL.PngImagePlugin import PngInfo

from imaging.input.recipe import InputRecipe
from model.card import HELD_OUT, LEARNT, TEST, Confusion
from tests.make.tiny_model import SIZE, tiny_model
from trainer.__main__ import main
from trainer.data.labels import read_labels
from trainer.data.provenance import fingerprint, sha256_of
from trainer.reports import external, external_chapters
from trainer.reports.document import to_markdown
from trainer.reports.evaluate import parser
from trainer.reports.external import ExternalResults
from trainer.results.metrics import wilson

WHOLE = InputRecipe(size=SIZE, crop_to_head=False)
"""Leaves a flat picture as it is, so that the tiny model's logit is (grey - 128) / 16."""
POSITIVE = [170] * 20 + [140] * 2 + [100] * 2
NEGATIVE = [90] * 20 + [120] * 2 + [160] * 2
"""Logits 2.6, 0.75, -1.75 and -2.4, -0.5, 2.0: two missed and two false alarms at one half."""


def clinic(folder: Path) -> Path:
    """48 flat pictures in groups of two; the last positive and the last negative are striped."""
    (folder / "images").mkdir(parents=True)
    lines = ["image_id,hemorrhage_label,group,deep"]
    for i, grey in enumerate(POSITIVE + NEGATIVE):
        picture = np.full((SIZE, SIZE), grey, dtype=np.uint8)
        if i in (23, 47):
            picture[::2], picture[1::2] = grey - 60, grey + 60
        own = PngInfo()  # or the files would be copies, and one group
        own.add_text("number", f"{i:02}")
        PilImage.fromarray(picture).save(folder / "images" / f"{i}.png", pnginfo=own)
        lines.append(f"{i},{int(i < 24)},g{i // 2},{int(i < 20)}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of its own, to be changed."""
    return clinic(tmp_path / "clinic")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> ExternalResults:
    """At temperature 2 and a prevalence of 0.1; made once, for the baseline takes seconds."""
    folder = tmp_path_factory.mktemp("evaluate")
    here = assessed(folder, clinic(folder / "clinic"), temperature=2.0)
    return external.results(here, prevalence=0.1)


def assessed(tmp_path: Path, data: Path, **card: Any) -> external.Judged:
    path = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **card})
    return external.answer(external.open_model(path), read_labels(data))


def test_the_cards_thresholds_temperature_and_cut_decide(found: ExternalResults) -> None:
    assert found.every.points == {
        "frozen": Confusion(22, 2, 22, 2),
        "sensitivity_95": Confusion(22, 4, 20, 2),
        "specificity_95": Confusion(20, 2, 22, 4),
        "youden": Confusion(22, 2, 22, 2),
    }
    # Of the two that are refused, the positive was missed and the negative called.
    assert found.as_answered == Confusion(22, 1, 23, 2)
    assert found.assessable is not None
    assert found.assessable.points["frozen"] == Confusion(22, 1, 22, 1)
    assert [(r.source, r.label, r.share) for r in found.refused] == [
        ("clinic", 0, wilson(1, 24)),
        ("clinic", 1, wilson(1, 24)),
    ]
    assert (found.every.judgement.images, found.every.judgement.groups) == (48, 24)
    (source,) = found.subgroups
    assert source.sensitive == Confusion(22, 2, 22, 2)
    assert [(t.name, t.positives, t.sensitivity) for t in source.traits] == [
        ("deep", 20, wilson(20, 20))
    ]
    assert {m.image_id: m.assessable for m in found.worst} == {
        "22": True,
        "23": False,
        "46": True,
        "47": False,
    }


def test_predictive_values_are_those_of_the_prevalence_asked_for(found: ExternalResults) -> None:
    values = found.every.predictive["frozen"]
    # Sensitivity and specificity are 22/24 each.
    assert values.ppv.value == pytest.approx(22 * 0.1 / (22 * 0.1 + 2 * 0.9))
    assert values.npv.value == pytest.approx(22 * 0.9 / (22 * 0.9 + 2 * 0.1))
    assert values.npv.low < values.npv.value < values.npv.high


def test_training_data_are_no_external_validation(tmp_path: Path, data: Path) -> None:
    own = fingerprint(read_labels(data))
    same = assessed(tmp_path, data, data_fingerprint=own)
    told = to_markdown("", external_chapters.what_was_judged(same, "hemorrhage"))
    assert "> These are the very scans" in told
    other = assessed(tmp_path, data)
    told = to_markdown("", external_chapters.what_was_judged(other, "fracture"))
    assert "> The fingerprints differ" in told
    assert "> The labels are about fracture, but the model predicts hemorrhage." in told


def test_scans_are_known_again_by_what_they_were_used_for(tmp_path: Path, data: Path) -> None:
    images = read_labels(data)
    striped = {image.image_id: sha256_of(image.path)[:12] for image in images[23::24]}
    found = assessed(tmp_path, data, used={LEARNT: striped["23"], TEST: striped["47"]})
    assert [use for use in found.uses if use] == [LEARNT, TEST]
    assert (found.uses[23], found.uses[47]) == (LEARNT, TEST)

    uses = (LEARNT,) * 30 + (HELD_OUT,) * 6 + (TEST,) + ("",) * 11
    some = external_chapters.learnt_from(replace(found, uses=uses))
    assert some.text.startswith(
        "Of these 48 scans the network has learnt from 30, was chosen on 6, and was tested before "
        "on 1; 11 are none of its run's."
    )
    assert "no external validation" in some.text
    fresh = external_chapters.learnt_from(replace(found, uses=("",) * 48))
    assert "no external validation" not in fresh.text
    assert (some.warning, fresh.warning) == (True, False)


def test_where_no_folds_can_be_made_the_baseline_is_told_to_be_missing(
    tmp_path: Path, data: Path
) -> None:
    table = data / "labels.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    one_group = [",".join([i, label, label, deep]) for i, label, _, deep in rows]
    table.write_text("\n".join([lines[0], *one_group]), encoding="utf-8")
    found = external.results(assessed(tmp_path, data))
    assert found.without_anatomy is None
    assert found.every.predictive == {}  # no prevalence was given
    told = to_markdown("", external_chapters.fares(found, 0.5))
    assert "There is no baseline without anatomy. There are too few scans or groups" in told


def test_the_command_writes_a_report_with_pictures_in_the_page_alone(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    out = tmp_path / "deep" / "report"
    command = ["evaluate", str(model), str(data), "--out", str(out), "--prevalence", "0.2"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "accuracy 44/48 = 91.7 %" in said
    assert "a fingerprint cannot tell" in said
    assert {path.name for path in out.glob("*.png")} == {
        *("roc.png", "precision_recall.png", "confusion.png", "reliability.png", "decision.png"),
        *("missed.png", "false_alarms.png"),
    }
    assert (out / "report.html").read_text(encoding="utf-8").count("data:image/png") == 7
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for told in (
        "| all scans | 48 (24 +) |",
        "| as the program answers | 48 (24 +) |",
        "| assessable scans | 46 (23 +) |",
        "| groups | 24; 12 with a positive, 12 with a negative |",
        "| without anatomy | 48 (24 +) |",
        "| clinic | 1 | 1/24 = 4.2 % (0.7–20.2) |",
        "| clinic | deep | 20 | 20/20 = 100.0 % (83.9–100.0) |",
        "predictive values at a prevalence of 20 %",
    ):
        assert told in summary
    assert "png" not in summary
    assert str(tmp_path) not in summary
    values = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert values["is_the_training_data"] is False
    assert values["every"]["points"]["youden"]["false_negative"] == 2
    assert values["every"]["predictive"]["frozen"].keys() == {"ppv", "npv"}
    assert [error["image_id"] for error in values["worst"]] == ["22", "23", "46", "47"]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"metadata": {}}, "The model file carries no Cranioscope card."),
        ({"without": "heat_map"}, "onnxruntime cannot run this file as a model of ours."),
        ({"nan_above": 0.0}, "the model gives another answer here than its card says."),
        ({"nan_above": 150.0}, "tiny.onnx: 22 of its answers are no numbers."),
    ],
)
def test_a_model_that_is_not_ours_is_refused_in_a_sentence(
    broken: dict[str, Any],
    sentence: str,
    tmp_path: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **broken})
    assert main(["evaluate", str(model), str(data), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith(f"{sentence}\n")
    assert not (tmp_path / "out").exists()


def test_other_mistakes_are_sentences_too(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.onnx"
    text.write_text("no model", encoding="utf-8")
    out = ["--out", str(tmp_path / "out")]
    assert main(["evaluate", str(text), str(data), *out]) == 2
    assert "this is no ONNX file." in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.onnx"), str(data), *out]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main(["evaluate", str(text), str(data), "--out", str(data / "report")]) == 2
    assert "FOLDER must lie outside DATA" in capsys.readouterr().err
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    table = data / "labels.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",0,g", ",1,g"), encoding="utf-8")
    assert main(["evaluate", str(model), str(data), *out]) == 2
    assert "All scans have the same label" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "1", "-0.1", "5", "ten"])
def test_a_prevalence_lies_between_none_and_all(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["m", "d", "--out", "o", "--prevalence", text])
    assert f"{text} is no prevalence between 0 and 1" in capsys.readouterr().err
