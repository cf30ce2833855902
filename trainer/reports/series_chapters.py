"""The chapters of a series head's report: examinations, cut and doubled series, single images."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from imaging.files.natural_order import path_key
from model.confusion import Confusion, confusion_at
from model.series_head import Logits, SeriesHead, in_context
from trainer.reports import chapters
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results import bootstrap, series_fit
from trainer.results.series_fit import CrossValidated, Examination, ScoredImage


def fares(found: Sequence[Examination], validated: CrossValidated) -> list[Block]:
    """Sensitivity and specificity of the examinations, by source."""
    sources = sorted({each.source for each in found})
    rows = []
    for source in ("", *sources) if len(sources) > 1 else sources:
        inside = np.array([source in ("", each.source) for each in found])
        counts = confusion_at(validated.labels[inside], validated.called[inside].astype(float), 0.5)
        groups = [f"{e.source}/{e.group}" for e, here in zip(found, inside, strict=True) if here]
        area = bootstrap.auc(validated.labels[inside], validated.probabilities[inside], groups)
        rows.append(
            (
                source or "all",
                f"{inside.sum()} ({validated.labels[inside].sum()} +)",
                chapters.number(area),
                *_shares(counts),
            )
        )
    return [
        Heading("Examinations"),
        Paragraph(f"{chapters.INTERVALS_OF_EXAMINATIONS} A group is a patient."),
        Table(
            "Out of fold by patient: head and default threshold come from the other folds",
            ("", "examinations", "AUC", "sensitivity", "specificity"),
            tuple(rows),
        ),
    ]


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


def images(scored: Sequence[ScoredImage]) -> list[Block]:
    """AUC of the assessable images, each alone and averaged with its neighbours, by source."""
    rows = []
    for source in sorted({each.source for each in scored}):
        part = sorted(
            (each for each in scored if each.source == source and each.logit is not None),
            key=lambda each: path_key((each.group, each.image_id)),
        )
        labels = np.array([each.label for each in part], dtype=np.int64)
        groups = [each.group for each in part]
        alone = np.array([each.logit for each in part], dtype=np.float64)
        context = np.empty(len(part))
        for group in set(groups):
            inside = np.array([each == group for each in groups])
            context[inside] = in_context(alone[inside], SeriesHead.neighbour)
        areas = (bootstrap.auc(labels, values, groups) for values in (alone, context))
        rows.append((source, f"{len(part)} ({labels.sum()} +)", *map(chapters.number, areas)))
    return [
        Heading("Images"),
        Table(
            "AUC with 95 % CI that draw patients; the model was not fitted anew. If it learnt from "
            "these images, that is optimistic",
            ("", "assessed images", "each alone", "averaged with its neighbours"),
            tuple(rows),
        ),
    ]


def thresholds(head: SeriesHead) -> list[Block]:
    """The operating points with their rules."""
    rows = tuple((each.name, f"{each.threshold:.3f}", each.rule) for each in head.thresholds)
    balance = (
        "The probability is of a series drawn from as many with the finding as without: both "
        "labels count alike in the regression."
    )
    table = Table("On the series' probability", ("", "threshold", "rule"), rows)
    return [Heading("Operating points"), Paragraph(balance), table]
