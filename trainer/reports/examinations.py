"""Examinations in an external validation: what the program says of the series of each patient.

The labels' groups are the patients. The images of each go the program's way into series, and
``SeriesRules`` decides on each series, so that what is evaluated is what the program shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from imaging.files.natural_order import name_key
from model.confusion import Confusion, confusion_at
from model.probability import Numbers
from model.series_decision import SeriesDecision, SeriesRule, SeriesRules
from model.series_head import SeriesHead
from model.series_result import SeriesResult, series_results
from trainer.reports import series_calibration_chapter
from trainer.reports.chapters import INTERVALS_OF_EXAMINATIONS, number, share
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.external import Assessed
from trainer.results import bootstrap
from trainer.results.evaluation import to_json
from trainer.results.series_calibration import SeriesCalibration, series_calibration
from trainer.results.source_names import FRESH, by_source

FEWEST = SeriesHead.least
"""A group of fewer images is no examination: no series head can assess it."""
CALIBRATED = (
    "Of the examinations on which the series head decided, by their most suspicious series: that "
    "with the greatest probability, if there are several."
)


@dataclass(frozen=True)
class AssessedExamination:
    """The images of one patient of a source, with the decision on the most suspicious series."""

    source: str
    group: str
    label: int
    """1 where one of the images has the finding."""
    decision: SeriesDecision | None
    """None where no series has FEWEST assessed images: it counts as not flagged."""
    is_fresh: bool
    """Whether the model's run has used none of its images, as far as the card tells."""

    @property
    def is_flagged(self) -> bool:
        """Whether the program flags one of its series."""
        return self.decision is not None and self.decision.is_flagged


def assessed_examinations(assessed: Assessed) -> list[AssessedExamination]:
    """Every group of at least FEWEST images, in the order of the images.

    The most suspicious series is a flagged one if there is any, else the one nearest to that.
    """
    rules = SeriesRules(assessed.model.card, assessed.model.card.threshold)
    found = []
    for part, series in _series(assessed):
        source, group = assessed.images[part[0]].source, assessed.images[part[0]].group
        decisions = [
            decision
            for each in series
            if each.n_assessed >= FEWEST and (decision := rules.of(each)) is not None
        ]
        if len(part) >= FEWEST:
            worst = min(
                decisions, key=lambda each: (not each.is_flagged, *each.suspicion), default=None
            )
            label = max(assessed.images[at].label for at in part)
            fresh = not any(assessed.uses[at] for at in part)
            found.append(AssessedExamination(source, group, label, worst, fresh))
    return found


def in_context(assessed: Assessed) -> Numbers:
    """The score in context that the program gives each image (N,); NaN where it gives none."""
    rules = SeriesRules(assessed.model.card, assessed.model.card.threshold)
    scores = np.full(len(assessed.images), np.nan)
    for part, series in _series(assessed):
        for each in series:
            for place, score in rules.in_context(each).items():
                if assessed.results[part[place]].probability is not None:
                    scores[part[place]] = score
    return scores


def _series(assessed: Assessed) -> Iterator[tuple[list[int], list[SeriesResult]]]:
    """The places of each group's images in the order of their names, and the series that they make.

    The series' members are places in that list.
    """
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, image in enumerate(assessed.images):
        members[image.source, image.group].append(at)
    for part in members.values():
        ordered = sorted(part, key=lambda at: name_key(assessed.images[at].image_id))
        yield ordered, series_results([assessed.results[at] for at in ordered])


def counts(found: Sequence[AssessedExamination]) -> Confusion:
    """Examinations by label and by whether a series of theirs is flagged."""
    labels = np.array([each.label for each in found], dtype=np.int64)
    flagged = np.array([each.is_flagged for each in found], dtype=np.float64)
    return confusion_at(labels, flagged, 1.0)


def chapter(found: Sequence[AssessedExamination]) -> list[Block]:
    """Sensitivity, specificity and AUC per examination, by source; nothing where there are none."""
    if not found:
        return []
    table = Table(
        "As the program flags series, at its own threshold for series",
        ("", "examinations", "AUC", "sensitivity", "specificity"),
        tuple(_row(name, part) for name, part in _parts(found).items()),
    )
    calibrated = series_calibration_chapter.chapter(calibrations(found), CALIBRATED)
    return [Heading("Examinations"), Paragraph(_how(found)), table, *calibrated]


def _parts(found: Sequence[AssessedExamination]) -> dict[str, list[AssessedExamination]]:
    """The examinations of each row: all, those of each source, and those none of the run's."""
    parts = {
        name: [each for each, here in zip(found, inside, strict=True) if here]
        for name, inside in by_source([each.source for each in found]).items()
    }
    fresh = [each for each in found if each.is_fresh]
    return parts | ({FRESH: fresh} if 0 < len(fresh) < len(found) else {})


def calibrations(found: Sequence[AssessedExamination]) -> dict[str, SeriesCalibration]:
    """By the names of the chapter's rows: how well a series head's probabilities fit.

    The rule of single images gives a series no probability of its own.
    """
    by_head = [each for each in found if _by_head(each) is not None]
    return {name: _calibration(part) for name, part in _parts(by_head).items()}


def _by_head(examination: AssessedExamination) -> float | None:
    """The probability that the series head gives; None where it did not decide."""
    decision = examination.decision
    if decision is None or decision.rule is not SeriesRule.HEAD:
        return None
    return decision.probability


def _calibration(part: Sequence[AssessedExamination]) -> SeriesCalibration:
    return series_calibration(
        np.array([each.label for each in part], dtype=np.int64),
        np.array([_by_head(each) for each in part], dtype=np.float64),
        [f"{each.source}/{each.group}" for each in part],
    )


def _how(found: Sequence[AssessedExamination]) -> str:
    rules = Counter(each.decision.rule for each in found if each.decision is not None)
    without = [each.label for each in found if each.decision is None]
    return (
        f"A group of at least {FEWEST} images is one examination. It is flagged where one of its "
        f"series is. The series head decided on {rules[SeriesRule.HEAD]} of {len(found)}, the rule "
        f"of single images on {rules[SeriesRule.IMAGES]}. In {len(without)} ({sum(without)} +) no "
        f"series has {FEWEST} assessed images: they count as not flagged and are in no AUC. "
        f"{INTERVALS_OF_EXAMINATIONS}"
    )


def _row(name: str, part: Sequence[AssessedExamination]) -> tuple[str, ...]:
    decided = [(each, each.decision) for each in part if each.decision is not None]
    labels = np.array([each.label for each, _ in decided], dtype=np.int64)
    margins = np.array([decision.margin for _, decision in decided], dtype=np.float64)
    area = ""
    if len(set(labels.tolist())) == 2:
        groups = [f"{each.source}/{each.group}" for each, _ in decided]
        area = number(bootstrap.auc(labels, margins, groups))
    rates = counts(part)
    shares = share(rates.sensitivity), share(rates.specificity)
    return (name, f"{len(part)} ({sum(each.label for each in part)} +)", area, *shares)


def numbers(found: Sequence[AssessedExamination]) -> dict[str, Any]:
    """JSON's values: counts, by which rule the program decided (or "none"), and calibration."""
    by_rule = Counter(str(each.decision.rule) if each.decision else "none" for each in found)
    return {
        "counts": to_json(counts(found)),
        "by_rule": dict(by_rule),
        "calibration": to_json(calibrations(found)),
    }


def table_of(found: Sequence[AssessedExamination]) -> str:
    """The table of examinations.csv: what the program says of each."""
    columns = ("source", "group", "label", "probability", "threshold", "prediction", "zone", "rule")
    rows = [(each.source, each.group, each.label, *_cells(each.decision)) for each in found]
    return str(pd.DataFrame(rows, columns=list(columns)).to_csv(index=False))


def _cells(decision: SeriesDecision | None) -> tuple[object, ...]:
    if decision is None:
        return None, None, 0, "", ""
    flagged, zone, rule = int(decision.is_flagged), str(decision.zone), str(decision.rule)
    return decision.probability, decision.threshold, flagged, zone, rule
