from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from desktop.window.cells import result_line

RESULT, COUNTS = "Uncertain: slices flagged, series below", "2 of 14 slices flagged"
REASON = "does not resemble the training data, and this sentence goes on for longer than any line"


def test_a_line_with_room_is_whole(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    whole = f"{RESULT} · {COUNTS}"
    width = metrics.horizontalAdvance(whole)
    assert result_line(metrics, RESULT, COUNTS, width) == whole
    assert result_line(metrics, RESULT, COUNTS, width - 1) != whole
    assert result_line(metrics, RESULT, "", width) == RESULT


def test_counts_are_never_cut_before_the_result(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    width = metrics.horizontalAdvance(f"Uncertain… · {COUNTS}")
    told = result_line(metrics, RESULT, COUNTS, width)
    assert told.endswith(f" · {COUNTS}")
    assert told.startswith("Uncert")
    assert metrics.horizontalAdvance(told) <= width


def test_of_a_long_reason_the_end_is_cut_and_the_result_stays(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    width = metrics.horizontalAdvance("Not assessable · does not resemble")
    told = result_line(metrics, "Not assessable", REASON, width)
    assert told.startswith("Not assessable · does")
    assert metrics.horizontalAdvance(told) <= width
