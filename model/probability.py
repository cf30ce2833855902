"""From a logit to a calibrated probability; the same function in graph, card and reports."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def sigmoid(logits: NDArray[np.floating]) -> Numbers:
    """Probabilities of logits of any shape, in float64 and without a warning."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(logits, dtype=np.float64))))


@dataclass(frozen=True)
class Calibration:
    """probability = sigmoid(logit / temperature + intercept)."""

    temperature: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature > 0):
            raise ValueError("the temperature is no positive number")
        if not math.isfinite(self.intercept):
            raise ValueError("the intercept is no number")

    def logits(self, logits: NDArray[np.floating]) -> Numbers:
        """The calibrated logits: float64 of the same shape."""
        return np.asarray(np.asarray(logits, dtype=np.float64) / self.temperature + self.intercept)

    def probabilities(self, logits: NDArray[np.floating]) -> Numbers:
        """The calibrated probabilities: float64 of the same shape."""
        return sigmoid(self.logits(logits))


def percent(probability: float | None) -> str:
    """A probability for the eye: 7.3 %, and never rounded to 0 or 100; empty without one."""
    if probability is None:
        return ""
    if probability >= 0.9995:
        return "> 99.9 %"
    if probability < 0.0005:
        return "< 0.1 %"
    return f"{100 * probability:.1f} %"


UNCALIBRATED = Calibration()
"""The bare network's probability."""


def log_loss(labels: NDArray[np.int64], logits: NDArray[np.floating]) -> float:
    """Mean binary cross-entropy of logits (n,) for labels (n,), 0 or 1."""
    signed = np.where(labels == 1, logits, -logits)
    return float(np.logaddexp(0.0, -signed).mean())
