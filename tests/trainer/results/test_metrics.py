"""Numbers that can be worked out by hand come out as by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from model.card import Confusion
from trainer.results.metrics import (
    accuracy,
    auc,
    confusion_at,
    confusion_at_sensitivity,
    decision,
    decision_all,
    precision_recall,
    predictive_values,
    prevalence,
    roc,
    sensitivity,
    specificity,
    wilson,
)

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([0.1, 0.4, 0.35, 0.8])


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(38, 40, 0.835, 0.986), (40, 40, 0.912, 1.0), (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)],
)
def test_wilson_is_wilsons(count: int, total: int, low: float, high: float) -> None:
    interval = wilson(count, total)
    assert interval.value == count / total
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-4)


def test_nothing_seen_says_nothing() -> None:
    interval = wilson(0, 0)
    assert np.isnan(interval.value)
    assert (interval.low, interval.high) == (0.0, 1.0)


def test_auc_counts_pairs_and_half_of_ties() -> None:
    assert auc(LABELS, SCORES) == 0.75
    assert auc(LABELS, np.zeros(4)) == 0.5
    assert auc(LABELS, LABELS.astype(float)) == 1.0


def test_auc_agrees_with_sklearn() -> None:
    random = np.random.default_rng(0)
    labels, scores = random.integers(0, 2, 300), random.integers(0, 20, 300).astype(float)
    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)


def test_auc_of_one_class_is_no_number() -> None:
    assert np.isnan(auc(np.ones(3, dtype=np.int64), np.arange(3.0)))


def test_confusion_calls_the_threshold_itself_positive() -> None:
    counts = confusion_at(LABELS, SCORES, 0.4, "note")
    assert counts == Confusion(1, 1, 1, 1, "note")


def test_shares_of_a_confusion() -> None:
    counts = Confusion(true_positive=9, false_positive=4, true_negative=6, false_negative=1)
    assert sensitivity(counts) == wilson(9, 10)
    assert specificity(counts) == wilson(6, 10)
    assert accuracy(counts) == wilson(15, 20)


def test_curves_end_where_they_must() -> None:
    line = roc(LABELS, SCORES)
    assert (line.x[0], line.y[0], line.x[-1], line.y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(line.y, line.x) == 0.75
    assert precision_recall(LABELS, SCORES).y[0] == 0.5


def test_net_benefit_is_vickers() -> None:
    line = decision(LABELS, SCORES)
    at = {round(x, 2): y for x, y in zip(line.x, line.y, strict=True)}
    assert at[0.2] == pytest.approx((2 - 1 * 0.25) / 4)
    assert at[0.5] == pytest.approx(1 / 4)
    assert decision_all(LABELS).y[49] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("per_cent", "counts"),
    [
        (100, Confusion(10, 3, 2, 0)),
        (90, Confusion(9, 2, 3, 1)),
        (85, Confusion(9, 2, 3, 1)),
        (10, Confusion(1, 0, 5, 9)),
    ],
)
def test_a_wanted_sensitivity_is_reached_at_the_highest_threshold(
    per_cent: int, counts: Confusion
) -> None:
    labels = np.array([1] * 10 + [0] * 5)
    scores = np.array([*range(1, 11), 0, 0.5, 1.5, 2.5, 9.5], dtype=float)
    assert confusion_at_sensitivity(labels, scores, per_cent) == counts


@pytest.mark.parametrize(
    ("counts", "share", "ppv", "npv"),
    [
        (Confusion(9, 2, 8, 1), 0.5, 9 / 11, 8 / 9),
        (Confusion(9, 2, 8, 1), 0.1, 0.09 / (0.09 + 0.18), 0.72 / (0.72 + 0.01)),
        (Confusion(0, 0, 10, 10), 0.5, math.nan, 0.5),
        (Confusion(10, 10, 0, 0), 0.2, 0.2, math.nan),
    ],
    ids=["even", "rare", "none called", "all called"],
)
def test_predictive_values_follow_bayes(
    counts: Confusion, share: float, ppv: float, npv: float
) -> None:
    found = predictive_values(counts, share)
    assert (found.ppv.value, found.npv.value) == pytest.approx((ppv, npv), nan_ok=True)


def test_the_limits_of_predictive_values_err_the_same_way() -> None:
    found = predictive_values(Confusion(9, 2, 8, 1), 0.1)
    sensitive, specific = wilson(9, 10).low, wilson(8, 10).low
    called = sensitive * 0.1 + (1 - specific) * 0.9
    assert found.ppv.low == pytest.approx(sensitive * 0.1 / called)
    assert found.npv.low == pytest.approx(specific * 0.9 / (1 - called))
    assert found.npv.low < found.npv.value < found.npv.high


def test_prevalence_is_the_share_of_positives() -> None:
    assert prevalence(Confusion(3, 4, 5, 1)).value == 4 / 13


def test_no_threshold_has_a_sensitivity_without_positives() -> None:
    with pytest.raises(ValueError, match="without positives"):
        confusion_at_sensitivity(np.zeros(3, dtype=np.int64), np.arange(3.0), 90)
