"""Slices in an external validation: each as the program gives it, alone and in context."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imaging.files.natural_order import name_key
from tests.trainer.reports.test_examinations import evaluated
from tests.trainer.reports.test_examinations import folder as folder
from trainer.data.labels import read_labels
from trainer.reports import chapters, examinations, external, slices
from trainer.reports.document import to_markdown


def test_slices_have_the_score_in_context_that_the_program_gives(folder: Path) -> None:
    assessed = evaluated(folder)
    scores = examinations.in_context(assessed)
    head = assessed.model.card.series_head
    assert head is not None
    for group in {image.group for image in assessed.images}:
        part = [at for at, image in enumerate(assessed.images) if image.group == group]
        part.sort(key=lambda at: name_key(assessed.images[at].image_id))
        expected = head.in_context([assessed.results[at].logit for at in part])
        given = [None if np.isnan(scores[at]) else scores[at] for at in part]
        assert given == [None if each is None else pytest.approx(each) for each in expected]
    figures = slices.figures(assessed, scores)
    rows = to_markdown("", slices.chapter(figures))
    assert "| hospital, alone | 119 (24 +) | 12 |" in rows
    assert "| hospital, in context | 119 (24 +) | 12 |" in rows
    found = slices.numbers(assessed.model.card, figures)
    assert head.context is not None
    assert found["thresholds"]["in context"] == head.context.point.threshold
    for how, told in found["figures"]["hospital"].items():
        kept = figures["hospital"][how]
        assert (told["slices"], told["positives"], told["examinations"]) == (119, 24, 12)
        assert told["sensitivity"]["total"] == 24
        assert f"| hospital, {how} | 119 (24 +) | 12 | {chapters.number(kept.auc)} |" in rows
        assert [told["auc"]["low"], told["auc"]["high"]] == [kept.auc.low, kept.auc.high]
        assert told["specificity"]["low"] == kept.specificity.low


def test_without_scores_in_context_there_is_no_chapter_of_them(folder: Path) -> None:
    assessed = external.assess(
        external.open_model(folder / "tiny.onnx"), read_labels(folder / "hospital")
    )
    scores = examinations.in_context(assessed)
    assert np.isnan(scores).all()
    figures = slices.figures(assessed, scores)
    assert slices.chapter(figures) == []
    assert slices.numbers(assessed.model.card, figures) == {}
