"""Intervals from resampling whole groups, not images. Numpy in, numbers out.

Repeats and neighbours of one patient say the same thing twice; counting them as independent would
make an interval too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq

from model.probability import Numbers
from model.proportion import Z95, Interval
from trainer.results import metrics
from trainer.results.metrics import Labels

RESAMPLES, SEED = 2000, 0
"""Their 95 % limits then move by less than a quarter of a per cent."""
FEWEST_GROUPS = 10
"""With fewer groups that hold a class, resampling does not show how much the AUC varies."""

Statistic = Callable[[Numbers], Numbers]
"""From weights (B, N) of the images to one number for each row (B,); NaN where there is none."""


def grouped_bootstrap(statistic: Statistic, groups: Sequence[str]) -> Interval:
    """A figure with its percentile interval; resamples in which there is none are left out."""
    names, of_image = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True)
    random = np.random.default_rng(SEED)
    found = []
    for start in range(0, RESAMPLES, 200):
        rows = min(200, RESAMPLES - start)
        drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=rows)
        found.append(statistic(drawn[:, of_image].astype(np.float64)))
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    value = float(statistic(np.ones((1, len(groups))))[0])
    if values.size == 0:
        return Interval(value, math.nan, math.nan)
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def grouped_bootstrap_of_many(values: Numbers, groups: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Lower and upper limits (n,) of the means of many values an image: float64 (N, n)."""
    names, of_image = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True)
    sums = np.zeros((len(names), values.shape[1]))
    np.add.at(sums, of_image, values)
    sizes = np.bincount(of_image).astype(np.float64)
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    means = (drawn @ sums) / (drawn @ sizes)[:, None]
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return low, high


def has_enough_groups(labels: Labels, groups: Sequence[str]) -> bool:
    """Whether each class is in FEWEST_GROUPS groups, so that drawing them shows what varies."""
    return min(groups_of_classes(labels, groups)) >= FEWEST_GROUPS


def groups_of_classes(labels: Labels, groups: Sequence[str]) -> tuple[int, int]:
    """In how many groups there are positives, and negatives."""
    names = np.asarray(groups, dtype=np.str_)
    positive, negative = (len(np.unique(names[labels == label])) for label in (1, 0))
    return positive, negative


def auc(labels: Labels, scores: Numbers, groups: Sequence[str]) -> Interval:
    """AUC with its interval; without limits where a class is in fewer than FEWEST_GROUPS groups.

    Where one threshold divides the classes without an error, no resample differs: the other limit
    is then the AUC whose own standard error (Hanley and McNeil 1982) reaches up to 1.
    """
    value = metrics.auc(labels, scores)
    if value in (0.0, 1.0):
        reach = _lower_limit_of_one(*groups_of_classes(labels, groups))
        return Interval(1.0, reach, 1.0) if value == 1.0 else Interval(0.0, 0.0, 1.0 - reach)
    if not has_enough_groups(labels, groups):
        return Interval(value, math.nan, math.nan)
    found = grouped_bootstrap(lambda weights: metrics.weighted_auc(labels, scores, weights), groups)
    return Interval(value, found.low, found.high)


def average_precision(labels: Labels, scores: Numbers, groups: Sequence[str]) -> Interval:
    """Area under the precision-recall curve as a step function, at these images' prevalence.

    Without limits in too few groups, and at 1, where no resample differs.
    """
    found = grouped_bootstrap(
        lambda weights: metrics.weighted_average_precision(labels, scores, weights), groups
    )
    estimable = has_enough_groups(labels, groups) and found.value < 1.0
    return found if estimable else Interval(found.value, math.nan, math.nan)


def brier(labels: Labels, given: Numbers, groups: Sequence[str]) -> Interval:
    """Mean squared difference of probability and label; 0.25 for always saying one half.

    Without limits where a class is in fewer than FEWEST_GROUPS groups.
    """
    errors = (given - labels) ** 2
    if not has_enough_groups(labels, groups):
        return Interval(float(errors.mean()), math.nan, math.nan)
    return grouped_bootstrap(lambda weights: weights @ errors / weights.sum(axis=1), groups)


def _lower_limit_of_one(positives: int, negatives: int) -> float:
    def short_of_one(area: float) -> float:
        two_positives = area / (2 - area) - area**2
        two_negatives = 2 * area**2 / (1 + area) - area**2
        variance = area * (1 - area)
        variance += (positives - 1) * two_positives + (negatives - 1) * two_negatives
        return 1 - area - Z95 * math.sqrt(variance / (positives * negatives))

    return float(brentq(short_of_one, 0.0, 1.0 - 1e-9))
