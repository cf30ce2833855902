"""Whether a probability means what it says. Numpy in, numbers out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from model.proportion import Z95
from trainer.results.metrics import Interval, Labels, Proportion, Scores, wilson

COOLEST, HOTTEST = 0.05, 20.0
"""Temperatures stay between these."""
BINS = 10
SIMULATIONS = 1000
NOTHING = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Line:
    """Two questions of logistic regression to logits (Cox 1958), with Wald's 95 % intervals.

    The intervals take scans as independent. All NaN where no line can be fitted.
    """

    slope: Interval
    """Of the true on the given logit. Below 1: too sure of itself."""
    intercept: Interval
    """True less given logit, on average (calibration in the large; the slope is taken as 1).
    Above 0: the probabilities are too low."""


@dataclass(frozen=True)
class Bin:
    """Scans of similar probability."""

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


def sigmoid(logits: Scores) -> Scores:
    """Probabilities in float64, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(logits, dtype=np.float64))))


def probabilities(logits: Scores, temperature: float) -> Scores:
    """sigmoid(logit / temperature), as the exported file computes it."""
    return sigmoid(np.asarray(logits, dtype=np.float64) / temperature)


def fit_temperature(labels: Labels, logits: Scores) -> float:
    """The temperature with the least negative log-likelihood (Guo 2017), 0.05 to 20.

    That is a logistic regression on the logit alone, without intercept: its weight is 1/T.
    Scores that point the wrong way get the highest temperature; where one threshold divides the
    classes without an error, the likelihood only asks for boundless certainty, so 1 is kept.
    """
    if _apart(labels, logits):
        return 1.0
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8, max_iter=1000)
    weight = float(model.fit(np.asarray(logits).reshape(-1, 1), labels).coef_[0, 0])
    return float(np.clip(1.0 / max(weight, 1.0 / HOTTEST), COOLEST, HOTTEST))


def calibration_line(labels: Labels, logits: Scores) -> Line:
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


def _in_the_large(labels: Labels, logits: Scores) -> Interval:
    def missing(shift: float) -> float:
        return float((sigmoid(logits + shift) - labels).sum())

    far = 1.0 + float(np.abs(logits).max()) + math.log(len(labels))
    shift = float(brentq(missing, -far, far))
    spread = Z95 / math.sqrt(float(_weights(logits + shift).sum()))
    return Interval(shift, shift - spread, shift + spread)


def _weights(logits: Scores) -> Scores:
    """What each scan tells about the logit, at least a little: p (1 - p)."""
    given = sigmoid(logits)
    return np.maximum(given * (1 - given), 1e-12)


def reliability(labels: Labels, given: Scores, bins: int = BINS) -> list[Bin]:
    """Scans in ``bins`` equal ranges of probability, empty ranges left out."""
    places = _places(given, bins)
    found = []
    for place in np.unique(places):
        inside = places == place
        count, positives = int(inside.sum()), int(labels[inside].sum())
        mean = float(given[inside].mean())
        found.append(Bin(mean, count, positives, wilson(positives, count)))
    return found


def expected_error(
    labels: Labels, given: Scores, bins: int = BINS, simulations: int = SIMULATIONS, seed: int = 0
) -> ExpectedError:
    """ECE over equal ranges of probability, with its floor for as many scans with these scores."""
    places = _places(given, bins)
    random = np.random.default_rng(seed)
    drawn = (random.random((simulations, len(given))) < given).astype(np.float64)
    gaps = np.zeros((simulations + 1, bins))
    for place in np.unique(places):
        inside = places == place
        observed = np.append(drawn[:, inside].sum(axis=1), labels[inside].sum())
        gaps[:, place] = np.abs(observed - given[inside].sum())
    errors = gaps.sum(axis=1) / len(given)
    floor, high = errors[:-1].mean(), np.quantile(errors[:-1], 0.95)
    return ExpectedError(float(errors[-1]), float(floor), float(high))


def _places(given: Scores, bins: int) -> NDArray[np.int64]:
    return np.minimum((given * bins).astype(np.int64), bins - 1)


def _apart(labels: Labels, logits: Scores) -> bool:
    """Whether one threshold divides the classes without an error: no line is steep enough."""
    positive, negative = logits[labels == 1], logits[labels == 0]
    return bool(positive.size and negative.size and positive.min() > negative.max())
