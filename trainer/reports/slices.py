"""Slices in an external validation: each alone, and in context as the program shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.card import ModelCard
from model.probability import Numbers
from trainer.reports import chapters
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import Assessed
from trainer.results.evaluation import to_json
from trainer.results.slice_figures import SliceFigures, slice_figures
from trainer.results.source_names import FRESH, by_source

ALONE, IN_CONTEXT = "alone", "in context"
HOW = (
    "Slices that have a score in context, which is made of their own and those of the slices "
    "around them. It flags nothing in the program. Each at its own threshold of the card."
)
Figures = Mapping[str, Mapping[str, SliceFigures]]
"""Of the same slices, ALONE and IN_CONTEXT: of all, of each source, and of those that are none of
the run's."""


def figures(assessed: Assessed, scores: Numbers) -> Figures:
    """How slices fare that have a score in context (N,), not NaN; empty where no image has one."""
    known = np.isfinite(scores)
    if not known.any():
        return {}
    groups = [f"{each.source}/{each.group}" for each in assessed.images]
    examinations = np.unique(np.array(groups, dtype=np.str_), return_inverse=True)[1]
    alone = [np.nan if each.probability is None else each.probability for each in assessed.results]
    given = {ALONE: np.array(alone, dtype=np.float64), IN_CONTEXT: scores}
    return {
        name: {
            how: slice_figures(
                assessed.labels[inside],
                given[how][inside],
                given[how][inside] >= threshold,
                examinations.astype(np.int64)[inside],
            )
            for how, threshold in _thresholds(assessed.model.card).items()
        }
        for name, inside in _parts(assessed, known).items()
    }


def _parts(assessed: Assessed, known: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """By name which images (N,) count."""
    places = np.flatnonzero(known)
    own = by_source([assessed.images[at].source for at in places])
    every = np.arange(len(known))
    parts = {name: np.isin(every, places[inside]) for name, inside in own.items()}
    fresh = known & (np.array(assessed.uses, dtype=np.str_) == "")
    return parts | ({FRESH: fresh} if 0 < fresh.sum() < known.sum() else {})


def _thresholds(card: ModelCard) -> dict[str, float]:
    """Of a card that has scores in context."""
    assert card.series_head is not None
    assert card.series_head.context is not None
    return {ALONE: card.threshold, IN_CONTEXT: card.series_head.context.point.threshold}


def chapter(found: Figures) -> list[Block]:
    """AUC, sensitivity and specificity, by source; nothing where there are none."""
    if not found:
        return []
    rows = tuple(
        chapters.of_slices(f"{name}, {how}", each)
        for name, part in found.items()
        for how, each in part.items()
    )
    return [
        Heading("Slices in context"),
        Paragraph(f"{HOW} {chapters.INTERVALS_OF_SLICES}"),
        Table("The same slices, alone and in context", chapters.SLICES, rows),
    ]


def numbers(card: ModelCard, found: Figures) -> dict[str, Any]:
    """JSON's values: thresholds, and every figure of the chapter; empty where there are none."""
    return {"thresholds": _thresholds(card), "figures": to_json(found)} if found else {}
