"""Whole examinations through the command that fits a series head."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from imaging import json_values
from model.card import HASH_DIGITS, LEARNT, TEST
from model.series_head import SeriesHead
from tests.make.hospital import hospital
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.__main__ import main
from trainer.arguments import ArgumentsError
from trainer.data.labels import LabelledImage, read_labels
from trainer.data.provenance import sha256_of
from trainer.heads import series
from trainer.reports import external
from trainer.results.series_fit import ScoredImage, examinations


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return hospital(tmp_path / "hospital")


def fitted(tmp_path: Path, data: Path) -> int:
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    return main(["series", str(model), str(data), "--out", str(tmp_path / "out")])


def scored(
    model: external.ExportedModel, images: Sequence[LabelledImage], path: Path
) -> list[ScoredImage]:
    return series.scores_of(model, images, [sha256_of(image.path) for image in images], path)


def test_the_command_writes_a_head_and_a_report(tmp_path: Path, data: Path) -> None:
    assert fitted(tmp_path, data) == 0
    head = json_values.read(
        SeriesHead, json.loads((tmp_path / "out" / series.HEAD).read_text("utf-8"))
    )
    assert (head.probability([-4.0] * 10) or 0.0) < head.threshold()
    assert (head.probability([-4.0] * 4 + [1.5] * 4 + [-4.0] * 4) or 0.0) > head.threshold()
    assert sorted(head.evidence.labels) == [0] * 6 + [1] * 6
    summary = (tmp_path / "out" / "summary.md").read_text("utf-8")
    assert "| hospital | 12 (6 +) |" in summary
    assert "6/6" in summary
    assert "each probability is that of a head of the other folds." in summary
    assert head.context is not None
    assert head.context.evidence.n_examinations == 12
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text("utf-8"))
    assert metrics["slices/specificity_90"] == head.context.point.threshold
    assert metrics["calibration"]["hospital"]["examinations"] == 12


def test_a_network_that_has_learnt_from_the_images_is_told_of(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hashes = [sha256_of(image.path)[:HASH_DIGITS] for image in read_labels(data)]
    used = {LEARNT: "".join(sorted(set(hashes))[:3]), TEST: hashes[-1]}
    learnt = sum(each in sorted(set(hashes))[:3] for each in hashes)
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, used=used)
    assert main(["series", str(model), str(data), "--out", str(tmp_path / "out")]) == 0
    told = f"The network has learnt from {learnt} of these {len(hashes)} images"
    assert f"WARNING: {told}" in capsys.readouterr().out
    assert told in (tmp_path / "out" / "summary.md").read_text("utf-8")
    plain = external.open_model(tiny_model(tmp_path / "plain.onnx", recipe=WHOLE)).card
    assert series.learnt_from(plain, hashes) == ""


def test_no_model_is_written_with_evidence_that_it_has_learnt_from(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = sha256_of(read_labels(data)[0].path)[:HASH_DIGITS]
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE, used={LEARNT: first})
    out, whole = tmp_path / "out", tmp_path / "whole.onnx"
    arguments = ["series", str(model), str(data), "--out", str(out), "--model-out", str(whole)]
    assert main(arguments) == 2
    assert "No model is written. The network has learnt from " in capsys.readouterr().err
    assert not whole.exists()
    assert not out.exists()


def test_examinations_of_a_folder_where_all_bleed_are_left_out(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = hospital(tmp_path / "away")
    lines = (away / "labels.csv").read_text("utf-8").splitlines()
    bleeding = [line for line in lines[1:] if int(line.split(",")[2]) % 2]
    (away / "labels.csv").write_text("\n".join([lines[0], *bleeding]), encoding="utf-8")
    for clean in lines[1:]:
        if clean not in bleeding:
            (away / "images" / f"{clean.split(',')[0]}.png").unlink()
    model = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE)
    assert main(["series", str(model), str(data), str(away), "--out", str(tmp_path / "out")]) == 0
    assert "Left out: 6 examinations of folders with one label alone." in capsys.readouterr().out
    text = (tmp_path / "out" / series.HEAD).read_text("utf-8")
    assert set(json_values.read(SeriesHead, json.loads(text)).evidence.sources) == {"hospital"}


def test_the_head_goes_into_the_models_card(tmp_path: Path, data: Path) -> None:
    model, out = tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE), tmp_path / "out"
    whole = tmp_path / "whole.onnx"
    arguments = ["series", str(model), str(data), "--out", str(out), "--model-out", str(whole)]
    assert main(arguments) == 0
    before, after = external.open_model(model), external.open_model(whole)
    written = json.loads((out / series.HEAD).read_text("utf-8"))
    assert after.card.series_head == json_values.read(SeriesHead, written)
    assert replace(after.card, series_head=None) == before.card


def test_what_is_blank_has_no_logit(tmp_path: Path, data: Path) -> None:
    assert fitted(tmp_path, data) == 0
    lines = (tmp_path / "out" / series.SCORES).read_text("utf-8").splitlines()
    refused = [line.split(",") for line in lines[2:] if line.split(",")[5] == "1"]
    assert [line[:6] for line in refused] == [["P0_S9", "hospital", "0", "0", "", "1"]]
    assert "| hospital, in context | 119 (24 +) | 12 |" in (
        tmp_path / "out" / "summary.md"
    ).read_text("utf-8")


def test_what_cannot_be_read_ends_the_command_with_its_name(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "images" / "P3_S3.png").write_bytes(b"no image")
    assert fitted(tmp_path, data) == 2
    assert "P3_S3.png: " in capsys.readouterr().err


def test_scores_that_are_there_are_not_computed_again(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fitted(tmp_path, data) == 0
    assert "120 of 120 images assessed." in capsys.readouterr().out
    assert fitted(tmp_path, data) == 0
    assert "images assessed" not in capsys.readouterr().out


def test_only_logits_are_kept_and_only_for_the_content_of_a_file(
    tmp_path: Path, data: Path
) -> None:
    """The table of labels was corrected since, and one image written over by another."""
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    path, images = tmp_path / series.SCORES, read_labels(data)[:12]
    first = scored(model, images, path)
    images[0].path.write_bytes(images[3].path.read_bytes())
    today = [replace(i, label=1 - i.label, group=f"new {i.group}") for i in images]
    second = scored(model, today, path)
    assert [(each.label, each.group) for each in second] == [(i.label, i.group) for i in today]
    logits = [each.logit for each in first]
    assert logits[0] != logits[3]
    assert [each.logit for each in second] == [logits[3], *logits[1:]]


def test_kept_scores_that_are_damaged_are_a_sentence(tmp_path: Path, data: Path) -> None:
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    path, images = tmp_path / series.SCORES, read_labels(data)[:3]
    scored(model, images, path)
    *lines, last = path.read_text("utf-8").splitlines()
    for damaged in (last.replace(last.split(",")[4], "much"), last[:8]):
        path.write_text("\n".join([*lines, damaged]), "utf-8")
        with pytest.raises(ArgumentsError, match=r"scores\.csv is damaged; delete it\."):
            scored(model, images, path)


def test_scores_without_hashes_are_those_of_an_earlier_version_and_asked_anew(
    tmp_path: Path, data: Path
) -> None:
    model = external.open_model(tiny_model(tmp_path / "tiny.onnx", recipe=WHOLE))
    path, images = tmp_path / series.SCORES, read_labels(data)[:1]
    rows = ["image_id,source,group,label,logit,refused", "P0_S0,hospital,0,0,7.5,0"]
    path.write_text("\n".join([f"# {model.sha256}", *rows]), "utf-8")
    assert scored(model, images, path)[0].logit != 7.5


def test_another_models_scores_are_refused(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / series.SCORES).write_text("# another\n", encoding="utf-8")
    assert fitted(tmp_path, data) == 2
    assert "another model's scores" in capsys.readouterr().err


def test_images_are_in_their_natural_order_and_few_are_no_examination() -> None:
    scored = [
        ScoredImage(f"S{n}", "here", "one", 0, None if n == 2 else float(n)) for n in (10, 9, 2, 1)
    ]
    scored.append(ScoredImage("S3", "here", "two", 1, 5.0))
    [found] = examinations(scored, fewest=3)
    assert found.logits == (1.0, None, 9.0, 10.0)
