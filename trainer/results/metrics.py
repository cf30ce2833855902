"""How well scores tell the classes apart: counts, intervals, curves. Numpy in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from model.confusion import Confusion, confusion_at
from model.probability import Numbers

Labels = NDArray[np.int64]
THRESHOLDS: Numbers = np.linspace(0.01, 0.99, 99)
"""Of the decision curve."""


@dataclass(frozen=True)
class Curve:
    """A line through points; ``x`` and ``y`` are float64 (n,)."""

    x: Numbers
    y: Numbers


def auc(labels: Labels, scores: Numbers) -> float:
    """Probability that a positive scores above a negative, ties half; NaN without either."""
    return float(weighted_auc(labels, scores, np.ones((1, len(labels))))[0])


def weighted_auc(labels: Labels, scores: Numbers, weights: Numbers) -> Numbers:
    """AUC under each row of weights (B, N): float64 (B,), NaN where a class has no weight."""
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf) > 0)
    ordered, positive = weights[:, order], labels[order] == 1
    pos = np.add.reduceat(ordered * positive, starts, axis=1)
    neg = np.add.reduceat(ordered * ~positive, starts, axis=1)
    below = np.cumsum(neg, axis=1) - neg
    pairs = pos.sum(axis=1) * neg.sum(axis=1)
    wins = (pos * (below + neg / 2)).sum(axis=1)
    found = np.full(len(pairs), np.nan)
    np.divide(wins, pairs, out=found, where=pairs > 0)
    return found


def weighted_average_precision(labels: Labels, scores: Numbers, weights: Numbers) -> Numbers:
    """Area under the precision-recall steps for each row of weights (B, N): float64 (B,)."""
    order = np.argsort(-scores, kind="stable")
    starts = np.flatnonzero(np.diff(-scores[order], prepend=-np.inf) > 0)
    ordered = weights[:, order]
    found = np.add.reduceat(ordered * (labels[order] == 1), starts, axis=1)
    called = np.cumsum(np.add.reduceat(ordered, starts, axis=1), axis=1)
    precision = np.divide(
        np.cumsum(found, axis=1), called, out=np.zeros_like(called), where=called > 0
    )
    positives, area = found.sum(axis=1), (found * precision).sum(axis=1)
    areas = np.full(len(area), np.nan)
    np.divide(area, positives, out=areas, where=positives > 0)
    return areas


def confusion_at_sensitivity(labels: Labels, scores: Numbers, per_cent: int) -> Confusion:
    """Counts at the highest threshold that calls at least ``per_cent`` of the positives.

    Chosen on the images that it is counted on. Raises ValueError without positives.
    """
    positives = np.sort(scores[labels == 1])[::-1]
    if len(positives) == 0:
        raise ValueError("without positives, no threshold has a sensitivity")
    needed = -(-per_cent * len(positives) // 100)
    return confusion_at(labels, scores, float(positives[needed - 1]))


def roc(labels: Labels, scores: Numbers) -> Curve:
    """False-positive rate and sensitivity at every threshold."""
    false_positive, true_positive, _ = roc_curve(labels, scores)
    return Curve(false_positive, true_positive)


def precision_recall(labels: Labels, scores: Numbers) -> Curve:
    """Sensitivity and precision at every threshold, at these images' prevalence."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    return Curve(recall, precision)


def benefits(labels: Labels, probabilities: Numbers) -> Numbers:
    """What each image adds to the net benefit at each of THRESHOLDS: float64 (N, n).

    1 for a true positive, -threshold / (1 - threshold) for a false one, 0 for what is not flagged
    (Vickers 2006). Their mean over the images is the net benefit.
    """
    flagged = probabilities[:, None] >= THRESHOLDS
    worth = np.where(labels[:, None] == 1, 1.0, -THRESHOLDS / (1 - THRESHOLDS))
    return np.where(flagged, worth, 0.0)
