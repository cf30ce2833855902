"""Whether a probability means what it says. Numpy in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from model.probability import UNCALIBRATED, Calibration, Numbers, log_loss, sigmoid
from model.proportion import Z95, Interval, Proportion
from trainer.results.metrics import Labels

COOLEST, HOTTEST = 0.05, 20.0
"""Temperatures stay between these."""
FOLDS = 5
"""Of the cross-validation that says whether an intercept helps; so many of each class at least."""
BINS = 10
SIMULATIONS, SEED = 1000, 0
NOTHING = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Line:
    """Two questions of logistic regression to logits (Cox 1958), with Wald's 95 % intervals.

    The intervals take images as independent. All NaN where no line can be fitted.
    """

    slope: Interval
    """Of the true on the given logit. Below 1: too sure of itself."""
    intercept: Interval
    """True less given logit, on average (calibration in the large; the slope is taken as 1).
    Above 0: the probabilities are too low."""


@dataclass(frozen=True)
class Bin:
    """Images of similar probability."""

    probability: float
    """Their mean probability."""
    count: int
    positives: int
    observed: Proportion
    """The share of positives with its Wilson interval."""


@dataclass(frozen=True)
class ExpectedError:
    """Expected calibration error, and what a perfectly calibrated network would get by chance."""

    value: float
    floor: float
    """Mean over simulated labels that are drawn from the probabilities themselves."""
    floor_high: float
    """95th percentile of the same."""


@dataclass(frozen=True)
class Fit:
    """A calibration, and what it was chosen by."""

    calibration: Calibration
    loss_before: float
    """Mean log loss of the bare logits."""
    loss_after: float
    """Of the calibrated logits, on the images that the calibration was fitted to."""
    loss_temperature: float
    """Cross-validated, with a temperature alone; NaN where it cannot be."""
    loss_intercept: float
    """Cross-validated, with temperature and intercept; NaN where it cannot be."""


def fit_calibration(labels: Labels, logits: Numbers) -> Fit:
    """The calibration with the least log loss, an intercept where it helps.

    It helps where the log loss in cross-validation is lower with it than with a temperature alone:
    on the images it was fitted to it would always be. Where one threshold divides the classes
    without an error, nothing is calibrated, for the likelihood only asks for boundless certainty.
    """
    folds = _folds(labels)
    temperature = _cross_validated(_temperature, labels, logits, folds)
    both = _cross_validated(_temperature_and_intercept, labels, logits, folds)
    fit = _temperature_and_intercept if both < temperature else _temperature
    chosen = fit(labels, logits)
    before, after = log_loss(labels, logits), log_loss(labels, chosen.logits(logits))
    return Fit(chosen, before, after, temperature, both)


def _temperature(labels: Labels, logits: Numbers) -> Calibration:
    """The temperature with the least log loss (Guo 2017), COOLEST to HOTTEST.

    That is a logistic regression on the logit alone, without intercept: its weight is 1/T.
    Logits that point the wrong way get the highest temperature.
    """
    if len(np.unique(labels)) < 2 or _apart(labels, logits):
        return UNCALIBRATED
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8, max_iter=1000)
    weight = float(model.fit(np.asarray(logits).reshape(-1, 1), labels).coef_[0, 0])
    return Calibration(float(np.clip(1.0 / max(weight, 1.0 / HOTTEST), COOLEST, HOTTEST)))


def _temperature_and_intercept(labels: Labels, logits: Numbers) -> Calibration:
    """Both with the least log loss (Platt 1999); the temperature alone beyond its bounds."""
    if len(np.unique(labels)) < 2 or _apart(labels, logits):
        return UNCALIBRATED
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    model.fit(np.asarray(logits).reshape(-1, 1), labels)
    weight, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if not 1.0 / HOTTEST <= weight <= 1.0 / COOLEST:
        return _temperature(labels, logits)
    return Calibration(1.0 / weight, intercept)


def _folds(labels: Labels) -> list[NDArray[np.int64]]:
    """Rows to leave out in turn, each class shared out evenly; none where a class is too small."""
    fewest = min(int((labels == label).sum()) for label in (0, 1))
    if fewest < FOLDS:
        return []
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    return [left for _, left in splitter.split(labels, labels)]


def _cross_validated(
    fit: Callable[[Labels, Numbers], Calibration],
    labels: Labels,
    logits: Numbers,
    folds: Sequence[NDArray[np.int64]],
) -> float:
    """Mean log loss of each image under a calibration fitted without it; NaN without folds."""
    if not folds:
        return math.nan
    calibrated = np.empty(len(labels))
    for left in folds:
        rest = np.setdiff1d(np.arange(len(labels)), left)
        calibrated[left] = fit(labels[rest], logits[rest]).logits(logits[left])
    return log_loss(labels, calibrated)


def calibration_line(labels: Labels, logits: Numbers) -> Line:
    """Slope, and intercept at slope 1; NaN where no line can be fitted."""
    if len(np.unique(labels)) < 2 or len(np.unique(logits)) < 2 or _apart(labels, logits):
        return Line(NOTHING, NOTHING)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000)
    model.fit(np.asarray(logits).reshape(-1, 1), labels)
    slope = float(model.coef_[0, 0])
    weights = _weights(slope * logits + model.intercept_[0])
    away = logits - np.average(logits, weights=weights)
    spread = Z95 / math.sqrt(float((weights * away**2).sum()))
    return Line(Interval(slope, slope - spread, slope + spread), _in_the_large(labels, logits))


def _in_the_large(labels: Labels, logits: Numbers) -> Interval:
    def missing(shift: float) -> float:
        return float((sigmoid(logits + shift) - labels).sum())

    far = 1.0 + float(np.abs(logits).max()) + math.log(len(labels))
    shift = float(brentq(missing, -far, far))
    spread = Z95 / math.sqrt(float(_weights(logits + shift).sum()))
    return Interval(shift, shift - spread, shift + spread)


def _weights(logits: Numbers) -> Numbers:
    """What each image tells about the logit, at least a little: p (1 - p)."""
    given = sigmoid(logits)
    return np.maximum(given * (1 - given), 1e-12)


def reliability(labels: Labels, given: Numbers) -> list[Bin]:
    """Images in ``BINS`` equal ranges of probability, empty ranges left out."""
    places = _places(given)
    found = []
    for place in np.unique(places):
        inside = places == place
        count, positives = int(inside.sum()), int(labels[inside].sum())
        mean = float(given[inside].mean())
        found.append(Bin(mean, count, positives, Proportion.of(positives, count)))
    return found


def expected_error(labels: Labels, given: Numbers) -> ExpectedError:
    """ECE over equal ranges of probability, and its floor for images with these probabilities."""
    places = _places(given)
    random = np.random.default_rng(SEED)
    drawn = (random.random((SIMULATIONS, len(given))) < given).astype(np.float64)
    gaps = np.zeros((SIMULATIONS + 1, BINS))
    for place in np.unique(places):
        inside = places == place
        observed = np.append(drawn[:, inside].sum(axis=1), labels[inside].sum())
        gaps[:, place] = np.abs(observed - given[inside].sum())
    errors = gaps.sum(axis=1) / len(given)
    floor, high = errors[:-1].mean(), np.quantile(errors[:-1], 0.95)
    return ExpectedError(float(errors[-1]), float(floor), float(high))


def _places(given: Numbers) -> NDArray[np.int64]:
    return np.minimum((given * BINS).astype(np.int64), BINS - 1)


def _apart(labels: Labels, logits: Numbers) -> bool:
    """Whether one threshold divides the classes without an error: no line is steep enough."""
    positive, negative = logits[labels == 1], logits[labels == 0]
    return bool(positive.size and negative.size and positive.min() > negative.max())
