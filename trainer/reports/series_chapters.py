"""The chapters of a series head's report: examinations, cut and doubled series, slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.confusion import Confusion, confusion_at
from model.series_head import Logits, SeriesHead
from model.slice_context import SliceContext
from trainer.reports import chapters, series_calibration_chapter
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results import bootstrap, series_fit, slice_fit
from trainer.results.series_calibration import SeriesCalibration, series_calibration
from trainer.results.series_fit import CrossValidated, Examination
from trainer.results.slice_figures import SliceFigures, slice_figures
from trainer.results.slice_fit import AssessedSlices
from trainer.results.source_names import by_source


def fares(found: Sequence[Examination], validated: CrossValidated) -> list[Block]:
    """Sensitivity and specificity of the examinations, by source."""
    rows = []
    for source, inside in _rows(found).items():
        counts = confusion_at(validated.labels[inside], validated.called[inside].astype(float), 0.5)
        groups = _groups(found, inside)
        area = bootstrap.auc(validated.labels[inside], validated.probabilities[inside], groups)
        size = f"{inside.sum()} ({validated.labels[inside].sum()} +)"
        rows.append((source, size, chapters.number(area), *_shares(counts)))
    return [
        Heading("Examinations"),
        Paragraph(f"{chapters.INTERVALS_OF_EXAMINATIONS} A group is a patient."),
        Table(
            "Out of fold by patient: head and default threshold come from the other folds",
            ("", "examinations", "AUC", "sensitivity", "specificity"),
            tuple(rows),
        ),
    ]


def _rows(found: Sequence[Examination]) -> dict[str, NDArray[np.bool_]]:
    """Which examinations (N,) are of each source, and of all where there are several."""
    return by_source([each.source for each in found])


def _groups(found: Sequence[Examination], inside: NDArray[np.bool_]) -> list[str]:
    return [f"{e.source}/{e.group}" for e, here in zip(found, inside, strict=True) if here]


def calibrations(
    found: Sequence[Examination], validated: CrossValidated
) -> dict[str, SeriesCalibration]:
    """By source: how well probabilities fit that heads of other patients gave."""
    return {
        name: series_calibration(
            validated.labels[inside], validated.probabilities[inside], _groups(found, inside)
        )
        for name, inside in _rows(found).items()
    }


def calibration(found: Sequence[Examination], validated: CrossValidated) -> list[Block]:
    """Brier, slope and intercept of the examinations, out of fold."""
    return series_calibration_chapter.chapter(calibrations(found, validated), CALIBRATED)


def _shares(counts: Confusion) -> tuple[str, str]:
    return chapters.share(counts.sensitivity), chapters.share(counts.specificity)


def robust(found: Sequence[Examination], validated: CrossValidated) -> list[Block]:
    """How the examinations fare when their series are cut or doubled, by one head for all."""
    head = series_fit.fit(found)
    rows = []
    for name, change in CHANGES.items():
        given = [head.probability(change(each.logits)) for each in found]
        known = np.array([value is not None for value in given])
        labels = validated.labels[known]
        values = np.array([value for value in given if value is not None])
        counts = confusion_at(labels, values, head.threshold())
        rows.append((name, f"{known.sum()} ({labels.sum()} +)", *_shares(counts)))
    return [
        Heading("Cut and doubled series"),
        Paragraph(
            "The head was fitted to these examinations, so every row is optimistic: compare the "
            "rows with the first."
        ),
        Table(
            "At the default threshold",
            ("series", "examinations", "sensitivity", "specificity"),
            tuple(rows),
        ),
    ]


CALIBRATED = (
    "Out of fold by patient: each probability is that of a head of the other folds. The network "
    "itself was not fitted anew. If it learnt from these images, that is optimistic."
)
CHANGES: dict[str, Callable[[Logits], Logits]] = {
    "as they are": lambda logits: logits,
    "every second image": lambda logits: logits[::2],
    "every image twice": lambda logits: tuple(np.repeat(np.array(logits, dtype=object), 2)),
    "every image four times": lambda logits: tuple(np.repeat(np.array(logits, dtype=object), 4)),
    "one image in four not assessable": lambda logits: tuple(
        None if place % 4 == 3 else each for place, each in enumerate(logits)
    ),
    "without the lowest third": lambda logits: logits[len(logits) // 3 :],
    "without the highest third": lambda logits: logits[: len(logits) - len(logits) // 3],
}
"""Series as other scanners and senders would have made them of the same heads."""


REACHES = {"alone": 0, "with its neighbours": 1, "in context": SliceContext.reach}
"""How many slices on either side a slice is averaged with."""


def slices(found: Sequence[Examination]) -> list[Block]:
    """AUC, sensitivity and specificity of the slices, alone and in context, by source.

    Nothing where too few of the examinations have labelled slices.
    """
    try:
        assessed = {name: slice_fit.cross_validated(found, at) for name, at in REACHES.items()}
    except ValueError:
        return []
    rows = [
        chapters.of_slices(f"{source}, {how}", _figures(slices, inside))
        for source, inside in _rows(found).items()
        for how, slices in assessed.items()
    ]
    return [Heading("Slices"), Paragraph(f"{HOW} {chapters.INTERVALS_OF_SLICES}"), _table(rows)]


HOW = (
    "Each slice alone, averaged with its neighbours (1 2 1), and in context (1 2 3 4 3 2 1). "
    "The AUC is of averaged logits, in which nothing is fitted. Regression and threshold of a "
    "slice come from other patients. If the model learnt from these images, all is optimistic."
)


def _table(rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(f"At the threshold of each. {slice_fit.RULE}", chapters.SLICES, tuple(rows))


def _figures(slices: AssessedSlices, examinations: NDArray[np.bool_]) -> SliceFigures:
    """Of the slices of these examinations (N,)."""
    inside = examinations[slices.examinations]
    return slice_figures(
        slices.labels[inside],
        slices.averaged[inside],
        slices.called[inside],
        slices.examinations[inside],
    )


def thresholds(head: SeriesHead) -> list[Block]:
    """The operating points with their rules, and what they give where they were chosen."""
    rows = tuple(
        (
            *(each.name, f"{each.threshold:.3f}"),
            *_shares(head.evidence.fitted(each.threshold)),
            each.rule,
        )
        for each in head.thresholds
    )
    labels = head.evidence.labels
    balance = (
        "The probability is of a series drawn from as many with the finding as without: both "
        "labels count alike in the regression. Head and thresholds were chosen on these "
        f"{len(labels)} ({sum(labels)} +) examinations, so sensitivity and specificity are "
        "optimistic here."
    )
    columns = ("", "threshold", "sensitivity", "specificity", "rule")
    table = Table("On the series' probability", columns, rows)
    return [Heading("Operating points"), Paragraph(balance), table, *of_context(head.context)]


def of_context(context: SliceContext | None) -> list[Block]:
    """The operating point on a slice's score in context; nothing without one."""
    if context is None:
        return []
    point = context.point
    row = (point.name, f"{point.threshold:.3f}", point.rule)
    return [Table("On a slice's score in context", ("", "threshold", "rule"), (row,))]
