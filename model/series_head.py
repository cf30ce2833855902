"""SeriesHead: the probability that a series shows the finding, from its images' logits in order.

A bleed lies on neighbouring slices, and an examination of thirty slices has a high one by chance.
The head therefore averages each logit with its neighbours', takes the mean of the highest sixth,
and gives the probability that a logistic regression over whole examinations has learnt for it.
Seven numbers of the model card; nothing here needs more than numpy. Two more give each slice its
own score in context, see ``SliceContext``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.confusion import Confusion, confusion_at
from model.operating_point import DEFAULT, OperatingPoint, point_of
from model.probability import sigmoid
from model.slice_context import Logits as Logits
from model.slice_context import SliceContext


@dataclass(frozen=True)
class SeriesEvidence:
    """The examinations that a head comes from, one entry each."""

    sources: tuple[str, ...]
    """The hospital or data set of each."""
    labels: tuple[int, ...]
    probabilities: tuple[float, ...]
    """By the head itself, whose two numbers were fitted to them."""
    called: tuple[int, ...]
    """1 where it is at or above the default threshold, head and threshold being fitted to other
    patients: count these for sensitivity and specificity."""
    repeat: Confusion | None = None
    """What networks of another training by the same recipe called, of examinations of the same
    sources, each without its own patient; None where the training was not repeated."""

    @property
    def counts(self) -> Confusion:
        """The examinations by label and call, for sensitivity and specificity per examination."""
        labels = np.array(self.labels, dtype=np.int64)
        return confusion_at(labels, np.array(self.called, dtype=np.float64), 1.0)

    def fitted(self, threshold: float) -> Confusion:
        """The same by the head itself at a threshold: optimistic, for it was fitted to them."""
        labels = np.array(self.labels, dtype=np.int64)
        return confusion_at(labels, np.array(self.probabilities, dtype=np.float64), threshold)


@dataclass(frozen=True)
class SeriesHead:
    """A fitted series head with operating points and evidence, as the model card holds it."""

    weight: float
    bias: float
    """The probability is sigmoid(weight * score + bias)."""
    thresholds: tuple[OperatingPoint, ...]
    evidence: SeriesEvidence
    neighbour: float = 0.25
    """Share of each neighbour in an image's averaged logit; the image has the rest."""
    highest: float = 1 / 6
    """The share of the images, the highest ones, whose averaged logits make the score."""
    slabs: int = 36
    """A series of more assessed images is averaged down to so many first: thin slices say the
    same thing several times."""
    least: int = 8
    """A series of fewer assessed images is none that the head can assess."""
    context: SliceContext | None = None
    """How a slice's score in context is made; None where no labelled slices taught it."""
    measured_with: str = ""
    """The precision of the model that the evidence is of; empty where it is that of the file."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight) and self.weight > 0 and math.isfinite(self.bias)):
            raise ValueError("the series head's weight and bias are no sensible numbers")
        if not (0.0 <= self.neighbour < 0.5 and 0.0 < self.highest <= 1.0):
            raise ValueError("the series head's shares are not between 0 and 1")
        if self.least < 1 or self.slabs < self.least:
            raise ValueError("the series head's numbers of images contradict each other")
        if DEFAULT not in {each.name for each in self.thresholds}:
            raise ValueError("the series head has no default operating point")
        if not all(0.0 <= each.threshold <= 1.0 for each in self.thresholds):
            raise ValueError("the series head has a threshold outside 0 to 1")
        evidence = self.evidence
        counts = {len(evidence.sources), len(evidence.labels), len(evidence.probabilities)}
        if counts != {len(evidence.called)}:
            raise ValueError("the series head's evidence differs in number")
        if not {*evidence.labels, *evidence.called} <= {0, 1}:
            raise ValueError("the series head's evidence holds something other than 0 and 1")
        if evidence.repeat is not None and min(evidence.repeat.counts) < 0:
            raise ValueError("the series head's repeat has negative counts")
        slices = None if self.context is None else self.context.evidence
        if slices is not None and not slices.is_placed(len(evidence.labels)):
            raise ValueError("the slice context's evidence is of examinations that are not there")

    def probability(self, logits: Logits) -> float | None:
        """The series' probability; None where fewer than ``least`` images have a logit."""
        if sum(logit is not None for logit in logits) < self.least:
            return None
        return float(sigmoid(np.array(self.weight * self.score(logits) + self.bias)))

    def in_context(self, logits: Logits) -> tuple[float | None, ...]:
        """Each slice's probability in context; None where it has no logit.

        None of all where the card has none, or fewer than ``least`` images have a logit.
        """
        if self.context is None or sum(logit is not None for logit in logits) < self.least:
            return (None,) * len(logits)
        return self.context.probabilities(logits, self.slabs)

    def shifted(self, by: float) -> SeriesHead:
        """The same for logits that all lie higher by that."""
        context = None if self.context is None else self.context.shifted(by)
        return replace(self, bias=self.bias - self.weight * by, context=context)

    def score(self, logits: Logits) -> float:
        """What the probability is made of, in the unit of a logit. Raises ValueError without any.

        The same for a series and for the same series with every image twice, but for what the
        averaging with neighbours changes.
        """
        return score(logits, self.neighbour, self.highest, self.slabs)

    def point(self, name: str = DEFAULT) -> OperatingPoint:
        """The operating point of that name. Raises KeyError."""
        return point_of(self.thresholds, name)

    def threshold(self) -> float:
        """The default threshold."""
        return self.point().threshold


def score(logits: Logits, neighbour: float, highest: float, slabs: int) -> float:
    """The mean of the highest averaged logits. Raises ValueError where no image has a logit."""
    known = np.array([each for each in logits if each is not None], dtype=np.float64)
    if known.size == 0:
        raise ValueError("no image of the series has a logit")
    averaged = np.sort(with_neighbours(_at_most(known, slabs), neighbour))[::-1]
    wanted = max(1.0, highest * averaged.size)
    # The last one counts as far as it belongs to the share, so that no number of images jumps.
    weights = np.clip(wanted - np.arange(averaged.size), 0.0, 1.0)
    return float(averaged @ weights / weights.sum())


def with_neighbours(logits: NDArray[np.float64], neighbour: float) -> NDArray[np.float64]:
    """Logits (N,) of images in order, each averaged with the ones before and after it."""
    total, weights = (1 - 2 * neighbour) * logits, np.full(len(logits), 1 - 2 * neighbour)
    total[1:] += neighbour * logits[:-1]
    total[:-1] += neighbour * logits[1:]
    weights[1:] += neighbour
    weights[:-1] += neighbour
    averaged: NDArray[np.float64] = total / weights
    return averaged


def _at_most(known: NDArray[np.float64], slabs: int) -> NDArray[np.float64]:
    """The logits (N,) as they are, or those of many images averaged in ``slabs`` even runs."""
    if known.size <= slabs:
        return known
    # An image that lies in two runs gives each its part.
    total = np.concatenate(([0.0], np.cumsum(known)))
    ends = np.interp(np.linspace(0, known.size, slabs + 1), np.arange(known.size + 1), total)
    means: NDArray[np.float64] = np.diff(ends) * slabs / known.size
    return means
