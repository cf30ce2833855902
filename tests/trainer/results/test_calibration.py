"""A temperature and a calibration line undo what was done to honest probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.results.calibration import (
    HOTTEST,
    brier,
    calibration_line,
    expected_error,
    fit_temperature,
    probabilities,
    reliability,
    sigmoid,
)
from trainer.results.metrics import Labels, Scores


def honest(count: int = 4000, seed: int = 0) -> tuple[Labels, Scores]:
    """Labels that are drawn from the probabilities of their logits."""
    random = np.random.default_rng(seed)
    logits = 2.0 * random.normal(size=count)
    return (random.random(count) < sigmoid(logits)).astype(np.int64), logits


def test_sigmoid_neither_overflows_nor_loses_its_ends() -> None:
    assert sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_factor(factor: float) -> None:
    labels, logits = honest()
    assert fit_temperature(labels, factor * logits) == pytest.approx(factor, rel=0.06)


def test_the_temperature_has_the_least_loss() -> None:
    labels, logits = honest(300)
    best = fit_temperature(labels, 2 * logits)

    def loss(temperature: float) -> float:
        given = probabilities(2 * logits, temperature)
        return float(-np.mean(np.log(np.where(labels == 1, given, 1 - given))))

    assert loss(best) < min(loss(best * 1.02), loss(best / 1.02))


def test_scores_that_point_the_wrong_way_get_the_highest_temperature() -> None:
    labels, logits = honest()
    assert fit_temperature(labels, -logits) == HOTTEST


def test_classes_wholly_apart_keep_their_temperature() -> None:
    labels, logits = np.array([0, 0, 1, 1]), np.array([-2.0, -1.0, 1.0, 2.0])
    assert fit_temperature(labels, logits) == 1.0
    assert np.isnan(calibration_line(labels, logits).slope)


def test_the_line_finds_slope_and_intercept() -> None:
    labels, logits = honest()
    line = calibration_line(labels, 2 * logits + 1)
    assert line.slope == pytest.approx(0.5, abs=0.03)
    assert line.intercept == pytest.approx(-0.5, abs=0.1)


def test_brier_is_a_mean_square() -> None:
    assert brier(np.array([1, 0]), np.array([0.8, 0.4])) == pytest.approx(0.1)


def test_bins_hold_every_scan_once() -> None:
    labels, logits = honest(500)
    bins = reliability(labels, sigmoid(logits))
    assert sum(group.count for group in bins) == 500
    assert sum(group.positives for group in bins) == labels.sum()
    assert all(group.observed.low <= group.observed.value <= group.observed.high for group in bins)


def test_certainty_has_its_bin() -> None:
    (only,) = reliability(np.array([1, 1]), np.array([1.0, 1.0]))
    assert (only.probability, only.count, only.positives) == (1.0, 2, 2)


def test_the_floor_is_what_honest_probabilities_get() -> None:
    errors = [
        expected_error(labels, sigmoid(logits), simulations=200)
        for labels, logits in (honest(40, seed) for seed in range(60))
    ]
    mean = float(np.mean([error.value for error in errors]))
    assert mean == pytest.approx(float(np.mean([error.floor for error in errors])), abs=0.02)
    assert mean > 0.08


def test_overconfidence_stands_above_the_floor() -> None:
    labels, logits = honest()
    error = expected_error(labels, sigmoid(4 * logits))
    assert error.value > 2 * error.floor_high
