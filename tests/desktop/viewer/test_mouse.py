"""What each gesture does; and drags that are disturbed."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.viewer.tools import Tool
from desktop.viewer.viewer import Viewer
from imaging.image import Window
from tests.make.viewing import (
    MIDDLE,
    Button,
    Modifier,
    ct,
    drag,
    grey,
    move,
    press,
    turn,
)


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


def test_a_scroll_drag_goes_on_when_its_slice_arrives(viewer: Viewer) -> None:
    got: list[int] = []
    viewer.step_requested.connect(got.append)
    viewer.step_requested.connect(lambda _: viewer.display.content.show(ct(50.0), "2/2"))
    viewer.display.options.tool = Tool.SCROLL
    press(viewer, Button.LeftButton, MIDDLE)
    for down in (8, 16, 24):
        move(viewer, MIDDLE + QPoint(0, down), Button.LeftButton)
    assert got == [1, 1, 1]


def test_a_window_drag_ends_when_another_series_arrives(viewer: Viewer) -> None:
    press(viewer, Button.LeftButton, MIDDLE)
    move(viewer, MIDDLE + QPoint(32, 0), Button.LeftButton)
    viewer.display.content.show(ct(own=Window(85, 35)), "1/2", "other")
    move(viewer, MIDDLE + QPoint(64, 0), Button.LeftButton)
    assert viewer.display.window == Window(85, 35)


def test_a_measurement_never_goes_on_on_another_image(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    press(viewer, Button.LeftButton, MIDDLE)
    viewer.display.content.show(ct(50.0), "2/2")
    move(viewer, MIDDLE + QPoint(40, 0), Button.LeftButton)
    QTest.mouseRelease(viewer, Button.LeftButton, pos=MIDDLE + QPoint(40, 0))
    assert viewer.display.content.measurements.shown == []


def test_a_click_is_of_the_image_on_which_it_began(viewer: Viewer) -> None:
    got: list[object] = []
    viewer.point_requested.connect(got.append)
    QTest.mouseClick(viewer, Button.LeftButton, pos=MIDDLE)
    press(viewer, Button.LeftButton, MIDDLE)
    viewer.display.content.show(ct(50.0), "2/2")
    QTest.mouseRelease(viewer, Button.LeftButton, pos=MIDDLE)
    assert got == [(50.0, 50.0)]


@pytest.mark.parametrize("tool", [Tool.WINDOW, Tool.DISTANCE])
def test_a_drag_whose_release_never_came_ends(viewer: Viewer, tool: Tool) -> None:
    viewer.display.options.tool = tool
    press(viewer, Button.LeftButton, MIDDLE)
    move(viewer, MIDDLE + QPoint(64, 0))
    assert viewer.display.window == Window(80, 40)
    assert not viewer.display.content.measurements.drawing


def test_a_second_press_of_the_button_begins_anew(viewer: Viewer) -> None:
    press(viewer, Button.LeftButton, MIDDLE)
    press(viewer, Button.LeftButton, MIDDLE + QPoint(32, 0))
    move(viewer, MIDDLE + QPoint(64, 0), Button.LeftButton)
    assert viewer.display.window == Window(90, 40)


def test_a_double_click_beside_a_held_button_does_nothing(viewer: Viewer) -> None:
    asked: list[bool] = []
    viewer.maximise_requested.connect(lambda: asked.append(True))
    press(viewer, Button.MiddleButton, MIDDLE)
    QTest.mouseDClick(viewer, Button.LeftButton, Modifier.NoModifier, MIDDLE)
    move(viewer, MIDDLE + QPoint(30, 0), Button.MiddleButton)
    assert asked == []
    assert viewer.display.placement.to_view((50, 50)) == pytest.approx((230, 150))


def test_a_drag_is_released_outside_the_view(viewer: Viewer) -> None:
    drag(viewer, Button.LeftButton, 640, 0)
    move(viewer, MIDDLE)
    assert viewer.display.window == Window(280, 40)
