from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.viewer.content import Content
from desktop.viewer.measurements import NEAR, SHORTEST, Measurement, Measurements
from desktop.viewer.placement import Placement
from desktop.viewer.tools import Tool
from desktop.viewer.viewer import Viewer
from imaging.image import Geometry, Image, Window
from tests.make.viewing import Button, Modifier, ct, drag, grey, move, press

START = QPoint(140, 90)
"""In the image (30, 30): it lies at zoom 3 with its left edge at 50."""


@pytest.fixture
def viewer(empty: Viewer, content: Content) -> Viewer:
    """A viewer of 400 by 300 with a CT slice of half-millimetre pixels at zoom 3."""
    content.show(ct(spacing=(0.5, 0.5)), "1/2")
    return empty


def measured(viewer: Viewer) -> list[str]:
    image = viewer.display.image
    assert image is not None
    return [
        line for each in viewer.display.content.measurements.shown for line in each.lines(image)
    ]


def test_distance_in_millimetres(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    assert measured(viewer) == ["25.0 mm"]
    assert viewer.display.window == Window(80, 40)


def test_distance_in_pixels_where_the_spacing_is_unknown(viewer: Viewer) -> None:
    viewer.display.content.show(ct(), "1/2")
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    assert measured(viewer) == ["50.0 px"]


def test_angle_by_a_drag_and_a_click(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.ANGLE
    drag(viewer, Button.LeftButton, 0, 60, start=START)
    assert viewer.display.content.measurements.drawing
    move(viewer, START + QPoint(90, 60))
    assert measured(viewer) == ["90.0°"]
    click = START + QPoint(60, 120)
    move(viewer, click)
    QTest.mouseClick(viewer, Button.LeftButton, Modifier.NoModifier, click)
    assert not viewer.display.content.measurements.drawing
    assert measured(viewer) == ["135.0°"]


def test_without_an_image_nothing_that_is_done_changes_what_was_drawn_on_the_last(
    viewer: Viewer,
) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    measurements = viewer.display.content.measurements
    viewer.display.content.clear()
    assert (measurements.shown, measurements.can_undo) == ([], False)
    measurements.remove_all()
    measurements.undo()
    viewer.display.content.show(ct(spacing=(0.5, 0.5)), "1/2")
    assert measured(viewer) == ["25.0 mm"]


def test_an_angle_is_true_where_only_the_pixels_proportion_is_known() -> None:
    header = replace(ct().header, geometry=Geometry(aspect=2.0))
    measured = Measurement(Tool.ANGLE, ((1.0, 0.0), (0.0, 0.0), (1.0, 0.5)))
    assert measured.lines(Image(header, ct().pixels)) == ["45.0°"]


@pytest.mark.parametrize(
    ("image", "lines"),
    [
        (ct(spacing=(0.5, 0.5)), ["mean 40 HU, SD 0.0", "min 40, max 40", "area 79 mm²"]),
        (ct(), ["mean 40 HU, SD 0.0", "min 40, max 40", "area 314 px²"]),
    ],
)
def test_oval_of_tissue(viewer: Viewer, image: Image, lines: list[str]) -> None:
    viewer.display.content.show(image, "1/2")
    viewer.display.options.tool = Tool.ELLIPSE
    drag(viewer, Button.LeftButton, 60, 60, start=START)
    assert measured(viewer) == lines


def test_oval_of_a_grey_image_has_no_hounsfield(viewer: Viewer) -> None:
    viewer.display.content.show(grey(100), "1/1", "images")
    viewer.display.options.tool = Tool.ELLIPSE
    drag(viewer, Button.LeftButton, 40, 40, start=START)
    assert measured(viewer)[:2] == ["mean grey 100, SD 0.0", "min 100, max 100"]


def test_mere_click_measures_nothing(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    QTest.mouseClick(viewer, Button.LeftButton, Modifier.NoModifier, START)
    assert measured(viewer) == []
    assert not viewer.display.content.measurements.drawing


def test_end_point_can_be_moved(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    drag(viewer, Button.LeftButton, 0, -120, start=START + QPoint(92, 118))
    (moved,) = viewer.display.content.measurements.shown
    assert moved.points[0] == pytest.approx((30.0, 30.0))
    assert moved.points[1] == pytest.approx((60.667, 29.333), abs=1e-3)


def test_measurements_stay_with_their_slice(viewer: Viewer) -> None:
    first, second = ct(spacing=(0.5, 0.5)), ct(50.0, spacing=(0.5, 0.5))
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    viewer.display.content.show(second, "2/2")
    assert measured(viewer) == []
    viewer.display.content.show(replace(first), "1/2")
    assert measured(viewer) == ["25.0 mm"]


def test_escape_drops_the_one_in_hand_and_does_not_reset(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.options.tool = Tool.ANGLE
    drag(viewer, Button.LeftButton, 0, 60, start=START)
    viewer.display.content.measurements.cancel()
    assert measured(viewer) == []
    assert viewer.display.window == Window(200, 80)


@pytest.mark.parametrize("by", ["escape", "another slice and back", "another tool"])
def test_what_is_being_adjusted_is_put_back(viewer: Viewer, by: str) -> None:
    first = viewer.display.image
    assert first is not None
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    press(viewer, Button.LeftButton, START + QPoint(90, 120))
    move(viewer, START + QPoint(90, 30), Button.LeftButton)
    assert measured(viewer) != ["25.0 mm"]
    if by == "escape":
        viewer.display.content.measurements.cancel()
    elif by == "another tool":
        viewer.display.options.tool = Tool.PAN
    else:
        viewer.display.content.show(ct(50.0, spacing=(0.5, 0.5)), "2/2")
        viewer.display.content.show(first, "1/2")
    assert measured(viewer) == ["25.0 mm"]


def test_delete_takes_away_what_is_being_adjusted(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    press(viewer, Button.LeftButton, START + QPoint(90, 120))
    viewer.display.content.measurements.remove_last()
    assert measured(viewer) == []


def test_removing(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    for down in (30, 60, 90):
        drag(viewer, Button.LeftButton, 0, down, start=START + QPoint(down, 0))
    viewer.display.content.measurements.remove_last()
    assert measured(viewer) == ["5.0 mm", "10.0 mm"]
    viewer.display.content.measurements.remove_all()
    assert measured(viewer) == []


def test_measurements_are_drawn_in_the_image(viewer: Viewer) -> None:
    before = viewer.grab().toImage()
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    assert viewer.grab().toImage() != before


def test_every_change_can_be_undone_and_done_again(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    drag(viewer, Button.LeftButton, 0, -120, start=START + QPoint(90, 120))  # its end is moved
    viewer.display.content.measurements.remove_last()
    seen = [measured(viewer)]
    for _ in range(4):
        viewer.display.content.measurements.undo()
        seen.append(measured(viewer))
    assert seen == [[], ["15.0 mm"], ["25.0 mm"], [], []]
    viewer.display.content.measurements.redo()
    viewer.display.content.measurements.redo()
    assert measured(viewer) == ["15.0 mm"]
    viewer.display.content.show(ct(50.0, spacing=(0.5, 0.5)), "2/2")
    viewer.display.content.measurements.undo()
    assert measured(viewer) == []
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    viewer.display.content.measurements.remove_all()
    viewer.display.content.measurements.undo()
    assert measured(viewer) == ["25.0 mm"]


def test_what_changes_nothing_is_no_step_to_undo(viewer: Viewer) -> None:
    viewer.display.options.tool = Tool.DISTANCE
    viewer.display.content.measurements.remove_all()
    drag(viewer, Button.LeftButton, 90, 120, start=START)
    QTest.mouseClick(viewer, Button.LeftButton, Modifier.NoModifier, START + QPoint(90, 120))
    viewer.display.options.tool = Tool.ANGLE
    drag(viewer, Button.LeftButton, 0, 60, start=START + QPoint(150, 0))  # waits for its arm
    viewer.display.content.measurements.undo()
    assert measured(viewer) == ["25.0 mm"]
    viewer.display.content.measurements.undo()
    assert measured(viewer) == []


@pytest.mark.parametrize(("pixels", "kept"), [(SHORTEST - 0.1, 0), (SHORTEST, 1)])
def test_a_drag_must_have_a_length(qapp: QApplication, pixels: float, kept: int) -> None:
    placement = Placement((100, 100), (1.0, 1.0), (100, 100), centre=(50.0, 50.0))
    measurements = Measurements()
    measurements.press(Tool.DISTANCE, (10.0, 10.0), placement)
    measurements.move((10.0 + pixels, 10.0))
    measurements.release(placement)
    assert len(measurements.shown) == kept


@pytest.mark.parametrize(("away", "held"), [(NEAR, 1), (NEAR + 0.1, 2)])
def test_a_press_near_a_point_takes_hold_of_it(qapp: QApplication, away: float, held: int) -> None:
    placement = Placement((100, 100), (1.0, 1.0), (100, 100), centre=(50.0, 50.0))
    measurements = Measurements()
    measurements.press(Tool.DISTANCE, (10.0, 10.0), placement)
    measurements.move((50.0, 10.0))
    measurements.release(placement)
    measurements.press(Tool.DISTANCE, (50.0, 10.0 + away), placement)
    assert len(measurements.shown) == held


def test_another_image_is_told_once_where_nothing_is_in_hand() -> None:
    measurements = Measurements()
    measurements.turn_to(ct())
    changes: list[None] = []
    measurements.changed.connect(lambda: changes.append(None))
    measurements.turn_to(ct(50.0))
    assert len(changes) == 1
    assert not measurements.cancel()
    assert len(changes) == 1
