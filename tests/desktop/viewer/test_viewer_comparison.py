import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.viewer.comparison import Comparison
from desktop.viewer.tools import Tool
from imaging.image import Window
from tests.make.viewing import Button, Modifier, ct, drag, grey

FOUR = [Window(80, 40), Window(200, 80), Window(40, 40), Window(2800, 600)]


@pytest.fixture
def comparison(qtbot: QtBot) -> Comparison:
    """Four views of about 400 by 300 with a CT slice that has a window of its own."""
    made = Comparison()
    qtbot.addWidget(made)
    made.resize(802, 602)
    made.show()
    made.show_image(ct(own=Window(85, 35)), "1/2")
    return made


def windows(comparison: Comparison) -> list[Window]:
    return [viewer.display.window for viewer in comparison.viewers]


def test_brain_subdural_stroke_and_bone(comparison: Comparison) -> None:
    assert windows(comparison) == FOUR


def test_each_window_is_dragged_alone_and_escape_brings_it_back(comparison: Comparison) -> None:
    drag(comparison.viewers[1], Button.LeftButton, 0, 64)
    assert windows(comparison) == [FOUR[0], Window(200, 30), FOUR[2], FOUR[3]]
    QTest.keyClick(comparison.viewers[1], Qt.Key.Key_Escape)
    assert windows(comparison) == FOUR


def test_grey_pictures_keep_their_grey(comparison: Comparison) -> None:
    comparison.show_image(grey(), "1/1", "pictures")
    assert windows(comparison) == [Window(255, 127.5)] * 4


def test_zoom_and_pan_are_linked(comparison: Comparison) -> None:
    moved = comparison.viewers[3]
    moved.zoom(2.0)
    drag(moved, Button.MiddleButton, 30, -20, start=QPoint(100, 100))
    for viewer in comparison.viewers:
        assert viewer.display.placement.zoom == moved.display.placement.zoom
        assert viewer.display.placement.centre == moved.display.placement.centre
    QTest.keyClick(moved, Qt.Key.Key_Return, Modifier.ControlModifier)
    assert all(viewer.display.fitted for viewer in comparison.viewers)


def test_tool_is_the_same_in_all(comparison: Comparison) -> None:
    comparison.viewers[2].set_tool(Tool.PAN)
    assert {viewer.tool for viewer in comparison.viewers} == {Tool.PAN}


def test_steps_of_any_view_are_asked_once(comparison: Comparison) -> None:
    got: list[int] = []
    comparison.step_requested.connect(got.append)
    QTest.keyClick(comparison.viewers[2], Qt.Key.Key_Down)
    assert got == [1]


def test_hidden_identity_and_clear_reach_all(comparison: Comparison) -> None:
    comparison.set_identity_hidden(True)
    comparison.clear()
    for viewer in comparison.viewers:
        assert viewer.display.identity_hidden
        assert viewer.accessibleDescription() == "No scan"
