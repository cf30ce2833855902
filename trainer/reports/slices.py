"""Slices in an external validation: each alone, and in context as the program shows it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.probability import Numbers
from trainer.reports import chapters
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import FRESH, Assessed

HOW = (
    "Slices that have a score in context, which is made of their own and those of the slices "
    "around them. It flags nothing in the program. Each at its own threshold of the card."
)


def chapter(assessed: Assessed, scores: Numbers) -> list[Block]:
    """AUC, sensitivity and specificity of slices alone and in context (N,), by source.

    Nothing where no image has a score in context.
    """
    known = np.isfinite(scores)
    if not known.any():
        return []
    names = np.array([image.source for image in assessed.images], dtype=np.str_)
    sources = np.unique(names[known]).tolist()
    parts = [("all", known)] if len(sources) > 1 else []
    parts += [(source or "not named", known & (names == source)) for source in sources]
    fresh = known & (np.array(assessed.uses, dtype=np.str_) == "")
    parts += [(FRESH, fresh)] if 0 < fresh.sum() < known.sum() else []
    rows = [row for name, inside in parts for row in _rows(assessed, scores, name, inside)]
    columns = ("", "slices", "examinations", "AUC", "sensitivity", "specificity")
    return [
        Heading("Slices in context"),
        Paragraph(f"{HOW} {chapters.INTERVALS_OF_SLICES}"),
        Table("The same slices, alone and in context", columns, tuple(rows)),
    ]


def numbers(assessed: Assessed, scores: Numbers) -> dict[str, Any]:
    """JSON's values of the same slices; empty without any."""
    known, found = np.isfinite(scores), {}
    for how, (given, threshold) in _scores(assessed, scores).items():
        labels, called = assessed.labels[known], given[known] >= threshold
        counts = {
            name: {"count": int((called[labels == label] == right).sum()), "total": total}
            for name, label, right in (("sensitivity", 1, True), ("specificity", 0, False))
            if (total := int((labels == label).sum()))
        }
        found[how] = {"threshold": threshold} | counts
    return found


def _scores(assessed: Assessed, scores: Numbers) -> dict[str, tuple[Numbers, float]]:
    """By name the scores (N,) with their threshold; empty without scores in context."""
    card = assessed.model.card
    context = None if card.series_head is None else card.series_head.context
    if context is None or not np.isfinite(scores).any():
        return {}
    alone = [np.nan if each.probability is None else each.probability for each in assessed.results]
    return {
        "alone": (np.array(alone, dtype=np.float64), card.threshold),
        "in context": (scores, context.point.threshold),
    }


def _rows(
    assessed: Assessed, scores: Numbers, name: str, inside: NDArray[np.bool_]
) -> list[tuple[str, ...]]:
    groups = [f"{each.source}/{each.group}" for each in assessed.images]
    _, of_each = np.unique(np.array(groups, dtype=np.str_), return_inverse=True)
    labels, of = assessed.labels[inside], of_each.astype(np.int64)[inside]
    size = f"{len(labels)} ({labels.sum()} +)", str(len(np.unique(of)))
    return [
        (
            f"{name}, {how}",
            *size,
            *chapters.of_slices(labels, given[inside], given[inside] >= threshold, of),
        )
        for how, (given, threshold) in _scores(assessed, scores).items()
    ]
