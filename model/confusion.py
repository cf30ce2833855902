"""Counts at a threshold against the truth, the rates that follow, and predictive values."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.proportion import Interval, Proportion


@dataclass(frozen=True)
class Confusion:
    """Images by what they show and on which side of a threshold they lie."""

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    note: str = ""
    """What a reader of the counts must know, such as a choice that was made on these images."""

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """True and false positives, true and false negatives."""
        return self.true_positive, self.false_positive, self.true_negative, self.false_negative

    @property
    def total(self) -> int:
        """All images."""
        return sum(self.counts)

    @property
    def sensitivity(self) -> Proportion:
        """Of the images with the finding, those at or above the threshold."""
        return Proportion.of(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> Proportion:
        """Of the images without the finding, those below the threshold."""
        return Proportion.of(self.true_negative, self.true_negative + self.false_positive)

    @property
    def accuracy(self) -> Proportion:
        """Of all images, those on the right side; depends on how many have the finding."""
        return Proportion.of(self.true_positive + self.true_negative, self.total)

    @property
    def prevalence(self) -> Proportion:
        """Of all images, those with the finding."""
        return Proportion.of(self.true_positive + self.false_negative, self.total)


def confusion_at(
    labels: NDArray[np.int64], probabilities: NDArray[np.float64], threshold: float, note: str = ""
) -> Confusion:
    """Count labels (n,), 0 or 1; a probability (n,) at or above ``threshold`` is positive."""
    above, positive = probabilities >= threshold, labels == 1
    return Confusion(
        true_positive=int((above & positive).sum()),
        false_positive=int((above & ~positive).sum()),
        true_negative=int((~above & ~positive).sum()),
        false_negative=int((~above & positive).sum()),
        note=note,
    )


@dataclass(frozen=True)
class PredictiveValues:
    """How far a positive and a negative result can be believed at one prevalence.

    The limits put both sensitivity and specificity at the lower, then at the upper ends of their
    intervals. That is wider than a 95 % interval, for both would have to err the same way.
    """

    prevalence: float
    ppv: Interval
    """Of the images at or above the threshold, the share with the finding; NaN without any."""
    npv: Interval
    """Of the images below the threshold, the share without the finding; NaN without any."""

    @property
    def false_discovery(self) -> Interval | None:
        """1 − PPV; None where nothing lies at or above the threshold."""
        return _complement(self.ppv)

    @property
    def false_omission(self) -> Interval | None:
        """1 − NPV; None where nothing lies below the threshold."""
        return _complement(self.npv)


def predictive_values(counts: Confusion, prevalence: float) -> PredictiveValues:
    """Predictive values (Bayes) at a prevalence from 0 to 1 that need not be the images' own.

    All NaN where the counts are of no image with, or of none without, the finding. Raises
    ValueError for a prevalence outside 0 to 1.
    """
    if not 0.0 <= prevalence <= 1.0:
        raise ValueError(f"prevalence {prevalence} is not between 0 and 1")
    found, spared = counts.sensitivity, counts.specificity
    pairs = ((found.value, spared.value), (found.low, spared.low), (found.high, spared.high))
    ppv = [_share(prevalence * yes, (1 - prevalence) * (1 - no)) for yes, no in pairs]
    npv = [_share((1 - prevalence) * no, prevalence * (1 - yes)) for yes, no in pairs]
    return PredictiveValues(prevalence, _interval(*ppv), _interval(*npv))


def _share(part: float, rest: float) -> float:
    return part / (part + rest) if part + rest > 0 else math.nan


def _interval(value: float, low: float, high: float) -> Interval:
    """A limit that cannot be computed is the value itself; without a value there is no limit."""
    if math.isnan(value):
        return Interval(math.nan, math.nan, math.nan)
    return Interval(value, value if math.isnan(low) else low, value if math.isnan(high) else high)


def _complement(share: Interval) -> Interval | None:
    if math.isnan(share.value):
        return None
    return Interval(1 - share.value, 1 - share.high, 1 - share.low)
