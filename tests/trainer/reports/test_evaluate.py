"""An exported file on labelled images: its own thresholds, its refusals, and what it may claim."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image as PilImage
from PIL.PngImagePlugin import PngInfo

from desktop.engine.run import Run
from imaging.errors import Code
from imaging.sandbox.sandbox import Sandbox
from model.card import HELD_OUT, LEARNT, TEST
from model.confusion import Confusion
from model.image_result import ImageResult
from model.messages import ModelCode
from model.proportion import Proportion
from model.session import Session, SessionError
from tests.make.dicom import ct, save
from tests.make.heads import with_bone
from tests.make.tiny_model import SIZE, WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.labels import read_labels
from trainer.data.provenance import fingerprint, sha256_of
from trainer.reports import external, external_chapters
from trainer.reports.document import to_markdown
from trainer.reports.evaluate import parser
from trainer.reports.external import ExternalResults
from trainer.results.assessment import assess_files

DOCS = Path(__file__).resolve().parents[3] / "docs" / "researcher"
POSITIVE = [170] * 20 + [140] * 2 + [100] * 2
NEGATIVE = [90] * 20 + [120] * 2 + [160] * 2
"""Logits 2.6, 0.75, -1.75 and -2.4, -0.5, 2.0: two missed and two false alarms at one half."""


def clinic(folder: Path) -> Path:
    """48 images of two halves, in groups of two; of each label the last one is striped."""
    (folder / "images").mkdir(parents=True)
    lines = ["image_id,hemorrhage_label,group,deep"]
    for i, grey in enumerate(POSITIVE + NEGATIVE):
        pixels = np.full((SIZE, SIZE), grey + 20, dtype=np.uint8)
        pixels[:, : SIZE // 2] = grey - 20  # or it would be blank
        if i in (23, 47):
            pixels[::2], pixels[1::2] = grey - 60, grey + 60
        own = PngInfo()  # or the files would be copies, and one group
        own.add_text("number", f"{i:02}")
        PilImage.fromarray(with_bone(pixels)).save(folder / "images" / f"{i}.png", pnginfo=own)
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


def assessed(tmp_path: Path, data: Path, **card: Any) -> external.Assessed:
    path = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **card})
    return external.assess(external.open_model(path), read_labels(data))


def test_the_cards_thresholds_temperature_and_cut_decide(found: ExternalResults) -> None:
    # Of the two that are not assessable, the positive would be missed and the negative flagged.
    assert found.assessed.points == {
        "default": Confusion(22, 1, 22, 1),
        "sensitivity_95": Confusion(22, 3, 20, 1),
        "specificity_95": Confusion(20, 1, 22, 3),
        "youden": Confusion(22, 1, 22, 1),
    }
    assert found.every == Confusion(22, 1, 23, 2)
    assert [(r.source, r.label, r.reason, r.share) for r in found.refused] == [
        ("clinic", 0, Code.NOT_ASSESSABLE, Proportion.of(1, 24)),
        ("clinic", 1, Code.NOT_ASSESSABLE, Proportion.of(1, 24)),
    ]
    performance = found.assessed.performance
    assert (performance.images, performance.groups) == (46, 24)
    (source,) = found.subgroups
    assert source.sensitive == Confusion(22, 1, 22, 1)
    assert [(t.name, t.positives, t.sensitivity) for t in source.traits] == [
        ("deep", 20, Proportion.of(20, 20))
    ]
    assert [m.image_id for m in found.worst] == ["22", "46"]


def test_predictive_values_are_those_of_the_prevalence_asked_for(found: ExternalResults) -> None:
    values = found.assessed.predictive["default"]
    # Sensitivity and specificity are 22/23 each.
    assert values.ppv.value == pytest.approx(22 * 0.1 / (22 * 0.1 + 1 * 0.9))
    assert values.npv.value == pytest.approx(22 * 0.9 / (22 * 0.9 + 1 * 0.1))
    assert values.npv.low < values.npv.value < values.npv.high


def test_training_data_are_no_external_validation(tmp_path: Path, data: Path) -> None:
    own = fingerprint(read_labels(data))
    same = assessed(tmp_path, data, data_fingerprint=own)
    told = to_markdown("", external_chapters.what_was_assessed(same, "hemorrhage"))
    assert "> These are the very images" in told
    other = assessed(tmp_path, data)
    told = to_markdown("", external_chapters.what_was_assessed(other, "fracture"))
    assert "> The fingerprints differ" in told
    assert "> The labels are about fracture, but the model predicts hemorrhage." in told


def test_images_are_known_again_by_what_they_were_used_for(tmp_path: Path, data: Path) -> None:
    images = read_labels(data)
    striped = {image.image_id: sha256_of(image.path)[:12] for image in images[23::24]}
    found = assessed(tmp_path, data, used={LEARNT: striped["23"], TEST: striped["47"]})
    assert [use for use in found.uses if use] == [LEARNT, TEST]
    assert (found.uses[23], found.uses[47]) == (LEARNT, TEST)

    uses = (LEARNT,) * 30 + (HELD_OUT,) * 6 + (TEST,) + ("",) * 11
    some = external_chapters.learnt_from(replace(found, uses=uses))
    assert some.text.startswith(
        "Of these 48 images the network has learnt from 30, was chosen on 6, and was tested before "
        "on 1; 11 are none of its run's."
    )
    assert "no external validation" in some.text
    fresh = external_chapters.learnt_from(replace(found, uses=("",) * 48))
    assert "no external validation" not in fresh.text
    assert (some.warning, fresh.warning) == (True, False)


def test_images_that_are_none_of_the_runs_have_a_row_of_their_own(
    tmp_path: Path, data: Path
) -> None:
    """Beside those that it learnt from, whose figures are no external validation."""
    whole = assessed(tmp_path, data, used={LEARNT: "0" * 12})
    card = whole.model.card
    # The first and the last of either label: three right, and one not assessable.
    uses = tuple("" if at in (0, 1, 24, 47) else LEARNT for at in range(48))
    mixed = external.results(replace(whole, uses=uses))
    assert mixed.fresh is not None
    assert (mixed.fresh.images, mixed.fresh.default.counts) == (3, (2, 0, 1, 0))
    told = to_markdown("", external_chapters.fares(mixed, card))
    assert "| of these, none of the run's | 3 (2 +) in 2 groups |" in told
    for same in (("",) * 48, (LEARNT,) * 48):
        assert external.results(replace(whole, uses=same)).fresh is None


def test_where_no_folds_can_be_made_the_baseline_is_told_to_be_missing(
    tmp_path: Path, data: Path
) -> None:
    table = data / "labels.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    one_group = [",".join([i, label, label, deep]) for i, label, _, deep in rows]
    table.write_text("\n".join([lines[0], *one_group]), encoding="utf-8")
    known = assessed(tmp_path, data)
    found = external.results(known)
    assert found.without_anatomy is None
    assert found.assessed.predictive == {}  # no prevalence was given
    told = to_markdown("", external_chapters.fares(found, known.model.card))
    assert (
        "There is no such baseline as “without anatomy”. There are too few images or groups" in told
    )


def test_the_command_writes_a_report_with_images_in_the_page_alone(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    out = tmp_path / "deep" / "report"
    command = ["evaluate", str(model), str(data), "--out", str(out), "--prevalence", "0.2"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "46 of 48 images assessed" in said
    assert "a fingerprint cannot tell" in said
    assert {path.name for path in out.glob("*.png")} == {
        *("roc.png", "precision_recall.png", "confusion.png", "reliability.png", "decision.png"),
        *("missed.png", "false_alarms.png"),
    }
    assert (out / "report.html").read_text(encoding="utf-8").count("data:image/png") == 7
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for told in (
        "| all images | 48 (24 +)",
        "| assessed images | 46 (23 +) in ",
        "| groups | 24; 12 with a positive, 12 with a negative |",
        "| without anatomy | 48 (24 +)",
        "Of all images 4.2 % (2/48; 95 % CI 1.2–14.0). Of those with the finding 4.2 % (1/24;",
        f"| clinic | 1 | {Code.NOT_ASSESSABLE.template} | 4.2 % (1/24; 95 % CI 0.7–20.2) |",
        "| clinic | deep | 20 | 100.0 % (20/20; 95 % CI 83.9–100.0) |",
        "predictive values at a prevalence of 20 %",
    ):
        assert told in summary
    assert "png" not in summary
    assert str(tmp_path) not in summary
    values = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert values["is_the_training_data"] is False
    assert values["assessed"]["points"]["youden"]["false_negative"] == 1
    assert values["assessed"]["predictive"]["default"].keys() == {"prevalence", "ppv", "npv"}
    assert [error["image_id"] for error in values["worst"]] == ["22", "46"]
    described = (DOCS / "files.md").read_text(encoding="utf-8")
    for table in ("images.csv", "examinations.csv", "decision.csv"):
        columns = pd.read_csv(out / table).columns
        assert f"| `{table}` | {', '.join(f'`{name}`' for name in columns)} |" in described


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"metadata": {}}, ModelCode.NO_CARD),
        ({"without": "heat_map"}, ModelCode.WRONG_OUTPUTS),
        ({"nan_above": 0.0}, ModelCode.OTHER_ANSWER),
    ],
)
def test_a_model_that_is_not_ours_is_refused_as_the_program_refuses_it(
    broken: dict[str, Any],
    code: ModelCode,
    tmp_path: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", **{"recipe": WHOLE, **broken})
    with pytest.raises(SessionError) as caught:
        Session.open(path)
    assert caught.value.message.code is code
    assert main(["evaluate", str(path), str(data), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith(f"{caught.value}\n")
    assert not (tmp_path / "out").exists()


def test_a_set_of_which_nothing_is_assessable_is_refused_with_the_reason(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, novelty_cut=1e-6)
    for image in read_labels(data):
        PilImage.new("L", (SIZE, SIZE)).save(image.path)
    assert main(["evaluate", str(path), str(data), "--out", str(tmp_path / "out")]) == 2
    assert "48 blank" in capsys.readouterr().err


def test_evaluation_gives_exactly_what_the_program_gives(tmp_path: Path, data: Path) -> None:
    """Every number and every refusal, of the same folder: blank, by header, novel, damaged, NaN."""
    folder = data / "images"
    PilImage.new("L", (SIZE, SIZE), 90).save(folder / "blank.png")
    save(ct(Modality="MR"), folder / "mr.dcm")
    save(ct(), folder / "ct.dcm")
    (folder / "damaged.png").write_bytes((folder / "1.png").read_bytes()[:60])
    (folder / "note.txt").write_text("nothing to see", encoding="utf-8")
    session = Session.open(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, nan_above=165.0), "cpu")
    with Sandbox(workers=1) as sandbox:
        run = Run([folder], sandbox)
        assert len(list(run.read_headers())) == len(list(folder.iterdir()))
        run.group()
        assert list(run.score(session))
        shown = [each for each in run.images if isinstance(each, ImageResult)]
    assert len(shown) == len(run.images)
    evaluated = list(assess_files([each.path for each in shown], session))
    assert [_told(each) for each in evaluated] == [_told(each) for each in shown]
    codes = {problem.code for each in shown for problem in each.problems}
    assert codes >= {
        Code.BLANK,
        Code.WRONG_MODALITY,
        Code.NOT_ASSESSABLE,
        Code.CLASSIFIER_FAILED,
    }


def _told(result: ImageResult) -> tuple[object, ...]:
    """All but the time, the thumbnail and the pixels."""
    numbers = (result.probability, result.logit, str(result.novelty))
    return (result.path, result.status, result.problems, *numbers, result.sha256, result.provider)


def test_the_table_of_images_has_every_image_with_number_or_reason(
    tmp_path: Path, data: Path
) -> None:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    assert main(["evaluate", str(model), str(data), "--out", str(tmp_path / "out")]) == 0
    table = pd.read_csv(tmp_path / "out" / "images.csv", dtype={"image_id": str})
    assert table["image_id"].tolist() == [str(n) for n in range(48)]
    known = table["probability"].notna()
    assert table["image_id"][~known].tolist() == ["23", "47"]
    assert set(table["status_reason"][~known]) == {"not_assessable"}
    assert ((table["probability"] >= 0.5) == table["prediction"])[known].all()


def test_other_mistakes_are_sentences_too(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.onnx"
    text.write_text("no model", encoding="utf-8")
    out = ["--out", str(tmp_path / "out")]
    assert main(["evaluate", str(text), str(data), *out]) == 2
    assert str(text) in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "none.onnx"), str(data), *out]) == 2
    assert str(tmp_path / "none.onnx") in capsys.readouterr().err
    assert main(["evaluate", str(text), str(data), "--out", str(data / "report")]) == 2
    assert "FOLDER must lie outside DATA" in capsys.readouterr().err
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    table = data / "labels.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",0,g", ",1,g"), encoding="utf-8")
    assert main(["evaluate", str(model), str(data), *out]) == 2
    assert "All images have the same label" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "1", "-0.1", "5", "ten"])
def test_a_prevalence_lies_between_none_and_all(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["m", "d", "--out", "o", "--prevalence", text])
    assert f"{text} is no prevalence between 0 and 1" in capsys.readouterr().err
