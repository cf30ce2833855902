"""The chapter on the calibration of series: Brier, slope and intercept per examination."""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.proportion import Interval
from trainer.reports.chapters import number, signed
from trainer.reports.document import Block, Heading, Paragraph, Table
from trainer.results.bootstrap import FEWEST_GROUPS
from trainer.results.series_calibration import FEW, SeriesCalibration

COLUMNS = (
    *("", "examinations", "Brier", "Brier of their share alone"),
    *("slope", "intercept", "intercept by their share alone"),
)


def chapter(found: Mapping[str, SeriesCalibration], how: str) -> list[Block]:
    """By the name of each set of examinations; ``how`` says in sentences which they are.

    Nothing where there are none.
    """
    rows = tuple(
        (
            name,
            f"{each.examinations} ({each.positives} +)",
            number(each.brier),
            f"{each.brier_of_share:.3f}",
            signed(each.line.slope),
            signed(each.line.intercept),
            signed(Interval(each.expected_intercept, math.nan, math.nan)).removesuffix(" (no CI)"),
        )
        for name, each in found.items()
    )
    if not rows:
        return []
    few = [name for name, each in found.items() if each.are_few]
    return [
        Heading("Calibration of series"),
        Paragraph(how),
        Table("Probability of the series head, per examination", COLUMNS, rows),
        Paragraph(_explained()),
        *([Paragraph(_too_few(few), warning=True)] if few else []),
    ]


def _explained() -> str:
    return (
        "Brier: the mean squared difference of probability and label. “Of their share alone” is "
        "that of always saying the share of positives. Slope: 1 is right, below 1 is "
        "overconfident. Intercept: how much too low the logits are on average, at slope 1. The "
        "head's probability is of as many examinations with the finding as without. So a perfect "
        "head has the intercept of the last column. 95 % CI of Brier draw groups, those of slope "
        f"and intercept are Wald's. There is none with fewer than {FEWEST_GROUPS} groups of a "
        "class. “None”: the classes are wholly apart, where no line can be fitted."
    )


def _too_few(names: list[str]) -> str:
    return (
        f"Too few examinations to rely on slope and intercept, fewer than {FEW} of a class: "
        f"{', '.join(names)}. Read their CI, not their value."
    )
