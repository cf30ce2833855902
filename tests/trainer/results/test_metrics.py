"""Numbers that can be worked out by hand come out as by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from model.confusion import Confusion
from trainer.results.metrics import (
    auc,
    confusion_at_sensitivity,
    precision_recall,
    roc,
)

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([0.1, 0.4, 0.35, 0.8])


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


def test_curves_end_where_they_must() -> None:
    line = roc(LABELS, SCORES)
    assert (line.x[0], line.y[0], line.x[-1], line.y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(line.y, line.x) == 0.75
    assert precision_recall(LABELS, SCORES).y[0] == 0.5


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


def test_no_threshold_has_a_sensitivity_without_positives() -> None:
    with pytest.raises(ValueError, match="without positives"):
        confusion_at_sensitivity(np.zeros(3, dtype=np.int64), np.arange(3.0), 90)
