"""The chapter gives each figure with its CI, and says where there are too few examinations."""

from __future__ import annotations

import math

from model.proportion import Interval
from trainer.reports.document import Paragraph, Table, to_markdown
from trainer.reports.series_calibration_chapter import COLUMNS, chapter
from trainer.results.calibration import NOTHING, Line
from trainer.results.series_calibration import SeriesCalibration

BARE = Interval(0.2, math.nan, math.nan)
MANY = SeriesCalibration(
    *(300, 120, Interval(0.123, 0.101, 0.145), 0.24),
    Line(Interval(0.91, 0.7, 1.12), Interval(-0.3, -0.5, -0.1)),
    -0.405,
)
SMALL = SeriesCalibration(12, 6, BARE, 0.25, Line(NOTHING, BARE), 0.0)
ONE_CLASS = SeriesCalibration(3, 0, BARE, 0.0, Line(NOTHING, NOTHING), math.nan)


def test_every_figure_has_its_count_and_ci_or_says_that_there_is_none() -> None:
    blocks = chapter({"east": MANY, "west": SMALL, "south": ONE_CLASS}, "Here.")
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert table.columns == COLUMNS
    assert table.rows == (
        (
            *("east", "300 (120 +)", "0.123 (0.101–0.145)", "0.240"),
            *("0.91 (0.70 to 1.12)", "−0.30 (−0.50 to −0.10)", "−0.41"),
        ),
        ("west", "12 (6 +)", "0.200 (no CI)", "0.250", "none", "0.20 (no CI)", "0.00"),
        ("south", "3 (0 +)", "0.200 (no CI)", "0.000", "none", "none", "none"),
    )
    (warning,) = (block for block in blocks if isinstance(block, Paragraph) and block.warning)
    assert "fewer than 100 of a class: west, south." in warning.text


def test_enough_examinations_are_no_warning_and_none_no_chapter() -> None:
    told = to_markdown("", chapter({"east": MANY}, "Here."))
    assert "Too few" not in told
    assert "> " not in told
    assert "There is none with fewer than 10 groups" in told
    assert chapter({}, "Here.") == []
