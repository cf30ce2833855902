"""The chapter on subgroups by columns of the table: age, sex, scanner and what else was named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from model.proportion import Proportion
from trainer.data.subgroup_columns import of_examination
from trainer.reports.chapters import number, share
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.reports.examinations import AssessedExamination
from trainer.reports.external import Assessed
from trainer.results.bootstrap import FEWEST_GROUPS
from trainer.results.strata import Stratum, strata
from trainer.results.subgroups import TOO_FEW

FEW = "too few"
COLUMNS = ("column", "value", "{unit}", "groups", "AUC (95 % CI)", "sensitivity", "specificity")


def of_images(assessed: Assessed, columns: Mapping[str, Sequence[str]]) -> tuple[Stratum, ...]:
    """The images that have a probability, at the card's default threshold.

    ``columns`` hold a value for each of ``assessed.images``.
    """
    known = [at for at, each in enumerate(assessed.results) if each.probability is not None]
    given = np.array([assessed.results[at].probability for at in known], dtype=np.float64)
    images = [assessed.images[at] for at in known]
    return strata(
        {name: [values[at] for at in known] for name, values in columns.items()},
        np.array([image.label for image in images], dtype=np.int64),
        given,
        given >= assessed.model.card.threshold,
        [f"{image.source}/{image.group}" for image in images],
    )


def of_examinations(
    assessed: Assessed,
    found: Sequence[AssessedExamination],
    columns: Mapping[str, Sequence[str]],
) -> tuple[Stratum, ...]:
    """The examinations as the program flags them; one without a decision is not flagged."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, image in enumerate(assessed.images):
        members[image.source, image.group].append(at)
    own = [members[each.source, each.group] for each in found]
    margins = [each.decision.margin if each.decision else np.nan for each in found]
    return strata(
        {
            name: [of_examination([v[at] for at in part]) for part in own]
            for name, v in columns.items()
        },
        np.array([each.label for each in found], dtype=np.int64),
        np.array(margins, dtype=np.float64),
        np.array([each.is_flagged for each in found], dtype=np.bool_),
        [f"{each.source}/{each.group}" for each in found],
    )


def chapter(images: Sequence[Stratum], examinations: Sequence[Stratum]) -> list[Block]:
    """Both tables with what must be known to read them; nothing without columns."""
    if not images:
        return []
    columns = ", ".join(dict.fromkeys(each.column for each in images))
    tables = [_table("assessed images, at the default threshold", "images", images)]
    if examinations:
        named = "examinations, as the program flags series"
        tables.append(_table(named, "examinations", examinations))
    return [Heading(f"Subgroups by {columns}"), Paragraph(_how()), *tables]


def _how() -> str:
    return (
        f"Fewer than {TOO_FEW} of what a figure counts: nothing can be compared, and the count "
        f"alone stands there, called “{FEW}”. With fewer than {FEWEST_GROUPS} groups of a class "
        "there is no CI, for images of one patient say the same thing several times. CI of rates "
        "are Wilson's. They take images as independent, so they are too narrow where groups hold "
        "several. “Groups” are those with a positive and those with a negative. An examination has "
        "a mark such as a fracture where one of its images has it. Differences between rows are "
        "not tested, and may be due to other things in which the rows differ: of many rows some "
        "differ by chance."
    )


def _table(named: str, unit: str, found: Sequence[Stratum]) -> Table:
    rows = tuple(
        (
            *(each.column, each.value, f"{each.count} ({each.positives} +)"),
            f"{each.groups[0]} +, {each.groups[1]} −",
            FEW if each.auc is None else number(each.auc),
            _rate(each.default.sensitivity, each.groups[0]),
            _rate(each.default.specificity, each.groups[1]),
        )
        for each in found
    )
    return Table(f"By column, {named}", tuple(c.format(unit=unit) for c in COLUMNS), rows)


def _rate(found: Proportion, groups: int) -> str:
    """With its CI; with its counts alone of too few, and without CI in too few groups."""
    counts = f"{found.count}/{found.total}"
    if found.total == 0:
        return "none"
    if found.total < TOO_FEW:
        return f"{counts}, {FEW}"
    if groups < FEWEST_GROUPS:
        return f"{100 * found.count / found.total:.1f} % ({counts}; no CI)"
    return share(found)
