import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.viewer.stack_bar import StackBar

RED, BLUE = QColor(255, 0, 0), QColor(0, 0, 255)


def marks(*each: int) -> NDArray[np.uint8]:
    return np.array(each, dtype=np.uint8)


@pytest.fixture
def bar(qtbot: QtBot) -> StackBar:
    """A bar of 4 slices in 106 pixels: 25 for each, from 3 on; the third is marked."""
    made = StackBar()
    qtbot.addWidget(made)
    made.resize(18, 106)
    made.show()
    made.set_slices(marks(0, 0, 1, 0), [RED], 0)
    return made


def colour_at(bar: StackBar, y: int) -> QColor:
    return bar.grab().toImage().pixelColor(12, y)


def test_a_marked_slice_has_its_colour_where_it_lies(bar: StackBar) -> None:
    assert [colour_at(bar, y) == RED for y in (40, 52, 54, 65, 76, 79)] == [
        False,
        False,
        True,
        True,
        True,
        False,
    ]


def test_where_one_is_stands_over_the_marks(bar: StackBar) -> None:
    bar.set_slices(marks(0, 0, 1, 0), [RED], 2)
    assert colour_at(bar, 65) == QColor(255, 255, 255)


def test_a_marked_slice_of_many_is_not_lost(bar: StackBar) -> None:
    bar.set_slices(marks(*(int(number == 500) for number in range(1000))), [RED], None)
    assert any(colour_at(bar, y) == RED for y in range(50, 56))


@pytest.mark.parametrize("flagged", [0, 499, 998, 999])
def test_no_mark_of_less_weight_covers_one_of_more(bar: StackBar, flagged: int) -> None:
    shown = np.ones(1000, dtype=np.uint8)
    shown[flagged] = 2
    bar.set_slices(shown, [BLUE, RED], None)
    assert any(colour_at(bar, y) == RED for y in range(bar.height()))


@pytest.mark.parametrize(("y", "place"), [(0, 0), (27, 0), (29, 1), (77, 2), (79, 3), (105, 3)])
def test_a_press_asks_for_the_slice_there(bar: StackBar, y: int, place: int) -> None:
    wanted: list[int] = []
    bar.slice_wanted.connect(wanted.append)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(9, y))
    assert wanted == [place]


def test_without_a_series_there_is_nothing_to_ask_for(bar: StackBar) -> None:
    bar.set_slices(marks(), [RED], None)
    assert bar.slice_at(50.0) is None
    assert colour_at(bar, 50) == QColor(0, 0, 0)
