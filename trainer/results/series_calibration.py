"""Whether the probability of a series means what it says. Numpy in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.probability import Numbers
from model.proportion import Interval
from trainer.results import bootstrap
from trainer.results.calibration import Line, calibration_line
from trainer.results.metrics import Labels

FEW = 100
"""With fewer examinations of a class, slope and intercept are too uncertain to rely on (Collins
2016, Statistics in Medicine 35:214)."""
_NEAREST = 1e-6
"""To 0 and to 1: a probability that is one of them has no logit."""


@dataclass(frozen=True)
class SeriesCalibration:
    """Of the examinations that have a probability by a series head."""

    examinations: int
    positives: int
    brier: Interval
    """From resampling groups; without limits in too few groups."""
    brier_of_share: float
    """Of always saying the share of positives, which knows nothing of any image."""
    line: Line
    """Slope, and intercept at slope 1, with Wald's CI; without limits in too few groups."""
    expected_intercept: float
    """What the share of positives alone gives a perfect head, whose probabilities are of as many
    examinations with the finding as without: the log of the odds. NaN of one class."""

    @property
    def are_few(self) -> bool:
        """Whether a class has fewer than FEW examinations."""
        return min(self.positives, self.examinations - self.positives) < FEW


def series_calibration(
    labels: Labels, probabilities: Numbers, groups: Sequence[str]
) -> SeriesCalibration:
    """Of examinations with labels (N,) and probabilities (N,); ``groups`` are their patients."""
    count, positives = len(labels), int(labels.sum())
    share = positives / count if count else math.nan
    inside = np.clip(probabilities, _NEAREST, 1 - _NEAREST)
    line = calibration_line(labels, np.log(inside / (1 - inside)))
    if not bootstrap.has_enough_groups(labels, groups):
        line = Line(_without_limits(line.slope), _without_limits(line.intercept))
    return SeriesCalibration(
        count,
        positives,
        bootstrap.brier(labels, probabilities, groups),
        share * (1 - share),
        line,
        math.log(share / (1 - share)) if 0 < positives < count else math.nan,
    )


def _without_limits(estimate: Interval) -> Interval:
    return Interval(estimate.value, math.nan, math.nan)
