"""Counts, rates and predictive values that can be worked out by hand come out as by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.confusion import Confusion, confusion_at, predictive_values
from model.proportion import Proportion

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([0.1, 0.4, 0.35, 0.8])


def test_an_image_at_the_threshold_is_above_it() -> None:
    counts = confusion_at(LABELS, SCORES, 0.4, "note")
    assert counts == Confusion(1, 1, 1, 1, "note")


def test_shares_of_a_confusion() -> None:
    counts = Confusion(true_positive=9, false_positive=4, true_negative=6, false_negative=1)
    assert counts.sensitivity == Proportion.of(9, 10)
    assert counts.specificity == Proportion.of(6, 10)
    assert counts.accuracy == Proportion.of(15, 20)


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
    assert (found.false_discovery is None, found.false_omission is None) == (
        math.isnan(ppv),
        math.isnan(npv),
    )


def test_the_limits_of_predictive_values_err_the_same_way() -> None:
    found = predictive_values(Confusion(9, 2, 8, 1), 0.1)
    sensitive, specific = Proportion.of(9, 10).low, Proportion.of(8, 10).low
    called = sensitive * 0.1 + (1 - specific) * 0.9
    assert found.ppv.low == pytest.approx(sensitive * 0.1 / called)
    assert found.npv.low == pytest.approx(specific * 0.9 / (1 - called))
    assert found.npv.low < found.npv.value < found.npv.high


def test_prevalence_is_the_share_of_positives() -> None:
    assert Confusion(3, 4, 5, 1).prevalence.value == 4 / 13


def test_what_is_wrong_of_both_results_is_what_predictive_values_leave() -> None:
    found = predictive_values(Confusion(90, 20, 80, 10), 0.1)
    assert found.false_discovery is not None
    assert found.false_omission is not None
    # At both lower Wilson limits, 82.6 % and 71.1 %, and at both upper ones, 94.5 % and 86.7 %.
    discovery = (found.false_discovery.low, found.false_discovery.high)
    omission = (found.false_omission.low, found.false_omission.high)
    assert discovery == pytest.approx((0.560, 0.759), abs=1e-3)
    assert omission == pytest.approx((0.0070, 0.0265), abs=1e-3)


@pytest.mark.parametrize("counts", [Confusion(10, 0, 0, 2), Confusion(0, 3, 4, 0)])
def test_without_images_of_both_kinds_nothing_is_predicted(counts: Confusion) -> None:
    found = predictive_values(counts, 0.5)
    assert (found.false_discovery, found.false_omission) == (None, None)


@pytest.mark.parametrize("prevalence", [-0.1, 1.1, float("nan")])
def test_a_prevalence_is_a_share(prevalence: float) -> None:
    with pytest.raises(ValueError, match="prevalence"):
        predictive_values(Confusion(1, 1, 1, 1), prevalence)


@pytest.mark.parametrize("prevalence", [0.0, 1.0])
def test_the_ends_are_shares_too(prevalence: float) -> None:
    assert predictive_values(Confusion(9, 2, 8, 1), prevalence).ppv.value == prevalence
