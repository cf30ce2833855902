"""SliceContext: the probability that a slice shows the finding, from its logit and its neighbours'.

A bleed lies on neighbouring slices, so that the slices around one say something of it as well. Two
numbers of the model card, learnt from slices of whole examinations, with a threshold of their own.
They flag nothing: neither image nor series has another result for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.operating_point import OperatingPoint
from model.probability import Numbers, sigmoid
from model.proportion import Proportion

FURTHEST = 100
"""The greatest reach: no head has more thick slices on either side of one."""

Logits = Sequence[float | None]
"""Of the images of one series in order; None where an image has none (not assessable)."""


@dataclass(frozen=True)
class SliceEvidence:
    """The assessed slices that it comes from, one entry each, by what had not seen their patient.

    Weight, bias and threshold came from other patients wherever a slice was assessed.
    """

    examinations: tuple[int, ...]
    """Which examination each is of: its place among ``sources``, from 0. Without any, its place in
    the evidence of the series head."""
    labels: tuple[int, ...]
    probabilities: tuple[float, ...]
    called: tuple[int, ...]
    """1 where it is at or above the threshold."""
    sources: tuple[str, ...] = ()
    """The hospital or data set of each examination, where they are others than the series head's.
    Empty: they are among those."""
    by_networks_alike: bool = False
    """Whether networks trained like the one in the file gave the scores, and not that one itself or
    those that it is the mean of."""

    @property
    def n_examinations(self) -> int:
        """How many examinations the slices are of."""
        return len(set(self.examinations))

    def is_placed(self, of_head: int) -> bool:
        """Whether all slices are of examinations that are there; the series head has so many."""
        places = range(len(self.sources) or of_head)
        return all(each in places for each in set(self.examinations))

    @property
    def sensitivity(self) -> Proportion:
        """Of the slices with the finding, those called; its CI is of examinations."""
        return self._called(label=1, call=1)

    @property
    def specificity(self) -> Proportion:
        """Of the slices without the finding, those not called; its CI is of examinations."""
        return self._called(label=0, call=0)

    def _called(self, label: int, call: int) -> Proportion:
        inside = np.array(self.labels, dtype=np.int64) == label
        right = np.array(self.called, dtype=np.int64)[inside] == call
        return Proportion.of_groups(right, np.array(self.examinations, dtype=np.int64)[inside])


@dataclass(frozen=True)
class SliceContext:
    """A fitted score in context with its threshold and evidence, as the model card holds it."""

    weight: float
    bias: float
    """The probability is sigmoid(weight * averaged logit + bias)."""
    point: OperatingPoint
    evidence: SliceEvidence
    reach: int = 3
    """A slice is averaged with so many on either side, the nearer ones counting more."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight) and self.weight > 0 and math.isfinite(self.bias)):
            raise ValueError("the slice context's weight and bias are no sensible numbers")
        if not 0 <= self.reach <= FURTHEST:
            raise ValueError(f"the slice context's reach is not between 0 and {FURTHEST}")
        if not 0.0 <= self.point.threshold <= 1.0:
            raise ValueError("the slice context has a threshold outside 0 to 1")
        evidence = self.evidence
        counts = {len(evidence.labels), len(evidence.probabilities), len(evidence.called)}
        if counts != {len(evidence.examinations)}:
            raise ValueError("the slice context's evidence differs in number")
        if not {*evidence.labels, *evidence.called} <= {0, 1}:
            raise ValueError("the slice context's evidence holds something other than 0 and 1")

    def probabilities(self, logits: Logits, slabs: int) -> tuple[float | None, ...]:
        """Each slice's probability in context; None where it has no logit of its own."""
        given = sigmoid(self.weight * averaged(logits, self.reach, slabs) + self.bias)
        return tuple(None if math.isnan(each) else each for each in given.tolist())

    def shifted(self, by: float) -> SliceContext:
        """The same for logits that all lie higher by that."""
        return replace(self, bias=self.bias - self.weight * by)


def averaged(logits: Logits, reach: int, slabs: int) -> Numbers:
    """The logits (N,) of a series in order, each averaged with those around it; NaN without one.

    Weights fall evenly to zero beyond ``reach`` slices, 1 2 3 4 3 2 1 for a reach of 3. At the ends
    and beside slices without a logit the others share the whole. Of more than ``slabs`` assessed
    images each stands for a part of a thick slice, and the reach grows with their number; a reach
    of 0 leaves each as it is.
    """
    values = np.array([math.nan if each is None else each for each in logits], dtype=np.float64)
    known = np.isfinite(values)
    width = (reach + 1) * max(1.0, int(known.sum()) / slabs) if reach else 1.0
    side = min(math.ceil(width) - 1, max(len(values) - 1, 0))
    weights = 1.0 - np.abs(np.arange(-side, side + 1)) / width
    inside = slice(side, side + len(values))
    total, shares = (
        np.convolve(part, weights)[inside] for part in (np.where(known, values, 0.0), known * 1.0)
    )
    found: NDArray[np.float64] = np.full(len(values), math.nan)
    found[known] = total[known] / shares[known]
    return found
