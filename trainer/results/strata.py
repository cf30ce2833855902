"""How images, or examinations, fare by the values of a column, such as age or sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.confusion import Confusion, confusion_at
from model.probability import Numbers
from model.proportion import Interval
from trainer.data.subgroup_columns import in_order
from trainer.results import bootstrap
from trainer.results.metrics import Labels
from trainer.results.subgroups import TOO_FEW


@dataclass(frozen=True)
class Stratum:
    """The images, or examinations, that have one value of a column."""

    column: str
    value: str
    count: int
    positives: int
    groups: tuple[int, int]
    """In how many groups there is a positive, and a negative: patients, mostly."""
    auc: Interval | None
    """From resampling groups; None with fewer than TOO_FEW of either class that have a score."""
    default: Confusion
    """As flagged by the program."""


def strata(
    columns: Mapping[str, Sequence[str]],
    labels: Labels,
    scores: Numbers,
    flagged: NDArray[np.bool_],
    groups: Sequence[str],
) -> tuple[Stratum, ...]:
    """Of each column the values in their order; everything (N,), by image or by examination.

    ``scores`` are NaN where there is none: such a one is flagged or not, and counts in no AUC.
    """
    found = []
    for column, values in columns.items():
        for value in in_order(values):
            rows = np.flatnonzero(np.array(values) == value)
            own = [groups[int(row)] for row in rows]
            part = (labels[rows], scores[rows], flagged[rows], own)
            found.append(_stratum(column, value, *part))
    return tuple(found)


def _stratum(
    column: str,
    value: str,
    labels: Labels,
    scores: Numbers,
    flagged: NDArray[np.bool_],
    groups: Sequence[str],
) -> Stratum:
    known = np.flatnonzero(np.isfinite(scores))
    scored = [groups[int(row)] for row in known]
    enough = min((labels[known] == label).sum() for label in (0, 1)) >= TOO_FEW
    return Stratum(
        column,
        value,
        len(labels),
        int(labels.sum()),
        bootstrap.groups_of_classes(labels, groups),
        bootstrap.auc(labels[known], scores[known], scored) if enough else None,
        confusion_at(labels, flagged.astype(np.float64), 1.0),
    )
