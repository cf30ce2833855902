"""How well scores tell the classes apart: counts, intervals, curves. Numpy in, numbers out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve, roc_curve

from model import proportion
from model.card import Confusion

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval; NaN where there is nothing to estimate from."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Proportion(Interval):
    """``count`` of ``total``, with its interval."""

    count: int
    total: int


@dataclass(frozen=True)
class PredictiveValues:
    """How far a call can be believed, at one prevalence."""

    ppv: Interval
    """Share of the scans called positive that are."""
    npv: Interval
    """Share of the scans called negative that are."""


@dataclass(frozen=True)
class Curve:
    """A line through points; ``x`` and ``y`` are float64 (n,)."""

    x: Scores
    y: Scores


def wilson(count: int, total: int) -> Proportion:
    """A proportion with its Wilson score interval; all of 0 to 1 without scans."""
    share = count / total if total else math.nan
    return Proportion(share, *proportion.wilson(count, total), count, total)


def auc(labels: Labels, scores: Scores) -> float:
    """Probability that a positive scores above a negative, ties half; NaN without either."""
    return float(weighted_auc(labels, scores, np.ones((1, len(labels))))[0])


def weighted_auc(labels: Labels, scores: Scores, weights: Scores) -> Scores:
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


def weighted_average_precision(labels: Labels, scores: Scores, weights: Scores) -> Scores:
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


def confusion_at(
    labels: Labels, probabilities: Scores, threshold: float, note: str = ""
) -> Confusion:
    """Counts where a probability of at least ``threshold`` is called positive."""
    called, positive = probabilities >= threshold, labels == 1
    return Confusion(
        true_positive=int((called & positive).sum()),
        false_positive=int((called & ~positive).sum()),
        true_negative=int((~called & ~positive).sum()),
        false_negative=int((~called & positive).sum()),
        note=note,
    )


def confusion_at_sensitivity(labels: Labels, scores: Scores, per_cent: int) -> Confusion:
    """Counts at the highest threshold that calls at least ``per_cent`` of the positives.

    Chosen on the scans that it is counted on. Raises ValueError without positives.
    """
    positives = np.sort(scores[labels == 1])[::-1]
    if len(positives) == 0:
        raise ValueError("without positives, no threshold has a sensitivity")
    needed = -(-per_cent * len(positives) // 100)
    return confusion_at(labels, scores, float(positives[needed - 1]))


def sensitivity(counts: Confusion) -> Proportion:
    """Share of the positives that are called positive."""
    return wilson(counts.true_positive, counts.true_positive + counts.false_negative)


def specificity(counts: Confusion) -> Proportion:
    """Share of the negatives that are called negative."""
    return wilson(counts.true_negative, counts.true_negative + counts.false_positive)


def accuracy(counts: Confusion) -> Proportion:
    """Share of all scans that are called right; depends on how many of them are positive."""
    right = counts.true_positive + counts.true_negative
    return wilson(right, right + counts.false_positive + counts.false_negative)


def prevalence(counts: Confusion) -> Proportion:
    """Share of the scans that are positive."""
    positives = counts.true_positive + counts.false_negative
    return wilson(positives, positives + counts.true_negative + counts.false_positive)


def predictive_values(counts: Confusion, share: float) -> PredictiveValues:
    """At a prevalence ``share`` that is not these scans' own; NaN where nothing is called so.

    The limits follow from both lower, and from both upper, ends of the intervals of sensitivity
    and specificity: wider than 95 %, for both would have to err the same way.
    """
    found, spared = sensitivity(counts), specificity(counts)

    def both(sensitive: float, specific: float) -> tuple[float, float]:
        called = sensitive * share + (1 - specific) * (1 - share)
        ppv = sensitive * share / called if called > 0 else math.nan
        npv = specific * (1 - share) / (1 - called) if called < 1 else math.nan
        return ppv, npv

    ends = (both(found.value, spared.value), both(found.low, spared.low))
    ppv, npv = zip(*ends, both(found.high, spared.high), strict=True)
    return PredictiveValues(Interval(*ppv), Interval(*npv))


def roc(labels: Labels, scores: Scores) -> Curve:
    """False-positive rate and sensitivity at every threshold."""
    false_positive, true_positive, _ = roc_curve(labels, scores)
    return Curve(false_positive, true_positive)


def precision_recall(labels: Labels, scores: Scores) -> Curve:
    """Sensitivity and precision at every threshold, at these scans' prevalence."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    return Curve(recall, precision)


def decision(labels: Labels, probabilities: Scores) -> Curve:
    """Net benefit per scan at each threshold probability from 0.01 to 0.99 (Vickers 2006).

    A false positive costs threshold / (1 - threshold) of a true positive.
    """
    thresholds = np.linspace(0.01, 0.99, 99)
    called = probabilities[None, :] >= thresholds[:, None]
    true = (called & (labels == 1)).sum(axis=1)
    false = (called & (labels == 0)).sum(axis=1)
    benefit = (true - false * thresholds / (1 - thresholds)) / len(labels)
    return Curve(thresholds, benefit)


def decision_all(labels: Labels) -> Curve:
    """Net benefit of calling every scan positive, to set ``decision`` against."""
    return decision(labels, np.ones(len(labels)))
