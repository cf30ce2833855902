from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from desktop.tables.words import not_assessable, reason, series_result
from desktop.text.language import choose_language
from desktop.window.cells import result_line, small_font
from desktop.window.language import Language
from imaging.errors import Code, Problem
from model.image_result import Zone
from model.series_decision import SeriesDecision, SeriesRule
from tests.make.series_head import HEAD

COUNTS = "2 of 14 slices flagged"
REASON = "does not resemble the training data, and this sentence goes on for longer than any line"
NARROWEST = 172
"""Pixels beside the thumbnail of a series in the narrowest list, with its scroll bar."""


def test_a_line_with_room_is_whole(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    whole = f"Flagged · {COUNTS}"
    width = metrics.horizontalAdvance(whole)
    assert result_line(metrics, "Flagged", COUNTS, width + 2) == whole
    assert result_line(metrics, "Flagged", COUNTS, width - 2) != whole
    assert result_line(metrics, "Flagged", "", width) == "Flagged"


@pytest.mark.parametrize(("slices", "images"), [(True, 140), (False, 40)])
@pytest.mark.parametrize("share", [0, 1])
@pytest.mark.parametrize("probability", [0.1, 0.4, 0.6])
@pytest.mark.parametrize("zone", list(Zone))
def test_counts_are_never_cut(
    qapp: QApplication, zone: Zone, probability: float, share: int, slices: bool, images: int
) -> None:
    rule = SeriesRule.HEAD
    decision = SeriesDecision(rule, probability, 0.5, zone, share * images, images, 3, HEAD, None)
    parts = series_result(decision, slices)
    line = result_line(QFontMetrics(small_font(QFont())), *parts, NARROWEST)
    cut = " · ".join(parts).removeprefix(line.removesuffix("…"))
    assert not any(sign.isdigit() for sign in cut)


def test_of_a_long_reason_the_end_is_cut_and_the_result_stays(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    width = metrics.horizontalAdvance("Not assessable · does not resemble")
    told = result_line(metrics, "Not assessable", REASON, width)
    assert told.startswith("Not assessable · does")
    assert metrics.horizontalAdvance(told) <= width


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_image_with_a_reason_is_called_not_assessable_once(
    qapp: QApplication, language: str
) -> None:
    choose_language(language)
    shown = Language(qapp)
    shown.set_language(language)
    try:
        parts = not_assessable(), reason([Problem(Code.NOT_ASSESSABLE)])
        told = result_line(QFontMetrics(QFont()), *parts, 10_000)
        assert told == " · ".join(parts)
        assert told.count(parts[0]) == 1
    finally:
        shown.set_language("en")
        choose_language("en")
