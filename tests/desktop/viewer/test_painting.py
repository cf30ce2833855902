import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication

from desktop.viewer.painting import MOST_LINES, free_band, wrapped

AREA = QRectF(0, 0, 400, 300)
ROOM = QRectF(0, 0, 60, 20)


def test_a_measurements_text_stands_below_to_the_right() -> None:
    band = free_band(ROOM, [QPointF(100, 100), QPointF(120, 110)], AREA, [])
    assert band == QRectF(128, 114, 60, 20)


def test_texts_of_measurements_in_one_place_keep_clear_of_each_other() -> None:
    points = [QPointF(100, 100), QPointF(120, 110)]
    taken: list[QRectF] = []
    for _ in range(8):
        taken.append(free_band(ROOM, points, AREA, taken))
    pairs = [(one, other) for one in taken for other in taken if one is not other]
    assert not any(one.intersects(other) for one, other in pairs)


def test_the_text_stays_in_the_view() -> None:
    for corner in (QPointF(0, 0), QPointF(399, 0), QPointF(0, 299), QPointF(399, 299)):
        assert AREA.contains(free_band(ROOM, [corner, corner], AREA, []))


@pytest.mark.parametrize(
    "text",
    [
        "No other flagged, unread series here · 15 without a result so far",
        "没有已标记且未阅的序列 · 尚有 15 个序列没有结果，请稍后再看",
    ],
)
def test_a_long_line_of_the_overlay_is_wrapped_and_loses_no_word(
    qapp: QGuiApplication, text: str
) -> None:
    font = QFont()
    width = int(0.6 * QFontMetrics(font).horizontalAdvance(text))
    lines = wrapped(text, font, width)
    assert len(lines) == 2
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(QFontMetrics(font).horizontalAdvance(line) <= width for line in lines)
    assert wrapped(text, font, 10_000) == [text]


def test_a_line_without_end_fills_no_view(qapp: QGuiApplication) -> None:
    lines = wrapped("word " * 400, QFont(), 200)
    assert len(lines) == MOST_LINES
    assert lines[-1].endswith("…")
