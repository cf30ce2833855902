"""What the out-of-fold results in the card say about a threshold: counts, rates, intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.card import Confusion, ModelCard, OutOfFold
from model.proportion import wilson


@dataclass(frozen=True)
class Proportion:
    """``count`` of ``total`` with the bounds of its 95 % Wilson interval."""

    count: int
    total: int
    low: float
    high: float

    @classmethod
    def of(cls, count: int, total: int) -> Proportion:
        """With its interval; of nothing, anything from 0 to 1 is possible."""
        return cls(count, total, *wilson(count, total))

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return None if self.total == 0 else self.count / self.total

    def __str__(self) -> str:
        if self.total == 0:
            return "unknown (no such scans)"
        bounds = f"{100 * self.low:.1f} to {100 * self.high:.1f} %"
        return f"{100 * self.count / self.total:.1f} % ({self.count}/{self.total}; {bounds})"


@dataclass(frozen=True)
class Evidence:
    """Out-of-fold results at one threshold. A scan at or above the threshold counts as positive."""

    threshold: float
    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int

    @property
    def sensitivity(self) -> Proportion:
        """Of the scans with the finding, those at or above the threshold."""
        return Proportion.of(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> Proportion:
        """Of the scans without the finding, those below the threshold."""
        return Proportion.of(self.true_negative, self.true_negative + self.false_positive)


@dataclass(frozen=True)
class Range:
    """A share with what it would be at both lower, and at both upper, 95 % limits.

    Wider than a 95 % interval: sensitivity and specificity would have to err the same way.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class AtPrevalence:
    """What a positive and a negative answer mean where a given share of scans has the finding."""

    prevalence: float
    false_discovery: Range | None
    """Of the scans above the threshold, the share without the finding; None where none is above."""
    false_omission: Range | None
    """Of the scans below the threshold, the share with the finding; None where none is below."""


def evidence_of(counts: Confusion, threshold: float) -> Evidence:
    """The card's own counts at a threshold, such as those on its test scans."""
    return Evidence(
        threshold,
        true_positive=counts.true_positive,
        false_positive=counts.false_positive,
        true_negative=counts.true_negative,
        false_negative=counts.false_negative,
    )


def at_threshold(card: ModelCard, threshold: float) -> Evidence:
    """Count the card's out-of-fold results at a threshold on the probability."""
    labels = np.asarray(card.out_of_fold.labels, dtype=np.int64)
    above = probabilities(card.out_of_fold, card.temperature) >= threshold
    return Evidence(
        threshold,
        true_positive=int(np.sum(above & (labels == 1))),
        false_positive=int(np.sum(above & (labels == 0))),
        true_negative=int(np.sum(~above & (labels == 0))),
        false_negative=int(np.sum(~above & (labels == 1))),
    )


def probabilities(
    table: OutOfFold, temperature: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The probabilities of the out-of-fold table: float64 (n,)."""
    scaled = np.asarray(table.logits, dtype=np.float64) / temperature
    return 1.0 / (1.0 + np.exp(-np.clip(scaled, -700.0, 700.0)))


def at_prevalence(evidence: Evidence, prevalence: float) -> AtPrevalence | None:
    """False discovery and omission rate at a prevalence between 0 and 1 (Bayes).

    None where the table has no scans with, or none without, the finding. Raises ValueError.
    """
    if not 0.0 <= prevalence <= 1.0:
        raise ValueError(f"prevalence {prevalence} is not between 0 and 1")
    found, spared = evidence.sensitivity, evidence.specificity
    if found.rate is None or spared.rate is None:
        return None
    pairs = ((found.rate, spared.rate), (found.high, spared.high), (found.low, spared.low))
    return AtPrevalence(
        prevalence,
        _range([_share((1 - prevalence) * (1 - no), prevalence * yes) for yes, no in pairs]),
        _range([_share(prevalence * (1 - yes), (1 - prevalence) * no) for yes, no in pairs]),
    )


def _range(shares: list[float | None]) -> Range | None:
    value, low, high = shares
    if value is None:
        return None
    return Range(value, value if low is None else low, value if high is None else high)


def _share(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest > 0 else None
