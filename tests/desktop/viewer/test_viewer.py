from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from desktop.viewer.tools import Tool
from desktop.viewer.viewer import Viewer
from imaging.image import Image, Window
from tests.make.viewing import MIDDLE, Button, Modifier, colour_at, ct, drag, grey, move, turn

# Opening, scrolling, series


@pytest.mark.parametrize(
    ("image", "window"),
    [
        (ct(), Window(80, 40)),
        (ct(own=Window(85, 35)), Window(85, 35)),
        (grey(), Window(255, 127.5)),
    ],
)
def test_series_opens_fitted_in_its_own_window(
    viewer: Viewer, image: Image, window: Window
) -> None:
    viewer.display.content.show(image, "1/9", "other")
    rows, columns = image.pixels.shape
    assert viewer.display.window == window
    assert viewer.display.placement.zoom == min(400 / columns, 300 / rows)
    assert viewer.display.placement.to_view((columns / 2, rows / 2)) == (200, 150)


def test_window_zoom_and_pan_stay_in_a_series(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.zoom(2.0)
    drag(viewer, Button.MiddleButton, 30, -20)
    before = viewer.display.placement
    viewer.display.content.show(ct(50.0, own=Window(85, 35)), "2/2")
    assert viewer.display.window == Window(200, 80)
    assert viewer.display.placement == before


def test_new_series_begins_anew(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.invert()
    viewer.display.zoom(2.0)
    viewer.display.content.show(ct(own=Window(85, 35)), "1/2", "other")
    assert viewer.display.window == Window(85, 35)
    assert viewer.display.placement.zoom == 3.0
    assert not viewer.display.inverted


def test_another_unit_never_inherits_a_window(viewer: Viewer) -> None:
    viewer.display.content.show(grey(), "2/2")
    assert viewer.display.window == Window(255, 127.5)


def test_fitted_stays_fitted_when_the_view_grows(viewer: Viewer) -> None:
    viewer.resize(400, 200)
    assert viewer.display.placement.zoom == 2.0
    viewer.display.zoom(2.0)
    viewer.resize(400, 300)
    assert viewer.display.placement.zoom == 4.0


def test_anisotropic_pixels_are_shown_in_true_proportions(viewer: Viewer) -> None:
    viewer.display.content.show(ct(spacing=(1.0, 0.5)), "1/1", "other")
    left, top = viewer.display.placement.to_view((0, 0))
    right, bottom = viewer.display.placement.to_view((100, 100))
    assert (right - left, bottom - top) == (150, 300)


def test_series_goes_on_after_an_image_that_could_not_be_read(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.content.clear()
    viewer.display.content.show(ct(), "3/3")
    assert viewer.display.window == Window(200, 80)


# The image


@pytest.mark.parametrize(
    ("window", "expected"),
    [(Window(80, 40), 128), (Window(80, 0), 255), (Window(80, 80), 0), (Window(160, 40), 128)],
)
def test_pixels_are_drawn_in_the_window(viewer: Viewer, window: Window, expected: int) -> None:
    viewer.display.set_window(window)
    assert colour_at(viewer, (50, 50)) == QColor(expected, expected, expected)


def test_inverted_swaps_black_and_white(viewer: Viewer) -> None:
    viewer.display.invert()
    assert colour_at(viewer, (25, 30)) == QColor(127, 127, 127)
    assert colour_at(viewer, (5, 30)) == QColor(255, 255, 255)


def test_around_the_image_is_black_in_any_palette(viewer: Viewer) -> None:
    viewer.setStyleSheet("background: white")
    assert colour_at(viewer, (-10, 30)) == QColor(0, 0, 0)
    viewer.display.content.clear()
    assert viewer.grab().toImage().pixelColor(200, 150) == QColor(0, 0, 0)


def test_window_on_screen_does_not_touch_the_image(viewer: Viewer) -> None:
    image = ct()
    before = np.array(image.pixels)
    viewer.display.content.show(image, "1/2")
    drag(viewer, Button.LeftButton, 40, 40)
    viewer.grab()
    np.testing.assert_array_equal(image.pixels, before)


# Mouse


@pytest.mark.parametrize(
    ("right", "down", "expected"),
    [
        (32, 0, Window(90, 40)),
        (-32, 0, Window(70, 40)),
        (0, 32, Window(80, 30)),
        (0, -32, Window(80, 50)),
        (64, 32, Window(100, 30)),
    ],
)
def test_left_drag_windows(viewer: Viewer, right: int, down: int, expected: Window) -> None:
    drag(viewer, Button.LeftButton, right, down)
    assert viewer.display.window == expected


def test_left_drag_with_ctrl_is_four_times_faster(viewer: Viewer) -> None:
    drag(viewer, Button.LeftButton, 32, 0, Modifier.ControlModifier)
    assert viewer.display.window == Window(120, 40)


def test_setting_turns_the_drag_round(viewer: Viewer) -> None:
    viewer.display.options.down_is_brighter = False
    drag(viewer, Button.LeftButton, 0, 32)
    assert viewer.display.window == Window(80, 50)


def test_left_drag_works_on_grey_values(viewer: Viewer) -> None:
    viewer.display.content.show(grey(), "1/1", "images")
    drag(viewer, Button.LeftButton, -256, 0)
    assert viewer.display.window == Window(1.0, 127.5)


def test_middle_drag_pans(viewer: Viewer) -> None:
    drag(viewer, Button.MiddleButton, 30, -21)
    assert viewer.display.placement.to_view((50, 50)) == pytest.approx((230, 129))
    assert viewer.display.window == Window(80, 40)


@pytest.mark.parametrize("down", [100, -100])
def test_right_drag_zooms_around_the_press(viewer: Viewer, down: int) -> None:
    start = QPoint(120, 130)
    under = viewer.display.placement.to_image((120, 130))
    drag(viewer, Button.RightButton, 0, down, start=start)
    assert viewer.display.placement.zoom == pytest.approx(3.0 * np.exp(down / 200))
    assert viewer.display.placement.to_image((120, 130)) == pytest.approx(under)


def test_right_click_asks_for_the_menu_and_does_not_zoom(viewer: Viewer) -> None:
    wanted: list[QPoint] = []
    viewer.menu_requested.connect(wanted.append)
    drag(viewer, Button.RightButton, 2, 2)
    assert wanted == [viewer.mapToGlobal(MIDDLE + QPoint(2, 2))]
    assert viewer.display.placement.zoom == 3.0


@pytest.mark.parametrize(("wheel", "steps"), [(120, [-1]), (-120, [1]), (-360, [3]), (-60, [])])
def test_wheel_steps_through_slices(viewer: Viewer, wheel: int, steps: list[int]) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    turn(viewer, wheel)
    assert got == steps


def test_fine_wheels_add_up(viewer: Viewer) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    for _ in range(8):
        turn(viewer, -30)
    assert got == [1, 1]


def test_ctrl_wheel_zooms_around_the_cursor(viewer: Viewer) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    turn(viewer, 120, Modifier.ControlModifier)
    assert viewer.display.placement.zoom == pytest.approx(3.0 * 1.15)
    assert viewer.display.placement.to_view((50, 50)) == pytest.approx((200, 150))
    assert got == []


def test_double_click_asks_to_maximise(viewer: Viewer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(viewer.maximise_requested):
        QTest.mouseDClick(viewer, Button.LeftButton, Modifier.NoModifier, MIDDLE)


@pytest.mark.parametrize(
    ("tool", "check"),
    [
        (Tool.PAN, lambda v: v.display.placement.to_view((50, 50)) == pytest.approx((200, 190))),
        (Tool.ZOOM, lambda v: v.display.placement.zoom == pytest.approx(3 * np.exp(0.2))),
    ],
)
def test_tool_changes_what_the_left_button_does(
    viewer: Viewer, tool: Tool, check: Callable[[Viewer], bool]
) -> None:
    viewer.display.options.tool = tool
    drag(viewer, Button.LeftButton, 0, 40)
    assert check(viewer)
    assert viewer.display.window == Window(80, 40)


def test_scroll_tool_steps(viewer: Viewer) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    viewer.display.options.tool = Tool.SCROLL
    drag(viewer, Button.LeftButton, 0, 32)
    drag(viewer, Button.LeftButton, 0, -16)
    assert (sum(got[:2]), sum(got[2:])) == (4, -2)


def test_second_button_does_not_disturb_a_drag(viewer: Viewer) -> None:
    QTest.mousePress(viewer, Button.LeftButton, Modifier.NoModifier, MIDDLE)
    QTest.mousePress(viewer, Button.RightButton, Modifier.NoModifier, MIDDLE)
    move(viewer, MIDDLE + QPoint(32, 0), Button.LeftButton)
    QTest.mouseRelease(viewer, Button.RightButton, Modifier.NoModifier, MIDDLE)
    move(viewer, MIDDLE + QPoint(64, 0), Button.LeftButton)
    QTest.mouseRelease(viewer, Button.LeftButton, Modifier.NoModifier, MIDDLE)
    assert viewer.display.window == Window(100, 40)
    assert viewer.display.placement.zoom == 3.0


def test_a_viewer_on_a_hidden_page_tells_what_it_shows_when_the_page_is_shown(
    qtbot: QtBot, content: Content
) -> None:
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    viewers = [Viewer(content, ViewerOptions()) for _ in range(2)]
    for viewer in viewers:
        pages.addWidget(viewer)
    pages.show()
    content.show(ct(), "3/3")
    assert "3/3" in viewers[0].accessibleDescription()
    assert viewers[1].accessibleDescription() == "No image"
    pages.setCurrentWidget(viewers[1])
    assert "3/3" in viewers[1].accessibleDescription()
