"""Calibration of series: known slopes and shares come out, and few examinations are called few."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.probability import sigmoid
from trainer.results.series_calibration import FEW, SeriesCalibration, series_calibration


def found(sharper: float, shift: float, count: int = 4000) -> SeriesCalibration:
    """Of drawn examinations whose given logits are ``sharper`` times the true ones, and shifted."""
    random = np.random.default_rng(5)
    true = random.normal(-0.5, 1.5, count)
    labels = (random.random(count) < sigmoid(true)).astype(np.int64)
    given = sigmoid(sharper * true + shift)
    return series_calibration(labels, given, [str(number) for number in range(count)])


def test_a_perfect_head_has_slope_1_and_intercept_0() -> None:
    line = found(1.0, 0.0).line
    assert line.slope.value == pytest.approx(1.0, abs=0.12)
    assert line.intercept.value == pytest.approx(0.0, abs=0.12)  # three standard errors
    assert line.slope.high - line.slope.low < 0.15


def test_an_overconfident_and_too_high_head_is_told_by_both() -> None:
    line = found(2.0, 1.0).line
    assert line.slope.value == pytest.approx(0.5, abs=0.05)
    assert line.intercept.high < -0.5


def test_brier_stands_beside_that_of_the_share_alone() -> None:
    labels = np.array([1] * 10 + [0] * 30)
    given = np.where(labels == 1, 0.6, 0.3)
    given[:2], given[-2:] = 0.2, 0.7  # or the classes would be apart
    one = series_calibration(labels, given, [str(number) for number in range(40)])
    assert one.brier.value == pytest.approx((8 * 0.16 + 2 * 0.64 + 28 * 0.09 + 2 * 0.49) / 40)
    assert one.brier.low < one.brier.value < one.brier.high
    assert one.brier_of_share == pytest.approx(0.25 * 0.75)
    assert one.expected_intercept == pytest.approx(math.log(10 / 30))
    assert (one.examinations, one.positives) == (40, 10)


@pytest.mark.parametrize(("patients", "told"), [(9, False), (10, True)])
def test_no_ci_below_ten_patients_of_a_class(patients: int, told: bool) -> None:
    """Forty examinations with the finding, of so many patients."""
    labels = np.array([1] * 40 + [0] * 40)
    given = np.tile(np.linspace(0.1, 0.9, 40), 2)
    groups = [f"p{number % patients}" for number in range(40)] + [f"n{n}" for n in range(40)]
    one = series_calibration(labels, given, groups)
    for figure in (one.brier, one.line.slope, one.line.intercept):
        assert math.isfinite(figure.value)
        assert math.isfinite(figure.low) == math.isfinite(figure.high) == told


@pytest.mark.parametrize(("positives", "few"), [(FEW - 1, True), (FEW, False)])
def test_fewer_than_a_hundred_of_a_class_are_few(positives: int, few: bool) -> None:
    labels = np.array([1] * positives + [0] * 200)
    given = np.linspace(0.2, 0.8, len(labels))[::-1]
    assert series_calibration(labels, given, [str(n) for n in range(len(labels))]).are_few == few


def test_probabilities_of_0_and_1_and_one_class_are_no_fault() -> None:
    both = series_calibration(np.array([0, 1, 0, 1]), np.array([0.0, 1.0, 1.0, 0.0]), list("abcd"))
    assert math.isfinite(both.line.slope.value)
    assert both.brier.value == 0.5
    alone = series_calibration(np.array([0, 0]), np.array([0.1, 0.2]), list("ab"))
    assert math.isnan(alone.line.slope.value)
    assert math.isnan(alone.expected_intercept)
    assert alone.brier.value == pytest.approx(0.025)
