"""Scores in context learnt from what networks trained alike gave: into the card, nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.make.hospital import hospital
from tests.make.series_head import HEAD
from tests.make.tiny_model import WHOLE, tiny_model
from trainer.__main__ import main
from trainer.data.labels import read_labels
from trainer.heads import context
from trainer.reports import external
from trainer.results import slice_fit
from trainer.results.series_fit import ScoredImage, examinations

TEMPERATURE, INTERCEPT = 2.0, 0.5


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return hospital(tmp_path / "hospital")


def model_with(path: Path, **changes: Any) -> Path:
    values: dict[str, Any] = {
        "temperature": TEMPERATURE,
        "intercept": INTERCEPT,
        "series_head": HEAD,
    }
    return tiny_model(path, recipe=WHOLE, **{**values, **changes})


def table(path: Path, data: Path, rows: dict[str, str] | None = None) -> Path:
    """Log-odds of a network that finds most bleeds; ``rows``: others for images by their ids."""
    random = np.random.default_rng(0)
    lines = ["source,image_id,fold,logit"]
    for image in read_labels(data):
        logit = f"{4.0 * image.label - 3.0 + random.normal(0.0, 1.0):.4f}"
        lines.append(f"hospital,{image.image_id},1,{(rows or {}).get(image.image_id, logit)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def asked(model: Path, data: Path, logits: Path, out: Path, *more: str | Path) -> list[str]:
    every = ["context", model, data, "--logits", logits, "--out", out, *more]
    return [str(each) for each in every]


def test_the_card_has_the_score_and_says_whose_evidence_it_is(tmp_path: Path, data: Path) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    after, out = tmp_path / "after.onnx", tmp_path / "out"
    assert main(asked(model, data, logits, out, "--model-out", after)) == 0
    card = external.open_model(after).card
    assert card.series_head is not None
    made = card.series_head.context
    assert made is not None
    assert made.evidence.by_networks_alike
    assert made.evidence.sources == ("hospital",) * 12
    assert made.evidence.n_examinations == 12
    assert len(HEAD.evidence.labels) == 4  # of others, and left as it was
    assert replace(card.series_head, context=None) == HEAD
    assert replace(card, series_head=HEAD) == external.open_model(model).card
    summary = (out / "summary.md").read_text("utf-8")
    assert context.TOLD in summary
    assert "| hospital, in context | 120 (24 +) | 12 |" in summary
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    assert metrics["slices/specificity_90"] == made.point.threshold


def test_nothing_else_of_the_file_changes(tmp_path: Path, data: Path) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    after = tmp_path / "after.onnx"
    assert main(asked(model, data, logits, tmp_path / "out", "--model-out", after)) == 0
    one, other = onnx.load(model), onnx.load(after)
    assert one.graph.SerializeToString(deterministic=True) == other.graph.SerializeToString(
        deterministic=True
    )


def test_log_odds_are_put_on_the_scale_of_the_file(tmp_path: Path, data: Path) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    after = tmp_path / "after.onnx"
    assert main(asked(model, data, logits, tmp_path / "out", "--model-out", after)) == 0
    told = context.read_logits(logits)
    bare = [
        ScoredImage(
            image.image_id,
            image.source,
            image.group,
            image.label,
            ((told["hospital", image.image_id] or 0.0) - INTERCEPT) * TEMPERATURE,
        )
        for image in read_labels(data)
    ]
    found = examinations(bare, HEAD.least)
    card = external.open_model(after).card
    assert card.series_head == slice_fit.with_context_of_others(HEAD, found)


def test_another_file_of_the_network_keeps_its_head_and_gets_the_score_matched(
    tmp_path: Path, data: Path
) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    own = replace(HEAD, bias=0.25, measured_with="fp16")
    other = model_with(tmp_path / "o.onnx", precision="int8", series_head=own)
    files = [tmp_path / "after.onnx", tmp_path / "other.onnx"]
    more = ("--model-out", files[0], "--also", other, files[1])
    assert main(asked(model, data, logits, tmp_path / "out", *more)) == 0
    full, small = (external.open_model(path).card.series_head for path in files)
    assert full is not None
    assert small is not None
    assert replace(small, context=None) == own
    assert small.context == full.context  # the graphs are the same: nothing moved


def test_the_card_names_the_source_as_it_is_told_to(tmp_path: Path, data: Path) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    after = tmp_path / "after.onnx"
    more = ("--model-out", after, "--source", "A, there")
    assert main(asked(model, data, logits, tmp_path / "out", *more)) == 0
    card = external.open_model(after).card
    assert card.series_head is not None
    assert card.series_head.context is not None
    assert card.series_head.context.evidence.sources == ("A, there",) * 12


def test_what_is_not_assessable_teaches_nothing(tmp_path: Path, data: Path) -> None:
    model = model_with(tmp_path / "m.onnx")
    logits = table(tmp_path / "logits.csv", data, {"P3_S4": ""})
    assert main(asked(model, data, logits, tmp_path / "out")) == 0
    summary = (tmp_path / "out" / "summary.md").read_text("utf-8")
    assert "| hospital, in context | 119 (23 +) | 12 |" in summary


@pytest.mark.parametrize("value", ["much", "nan", "inf", "1e999"])
def test_values_that_are_no_numbers_are_a_sentence(
    tmp_path: Path, data: Path, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_with(tmp_path / "m.onnx")
    logits = table(tmp_path / "logits.csv", data, {"P3_S4": value})
    assert main(asked(model, data, logits, tmp_path / "out")) == 2
    assert "logits.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_images_of_table_and_folder_are_the_same(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, logits = model_with(tmp_path / "m.onnx"), table(tmp_path / "logits.csv", data)
    *lines, last = logits.read_text("utf-8").splitlines()
    for rows, told in (
        (lines, "differ in 1 images"),
        ([*lines, last, "elsewhere,X,1,0.5"], "differ in 1 images"),
        ([*lines, last, last], "has an image twice"),
        (["image_id,logit", "a,0.5"], "no table of source, image_id, logit"),
    ):
        logits.write_text("\n".join(rows), encoding="utf-8")
        assert main(asked(model, data, logits, tmp_path / "out")) == 2
        assert told in capsys.readouterr().err


def test_a_model_without_a_series_head_is_refused(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_with(tmp_path / "m.onnx", series_head=None)
    logits = table(tmp_path / "logits.csv", data)
    assert main(asked(model, data, logits, tmp_path / "out")) == 2
    assert "no series head" in capsys.readouterr().err
