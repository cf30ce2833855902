import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.viewer.comparison import Comparison
from desktop.viewer.content import Content
from desktop.viewer.options import Overlay, ViewerOptions
from imaging.image import Window
from tests.make.viewing import Button, ct, drag, grey, turn

FOUR = [Window(80, 40), Window(200, 80), Window(40, 40), Window(2800, 600)]


@pytest.fixture
def comparison(qtbot: QtBot, content: Content, options: ViewerOptions) -> Comparison:
    """Four views of about 400 by 300 with a CT slice that has a window of its own."""
    made = Comparison(content, options)
    qtbot.addWidget(made)
    made.resize(802, 602)
    made.show()
    content.show(ct(own=Window(85, 35)), "1/2")
    return made


def windows(comparison: Comparison) -> list[Window]:
    return [viewer.display.window for viewer in comparison.viewers]


def test_brain_subdural_stroke_and_bone(comparison: Comparison) -> None:
    assert windows(comparison) == FOUR


def test_each_window_is_dragged_alone_and_escape_brings_it_back(comparison: Comparison) -> None:
    drag(comparison.viewers[1], Button.LeftButton, 0, 64)
    assert windows(comparison) == [FOUR[0], Window(200, 30), FOUR[2], FOUR[3]]
    comparison.viewers[1].display.reset()
    assert windows(comparison) == FOUR


def test_grey_images_keep_their_grey(comparison: Comparison, content: Content) -> None:
    content.show(grey(), "1/1", "images")
    assert windows(comparison) == [Window(255, 127.5)] * 4


def test_zoom_and_pan_are_linked(comparison: Comparison) -> None:
    moved = comparison.viewers[3]
    moved.display.zoom(2.0)
    drag(moved, Button.MiddleButton, 30, -20, start=QPoint(100, 100))
    for viewer in comparison.viewers:
        assert viewer.display.placement.zoom == moved.display.placement.zoom
        assert viewer.display.placement.centre == moved.display.placement.centre
    moved.display.fit()
    assert all(viewer.display.fitted for viewer in comparison.viewers)


def test_steps_of_any_view_are_asked_once(comparison: Comparison) -> None:
    got: list[int] = []
    comparison.step_requested.connect(got.append)
    turn(comparison.viewers[2], -120)
    assert got == [1]


def test_keys_go_to_the_view_that_was_clicked_last(comparison: Comparison, qtbot: QtBot) -> None:
    qtbot.waitExposed(comparison)
    comparison.activateWindow()
    comparison.setFocus()
    assert comparison.front is comparison.viewers[0]
    QTest.mouseClick(comparison.viewers[2], Button.LeftButton)
    assert comparison.front is comparison.viewers[2]


def test_a_small_view_has_the_minimal_overlay_at_most(
    comparison: Comparison, options: ViewerOptions
) -> None:
    seen = []
    for overlay in Overlay:
        options.overlay = overlay
        seen.append(comparison.viewers[0].display.overlay)
    assert seen == [Overlay.MINIMAL, Overlay.MINIMAL, Overlay.NONE]
