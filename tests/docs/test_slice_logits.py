"""The table of out-of-fold logits in docs gives the score in context of the models that ship."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.card import INT8, ModelCard
from model.confusion import confusion_at
from model.probability import sigmoid
from model.proportion import Proportion
from model.repeat import REPEAT
from model.series_head import SeriesHead
from model.slice_context import SliceContext
from setup.pages import cards
from trainer.heads.context import read_logits
from trainer.results import bootstrap, series_fit, slice_fit
from trainer.results.series_fit import Examination, Shape

TABLE = Path(__file__).parents[2] / "docs" / "iraq-ct-ich-out-of-fold.csv"
PAGES = ("docs/results.md", "docs/model-card.md")


def context_of(card: ModelCard) -> tuple[SeriesHead, SliceContext]:
    assert card.series_head is not None
    assert card.series_head.context is not None
    return card.series_head, card.series_head.context


def full_card() -> ModelCard:
    [card] = [each for each in cards().values() if each.precision != INT8]
    return card


def examinations(card: ModelCard) -> list[Examination]:
    """By patient, with calibrated log-odds."""
    slices: dict[str, list[float]] = defaultdict(list)
    for (_, name), logit in read_logits(TABLE).items():
        assert logit is not None
        slices[str(int(name[1:4]))].append(logit)
    labels = iter(context_of(card)[1].evidence.labels)
    found = []
    for patient, logits in slices.items():
        own = tuple(next(labels) for _ in logits)
        found.append(Examination("CT-ICH, Iraq", patient, max(own), tuple(logits), own))
    return found


def log_odds(each: Examination) -> list[float]:
    return [logit for logit in each.logits if logit is not None]


def test_the_fit_can_be_repeated_without_the_images() -> None:
    """Labels are the card's, in the order of the table; the table itself has none."""
    card = full_card()
    head, context = context_of(card)
    found = [
        replace(each, logits=tuple((x - card.intercept) * card.temperature for x in log_odds(each)))
        for each in examinations(card)
    ]
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


LEFT_OUT = ("71", "77", "89")
"""The bleeding examinations that the three folds of the model that ships did not score."""


def test_pages_have_what_the_repeat_does_per_examination() -> None:
    card = full_card()
    found = [
        replace(each, logits=tuple(x * card.temperature for x in log_odds(each)))
        for each in examinations(card)
    ]
    fitted = series_fit.cross_validated(found, Shape())
    counts = confusion_at(fitted.labels, fitted.called.astype(float), 0.5)
    assert counts == REPEAT
    area = bootstrap.auc(fitted.labels, fitted.scores, [each.group for each in found])
    for name in PAGES:
        text = (TABLE.parents[1] / name).read_text("utf-8")
        assert told(counts.sensitivity) in text
        assert told(counts.specificity) in text
        assert f"{area.value:.3f} ({area.limits})" in text
    readme = (TABLE.parents[1] / "README.md").read_text("utf-8")
    assert str(counts.sensitivity) in readme
    assert str(counts.specificity) in readme
    first = [call for each, call in zip(found, fitted.called, strict=True) if each.label]
    kept = [each.group not in LEFT_OUT for each in found if each.label]
    same = Proportion.of(int(np.sum(np.array(first) & kept)), sum(kept))
    assert told(same) in (TABLE.parents[1] / PAGES[0]).read_text("utf-8")


def test_pages_have_what_the_repeat_does_at_the_default_threshold_of_images() -> None:
    card = full_card()
    found = examinations(card)
    labels = np.concatenate([each.labels for each in found])
    flagged = sigmoid(np.concatenate([log_odds(each) for each in found])) >= card.threshold
    patients = np.concatenate([[int(each.group)] * len(each.labels) for each in found])
    same = ~np.isin(patients, np.array(LEFT_OUT, dtype=np.int64))
    results, model_card = ((TABLE.parents[1] / name).read_text("utf-8") for name in PAGES)
    for part, right in (
        (labels == 1, flagged),
        (labels == 0, ~flagged),
    ):
        share = told(Proportion.of_groups(right[part], patients[part]), by="by patient ")
        assert share in results
        assert share in model_card
    of_same = (labels == 1) & same
    share = told(Proportion.of_groups(flagged[of_same], patients[of_same]), by="by patient ")
    assert share in results


def told(share: Proportion, by: str = "") -> str:
    """As pages give it: 10/16 = 62.5 % (38.6–81.5)."""
    counts = f"{share.count:,}/{share.total:,}"
    return f"{counts} = {100 * share.value:.1f} % ({by}{share.percent_limits})"
