"""A calibration and a calibration line undo what was done to honest probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from model.probability import UNCALIBRATED, Calibration, Numbers, log_loss, sigmoid
from trainer.results.calibration import (
    FOLDS,
    HOTTEST,
    calibration_line,
    expected_error,
    fit_calibration,
    reliability,
)
from trainer.results.metrics import Labels


def honest(count: int = 4000, seed: int = 0) -> tuple[Labels, Numbers]:
    """Labels that are drawn from the probabilities of their logits."""
    random = np.random.default_rng(seed)
    logits = 2.0 * random.normal(size=count)
    return (random.random(count) < sigmoid(logits)).astype(np.int64), logits


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_factor(factor: float) -> None:
    labels, logits = honest()
    fit = fit_calibration(labels, factor * logits)
    assert fit.calibration.temperature == pytest.approx(factor, rel=0.06)


def test_an_intercept_is_taken_where_it_helps_and_the_losses_are_told() -> None:
    labels, logits = honest()
    fit = fit_calibration(labels, 2 * logits + 3)
    # (2 l + 3) / 2 - 1.5 = l
    assert fit.calibration.temperature == pytest.approx(2.0, rel=0.06)
    assert fit.calibration.intercept == pytest.approx(-1.5, abs=0.15)
    assert fit.loss_intercept < fit.loss_temperature - 0.1
    assert fit.loss_before == log_loss(labels, 2 * logits + 3)
    assert fit.loss_after == log_loss(labels, fit.calibration.logits(2 * logits + 3))
    assert fit.loss_after < fit.loss_before


def test_an_intercept_that_does_not_help_is_left_out() -> None:
    taken = 0
    for seed in range(20):
        labels, logits = honest(200, seed)
        fit = fit_calibration(labels, logits)
        assert (fit.calibration.intercept != 0) is (fit.loss_intercept < fit.loss_temperature)
        taken += fit.calibration.intercept != 0
    assert taken < 10


@pytest.mark.parametrize(("positives", "tried"), [(FOLDS - 1, False), (FOLDS, True)])
def test_an_intercept_is_tried_where_every_fold_has_both_classes(
    positives: int, tried: bool
) -> None:
    labels = np.array([1] * positives + [0] * 40)
    logits = np.random.default_rng(0).normal(size=len(labels))
    fit = fit_calibration(labels, logits)
    assert np.isfinite([fit.loss_intercept, fit.loss_temperature]).tolist() == [tried] * 2
    assert tried or fit.calibration.intercept == 0


def test_the_calibration_has_the_least_loss() -> None:
    labels, logits = honest(300)
    best = fit_calibration(labels, 2 * logits).calibration

    def loss(temperature: float, intercept: float) -> float:
        return log_loss(labels, Calibration(temperature, intercept).logits(2 * logits))

    least = loss(best.temperature, best.intercept)
    assert least < loss(best.temperature * 1.02, best.intercept)
    assert least < loss(best.temperature / 1.02, best.intercept)


def test_logits_that_point_the_wrong_way_get_the_highest_temperature() -> None:
    labels, logits = honest()
    assert fit_calibration(labels, -logits).calibration.temperature == HOTTEST


def test_classes_wholly_apart_are_not_calibrated() -> None:
    labels, logits = np.array([0, 0, 1, 1]), np.array([-2.0, -1.0, 1.0, 2.0])
    assert fit_calibration(labels, logits).calibration == UNCALIBRATED
    line = calibration_line(labels, logits)
    assert np.isnan([line.slope.value, line.intercept.value]).all()


def test_the_line_finds_slope_and_intercept() -> None:
    labels, logits = honest()
    line = calibration_line(labels, 2 * logits)
    assert line.slope.value == pytest.approx(0.5, abs=0.03)
    assert line.slope.low < 0.5 < line.slope.high
    too_high = calibration_line(labels, logits + 1)
    assert too_high.slope.value == pytest.approx(1.0, abs=0.06)
    assert too_high.intercept.value == pytest.approx(-1.0, abs=0.1)
    assert too_high.intercept.low < -1.0 < too_high.intercept.high


def test_the_intercept_is_of_logits_that_are_off_on_average_and_in_nothing_else() -> None:
    """Too steep by half, and right on average: the joint regression's intercept would not be 0."""
    labels, logits = honest()
    steep = 2 * logits
    shift = brentq(lambda a: float((sigmoid(steep + a) - labels).sum()), -5, 5)
    assert calibration_line(labels, steep + shift).intercept.value == pytest.approx(0, abs=1e-9)


def test_the_limits_are_the_likelihoods() -> None:
    """Against the information matrix written out."""
    labels, logits = honest(400)
    line = calibration_line(labels, logits)
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(logits[:, None], labels)
    given = model.predict_proba(logits[:, None])[:, 1]
    design = np.stack([np.ones(400), logits], axis=1)
    covariance = np.linalg.inv(design.T @ (design * (given * (1 - given))[:, None]))
    half = 1.96 * np.sqrt(covariance[1, 1])
    assert line.slope.high - line.slope.value == pytest.approx(half, rel=1e-3)


def test_bins_hold_every_image_once() -> None:
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
        expected_error(labels, sigmoid(logits))
        for labels, logits in (honest(40, seed) for seed in range(60))
    ]
    mean = float(np.mean([error.value for error in errors]))
    assert mean == pytest.approx(float(np.mean([error.floor for error in errors])), abs=0.02)
    assert mean > 0.08


def test_overconfidence_stands_above_the_floor() -> None:
    labels, logits = honest()
    error = expected_error(labels, sigmoid(4 * logits))
    assert error.value > 2 * error.floor_high
