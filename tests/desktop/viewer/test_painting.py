from PySide6.QtCore import QPointF, QRectF

from desktop.viewer.painting import free_band

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
