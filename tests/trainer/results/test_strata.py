"""Each value of a column has its own counts, and an AUC where there are enough."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.confusion import Confusion
from trainer.results.metrics import auc
from trainer.results.strata import Stratum, strata
from trainer.results.subgroups import TOO_FEW


def found(positives: int, negatives: int) -> Stratum:
    """So many of both, a patient for every two; one of each class is called wrongly."""
    labels = np.array([1] * positives + [0] * negatives)
    scores = np.where(labels == 1, 2.0, -2.0) + np.linspace(0, 1, len(labels))
    scores[0], scores[-1] = -5.0, 5.0
    groups = [f"p{n // 2}" for n in range(positives)] + [f"n{n // 2}" for n in range(negatives)]
    values = ["female"] * len(labels)
    (one,) = strata({"sex": values}, labels, scores, scores >= 0, groups)
    return one


@pytest.mark.parametrize(("negatives", "told"), [(TOO_FEW - 1, False), (TOO_FEW, True)])
def test_an_auc_needs_twenty_of_either_class(negatives: int, told: bool) -> None:
    one = found(30, negatives)
    assert (one.count, one.positives) == (30 + negatives, 30)
    assert one.groups == (15, 10)
    assert one.default == Confusion(29, 1, negatives - 1, 1)
    assert (one.auc is not None) == told
    if one.auc is not None:
        assert one.auc.low < one.auc.value < one.auc.high


def test_values_are_apart_and_in_order_and_each_counts_its_own() -> None:
    labels = np.array([1, 1, 0, 0] * 30)
    scores = np.random.default_rng(0).normal(labels, 1.0)
    values = ["65 and older", "under 18"] * 60
    groups = [str(n) for n in range(120)]
    young, old = strata({"age": values}, labels, scores, scores > 0.5, groups)
    assert (young.value, old.value) == ("under 18", "65 and older")
    for one, rows in ((young, slice(1, None, 2)), (old, slice(0, None, 2))):
        assert one.auc is not None
        assert one.auc.value == auc(labels[rows], scores[rows])
        hits = int(((scores > 0.5) & (labels == 1))[rows].sum())
        assert one.default.true_positive == hits


def test_what_has_no_score_counts_as_it_was_flagged_and_in_no_auc() -> None:
    labels = np.array([1] * 21 + [0] * 21)
    scores = np.where(labels == 1, 1.0, 0.0)
    scores[0] = scores[-1] = math.nan
    flagged = scores > 0.5
    (one,) = strata({"x": ["a"] * 42}, labels, scores, flagged, [str(n) for n in range(42)])
    assert one.default == Confusion(20, 0, 21, 1)
    assert one.auc is not None  # twenty of either class have a score
    scores[1] = math.nan
    (one,) = strata({"x": ["a"] * 42}, labels, scores, flagged, [str(n) for n in range(42)])
    assert one.auc is None
