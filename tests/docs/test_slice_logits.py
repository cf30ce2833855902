"""The table of out-of-fold logits in docs gives the score in context of the models that ship."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from model.card import INT8, ModelCard
from model.series_head import SeriesHead
from model.slice_context import SliceContext
from setup.pages import cards
from trainer.heads.context import read_logits
from trainer.results import slice_fit
from trainer.results.series_fit import Examination

TABLE = Path(__file__).parents[2] / "docs" / "iraq-ct-ich-out-of-fold.csv"
PAGES = ("docs/results.md", "docs/model-card.md")


def context_of(card: ModelCard) -> tuple[SeriesHead, SliceContext]:
    assert card.series_head is not None
    assert card.series_head.context is not None
    return card.series_head, card.series_head.context


def test_the_fit_can_be_repeated_without_the_images() -> None:
    """Labels are the card's, in the order of the table; the table itself has none."""
    [card] = [each for each in cards().values() if each.precision != INT8]
    head, context = context_of(card)
    slices: dict[str, list[float]] = defaultdict(list)
    for (_, name), logit in read_logits(TABLE).items():
        assert logit is not None
        slices[str(int(name[1:4]))].append((logit - card.intercept) * card.temperature)
    labels = iter(context.evidence.labels)
    found = []
    for patient, logits in slices.items():
        own = tuple(next(labels) for _ in logits)
        found.append(Examination("CT-ICH, Iraq", patient, max(own), tuple(logits), own))
    made = slice_fit.with_context_of_others(head, found).context
    assert made is not None
    assert made.evidence == context.evidence
    assert (made.weight, made.bias) == pytest.approx((context.weight, context.bias), rel=1e-6)
    assert made.point.threshold == pytest.approx(context.point.threshold, rel=1e-6)
    assert "label" not in TABLE.read_text("utf-8").splitlines()[0]


def test_both_files_say_that_the_evidence_is_of_networks_alike_and_of_39_examinations() -> None:
    full, small = (context_of(each)[1] for each in cards().values())
    assert full.evidence == small.evidence
    assert replace(full, bias=0.0) == replace(small, bias=0.0)
    assert full.evidence.by_networks_alike
    assert full.evidence.sources == ("CT-ICH, Iraq",) * 39


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_the_counts_of_the_score_in_context_and_whose_they_are(name: str) -> None:
    text = (TABLE.parents[1] / name).read_text("utf-8")
    for card in cards().values():
        evidence = context_of(card)[1].evidence
        for rate in (evidence.sensitivity, evidence.specificity):
            told = str(rate)
            low_high = told.split("CI ")[1].rstrip(")")
            percent = told.split(" (")[0]
            assert f"{rate.count:,}/{rate.total:,} = {percent} (by patient {low_high})" in text
    assert "networks trained like the one that ships" in text or "four other networks" in text
