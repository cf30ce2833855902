"""Examinations in an external validation: what the program says of the series of each patient.

The labels' groups are the patients. The images of each go the program's way into series, and
``SeriesRules`` decides on each series, so that what is evaluated is what the program shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from imaging.files.natural_order import name_key
from model.confusion import Confusion, confusion_at
from model.series_decision import SeriesDecision, SeriesRule, SeriesRules
from model.series_result import series_results
from trainer.reports.chapters import INTERVALS, number, share
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import Assessed
from trainer.results import bootstrap
from trainer.results.evaluation import to_json

FEWEST = 8
"""A group without a series of so many assessed images is no examination."""


@dataclass(frozen=True)
class AssessedExamination:
    """The images of one patient of a source, with the decision on the most suspicious series."""

    source: str
    group: str
    label: int
    """1 where one of the images has the finding."""
    decision: SeriesDecision


def assessed_examinations(assessed: Assessed) -> list[AssessedExamination]:
    """Every group with a series of at least FEWEST assessed images, in the order of the images.

    The most suspicious series is a flagged one if there is any, else the one nearest to that.
    """
    rules = SeriesRules(assessed.model.card, assessed.model.card.threshold)
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, image in enumerate(assessed.images):
        members[image.source, image.group].append(at)
    found = []
    for (source, group), part in members.items():
        ordered = sorted(part, key=lambda at: name_key(assessed.images[at].image_id))
        series = series_results([assessed.results[at] for at in ordered])
        decisions = [
            decision
            for each in series
            if each.n_assessed >= FEWEST and (decision := rules.of(each)) is not None
        ]
        if decisions:
            worst = min(decisions, key=lambda each: (not each.is_flagged, *each.suspicion))
            label = max(assessed.images[at].label for at in part)
            found.append(AssessedExamination(source, group, label, worst))
    return found


def counts(found: Sequence[AssessedExamination]) -> Confusion:
    """Examinations by label and by whether a series of theirs is flagged."""
    labels = np.array([each.label for each in found], dtype=np.int64)
    flagged = np.array([each.decision.is_flagged for each in found], dtype=np.float64)
    return confusion_at(labels, flagged, 1.0)


def chapter(found: Sequence[AssessedExamination]) -> list[Block]:
    """Sensitivity, specificity and AUC per examination, by source; nothing where there are none."""
    if not found:
        return []
    sources = sorted({each.source for each in found})
    parts = [("all", list(found))] if len(sources) > 1 else []
    parts += [(name or "not named", [e for e in found if e.source == name]) for name in sources]
    table = Table(
        "As the program flags series, at its own threshold for series",
        ("", "examinations", "AUC", "sensitivity", "specificity"),
        tuple(_row(name, part) for name, part in parts),
    )
    return [Heading("Examinations"), Paragraph(_how(found)), table]


def _how(found: Sequence[AssessedExamination]) -> str:
    by_head = sum(each.decision.rule is SeriesRule.HEAD for each in found)
    return (
        f"A group with a series of at least {FEWEST} assessed images is one examination. It is "
        f"flagged where one of its series is. The series head decided on {by_head} of "
        f"{len(found)}, the rule of single images on the others. {INTERVALS}"
    )


def _row(name: str, part: Sequence[AssessedExamination]) -> tuple[str, ...]:
    labels = np.array([each.label for each in part], dtype=np.int64)
    margins = np.array([each.decision.margin for each in part], dtype=np.float64)
    area = ""
    if len(set(labels.tolist())) == 2:
        groups = [f"{each.source}/{each.group}" for each in part]
        area = number(bootstrap.auc(labels, margins, groups))
    rates = counts(part)
    shares = share(rates.sensitivity), share(rates.specificity)
    return (name, f"{len(part)} ({labels.sum()} +)", area, *shares)


def numbers(found: Sequence[AssessedExamination]) -> dict[str, Any]:
    """JSON's values of the counts, and by which rule the program decided."""
    by_rule = Counter(str(each.decision.rule) for each in found)
    return {"counts": to_json(counts(found)), "by_rule": dict(by_rule)}


def table_of(found: Sequence[AssessedExamination]) -> str:
    """The table of examinations.csv: what the program says of each."""
    columns = ("source", "group", "label", "probability", "threshold", "prediction", "zone", "rule")
    rows = [
        (
            *(each.source, each.group, each.label, each.decision.probability),
            *(each.decision.threshold, int(each.decision.is_flagged)),
            *(str(each.decision.zone), str(each.decision.rule)),
        )
        for each in found
    ]
    return str(pd.DataFrame(rows, columns=list(columns)).to_csv(index=False))
