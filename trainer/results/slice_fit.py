"""Scores of slices in context: fitted to labelled slices, and assessed on patients not among them.

A series head gets them by ``with_context``, or by ``with_context_of_others`` where its own folds'
logits are not there. The division by patient is that of the series head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.operating_point import OperatingPoint
from model.probability import Numbers, sigmoid
from model.series_head import Logits, SeriesHead
from model.slice_context import SliceContext, SliceEvidence, averaged
from trainer.results.metrics import Labels
from trainer.results.series_fit import FOLDS, Examination, beside, divided, regression

NAME, WANTED = "specificity_90", 90
"""The operating point, and per cent of its specificity."""
RULE = (
    "The lowest threshold with a specificity of at least 0.90 on the slices without the finding; "
    "those of examinations with the finding are among them."
)


@dataclass(frozen=True, eq=False)
class AssessedSlices:
    """Assessed slices with labels, called by what had not seen their patient; N slices in all."""

    examinations: NDArray[np.int64]
    """(N,) the place of each slice's examination among those given."""
    labels: Labels
    averaged: Numbers
    """(N,) logits, before the regression."""
    probabilities: Numbers
    called: NDArray[np.bool_]
    """(N,) at or above the threshold of the other folds."""


def with_context(head: SeriesHead, examinations: Sequence[Examination]) -> SeriesHead:
    """The head that was fitted to these examinations, with scores in context learnt from them.

    Without any where too few of the examinations have labelled slices.
    """
    try:
        return replace(head, context=_context(head, examinations))
    except ValueError:
        return replace(head, context=None)


def with_context_of_others(head: SeriesHead, examinations: Sequence[Examination]) -> SeriesHead:
    """The head as it is, with scores in context learnt from what networks trained alike gave.

    The logits of ``examinations`` are on the scale of the head's own. The evidence says that they
    are of other networks. Raises ValueError where too few have labelled slices.
    """
    context = _context(head, examinations)
    sources = tuple(each.source for each in examinations)
    evidence = replace(context.evidence, sources=sources, by_networks_alike=True)
    return replace(head, context=replace(context, evidence=evidence))


def _context(head: SeriesHead, examinations: Sequence[Examination]) -> SliceContext:
    reach = SliceContext.reach
    found = cross_validated(examinations, reach, head.slabs, head.least)
    weight, bias = regression(found.averaged, found.labels)
    limit = threshold(found.labels, sigmoid(weight * found.averaged + bias))
    evidence = SliceEvidence(
        tuple(found.examinations.tolist()),
        tuple(found.labels.tolist()),
        tuple(found.probabilities.round(6).tolist()),
        tuple(found.called.astype(int).tolist()),
    )
    return SliceContext(weight, bias, OperatingPoint(NAME, limit, RULE), evidence, reach)


def matched(head: SeriesHead, pairs: Sequence[tuple[Logits, Logits]]) -> SliceContext | None:
    """The score in context for another file of the same network, INT8 for example.

    ``pairs``: logits of the same series by the file of ``head`` and by the other one. It is moved
    back by as much as the slices that reach its threshold moved.
    """
    context = head.context
    if context is None or not pairs:
        return context
    whole, own = (
        np.concatenate([averaged(each, context.reach, head.slabs) for each in part])
        for part in zip(*pairs, strict=True)
    )
    reached = sigmoid(context.weight * whole + context.bias) >= context.point.threshold
    moved = (own - whole)[reached & np.isfinite(own)]
    return context.shifted(float(moved.mean())) if moved.size else context


def cross_validated(
    examinations: Sequence[Examination],
    reach: int = SliceContext.reach,
    slabs: int = SeriesHead.slabs,
    least: int = SeriesHead.least,
) -> AssessedSlices:
    """Divide by patient into FOLDS, fit to four of them and assess the slices of the fifth.

    A reach of 0 leaves each slice alone. Examinations of fewer than ``least`` assessed slices are
    left out. Raises ValueError where assessed slices of either label, as far as they are labelled,
    lie in fewer than FOLDS examinations.
    """
    of, labels, values = _slices(examinations, reach, slabs, least)
    if min(len(np.unique(of[labels == label])) for label in (0, 1)) < FOLDS:
        raise ValueError(f"fewer than {FOLDS} examinations with labelled slices of either label")
    probabilities, called = np.empty(len(labels)), np.zeros(len(labels), dtype=np.bool_)
    for rest, fold in divided(examinations):
        known, here = np.isin(of, rest), np.isin(of, fold)
        if len(np.unique(labels[known])) < 2:
            raise ValueError("a part of the patients has labelled slices of one label alone")
        weight, bias = regression(values[known], labels[known])
        probabilities[here] = sigmoid(weight * values[here] + bias)
        limit = threshold(labels[known], sigmoid(weight * values[known] + bias))
        called[here] = probabilities[here] >= limit
    return AssessedSlices(of, labels, values, probabilities, called)


def threshold(labels: Labels, probabilities: Numbers) -> float:
    """By RULE, halfway between two probabilities that were seen."""
    clean = np.sort(probabilities[labels == 0])
    limit = clean[-(-WANTED * len(clean) // 100) - 1]
    return beside(np.unique(probabilities), float(limit), below=False)


def _slices(
    examinations: Sequence[Examination], reach: int, slabs: int, least: int
) -> tuple[NDArray[np.int64], Labels, Numbers]:
    """Of each assessed and labelled slice its examination, its label and its averaged logit."""
    parts: list[tuple[NDArray[np.int64], Labels, Numbers]] = []
    for number, each in enumerate(examinations):
        if not each.labels or sum(logit is not None for logit in each.logits) < least:
            continue
        values = averaged(each.logits, reach, slabs)
        known = np.isfinite(values)
        labels = np.array(each.labels, dtype=np.int64)[known]
        parts.append((np.full(len(labels), number), labels, values[known]))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    of, labels, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    return of, labels, values
