from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from model.probability import UNCALIBRATED, Calibration, log_loss, percent, sigmoid


def test_sigmoid_neither_overflows_nor_loses_its_ends() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]


def test_a_calibration_divides_and_adds() -> None:
    logits = np.array([-2.0, 0.0, 3.0])
    calibration = Calibration(2.0, -0.5)
    assert calibration.logits(logits).tolist() == [-1.5, -0.5, 1.0]
    assert calibration.probabilities(logits) == pytest.approx(1 / (1 + np.exp([1.5, 0.5, -1.0])))
    assert UNCALIBRATED.logits(logits).tolist() == logits.tolist()


@pytest.mark.parametrize(
    ("temperature", "intercept"),
    [(0.0, 0.0), (-1.0, 0.0), (math.nan, 0.0), (math.inf, 0.0), (1.0, math.nan), (1.0, math.inf)],
)
def test_a_senseless_calibration_is_refused(temperature: float, intercept: float) -> None:
    with pytest.raises(ValueError, match=r"temperature|intercept"):
        Calibration(temperature, intercept)


def test_log_loss_of_no_opinion_is_the_logarithm_of_two() -> None:
    assert log_loss(np.array([0, 1]), np.zeros(2)) == pytest.approx(math.log(2))


def test_log_loss_is_the_mean_surprise() -> None:
    labels, logits = np.array([1, 0]), np.array([math.log(3), math.log(3)])
    assert log_loss(labels, logits) == pytest.approx(-(math.log(0.75) + math.log(0.25)) / 2)
    assert log_loss(np.array([1]), np.array([-1000.0])) == 1000.0


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        (None, ""),
        (0.0, "< 0.1 %"),
        (0.000499, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.9994, "99.9 %"),
        (0.9995, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_no_probability_is_rounded_to_0_or_100(probability: float | None, told: str) -> None:
    assert percent(probability) == told
