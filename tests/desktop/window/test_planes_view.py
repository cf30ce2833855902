import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.window.planes_view import PANES
from imaging.image import Window
from imaging.volume import Direction
from tests.make.program import PATIENCE, screened
from tests.make.viewing import Button, turn
from tests.make.volumes import save_series

HEIGHTS = [2.0 * at for at in range(9)]


@pytest.fixture
def in_planes(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """A series with its planes on screen."""
    save_series(tmp_path / "folder" / "series", HEIGHTS)
    return planes_of(qtbot, program, tmp_path / "folder")


def planes_of(qtbot: QtBot, program: Program, folder: Path) -> Program:
    """The scored series of a folder, flagged as the threshold is 0, with its planes on screen."""
    screened(qtbot, program, folder)
    program.workspace.set_threshold(0.0)
    program.window.activateWindow()
    program.actions["planes"].trigger()
    qtbot.waitUntil(lambda: program.planes.volume is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not program.selection.busy)
    return program


def test_nothing_of_the_model_is_beside_a_plane(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    # As wide as a head: what is not gets no score.
    save_series(tmp_path / "folder" / "series", HEIGHTS, PixelSpacing=[4.0, 4.0])
    in_planes = planes_of(qtbot, program, tmp_path / "folder")
    window, view = in_planes.window, in_planes.window.centre.planes
    score = window.result.number.text()
    assert score
    in_planes.options.heat_map_shown = True
    in_planes.options.model_input_shown = True
    qtbot.waitUntil(lambda: not in_planes.selection.busy)
    for part in (window.result, window.heat, window.threshold, window.result.details):
        assert not part.isVisible()
    assert not window.centre.bar.isVisible()
    assert not window.centre.caption.isVisible()
    for viewer in view.viewers:
        assert not viewer.display.model_input_visible
        assert not viewer.display.heat_map_visible
    texts = [label.text() for label in window.centre.findChildren(QLabel) if label.isVisible()]
    texts += [viewer.accessibleDescription() for viewer in view.viewers]
    assert not [text for text in texts if score in text or re.search(r"\d %", text)]


def test_it_says_that_planes_are_not_assessed(in_planes: Program) -> None:
    view = in_planes.window.centre.planes
    assert view.heading.isVisible()
    assert view.heading.text() == "Reformatted planes: not assessed"


def test_results_come_back_with_the_slice_alone(in_planes: Program) -> None:
    window = in_planes.window
    in_planes.actions["planes"].trigger()
    assert window.result.isVisible()
    assert window.centre.bar.isVisible()
    assert window.centre.front is window.viewer


def test_image_only_never_brings_results_back_to_planes(in_planes: Program) -> None:
    for visible in (False, False):
        in_planes.actions["image_only"].trigger()
        assert in_planes.window.result.isVisible() is visible
    in_planes.actions["planes"].trigger()
    assert in_planes.window.result.isVisible()


def test_the_planes_of_one_series_are_gone_with_it(
    qtbot: QtBot, in_planes: Program, tmp_path: Path
) -> None:
    view = in_planes.window.centre.planes
    save_series(tmp_path / "other", HEIGHTS[:3], series="1.2.7", patient="P2")
    in_planes.open([tmp_path / "other"])
    assert [view.contents[direction].image for direction in Direction] == [None, None]


def test_the_wheel_moves_through_the_plane_under_it(in_planes: Program) -> None:
    planes, view = in_planes.planes, in_planes.window.centre.planes
    before = planes.index(Direction.CORONAL), planes.index(Direction.SAGITTAL)
    number = in_planes.selection.image
    turn(view.viewers[PANES.index(Direction.CORONAL)], -120)
    turn(view.viewers[PANES.index(Direction.SAGITTAL)], 120)
    assert planes.index(Direction.CORONAL) == before[0] + 1
    assert planes.index(Direction.SAGITTAL) == before[1] - 1
    assert in_planes.selection.image == number
    turn(view.viewers[0], -120)
    assert in_planes.selection.image != number


def test_keys_move_what_has_the_focus(in_planes: Program) -> None:
    planes, view = in_planes.planes, in_planes.window.centre.planes
    view.viewers[1].setFocus()
    before, number = planes.index(Direction.CORONAL), in_planes.selection.image
    in_planes.actions["next_slice"].trigger()
    in_planes.actions["ten_back"].trigger()
    assert planes.index(Direction.CORONAL) == before - 9
    in_planes.actions["first_slice"].trigger()
    assert planes.index(Direction.CORONAL) == 0
    assert in_planes.selection.image == number


def test_a_click_moves_the_cross_hair_and_a_drag_does_not(in_planes: Program) -> None:
    view = in_planes.window.centre.planes
    viewer = view.viewers[1]
    at = QPoint(viewer.width() // 2 + 40, viewer.height() // 2)
    QTest.mouseClick(viewer, Button.LeftButton, pos=at)
    wanted = viewer.display.placement.to_image((float(at.x()), float(at.y())))
    cross_hair = in_planes.planes.cross_hair(Direction.CORONAL)
    assert cross_hair is not None
    assert cross_hair[0] == pytest.approx(wanted[0], abs=0.01)
    assert view.contents[Direction.CORONAL].cross_hair == cross_hair
    assert view.contents[None].cross_hair == in_planes.planes.cross_hair(None)
    QTest.mousePress(viewer, Button.LeftButton, pos=at)
    QTest.mouseMove(viewer, at + QPoint(30, 5))
    QTest.mouseRelease(viewer, Button.LeftButton, pos=at + QPoint(30, 5))
    assert in_planes.planes.cross_hair(Direction.CORONAL) == cross_hair


def test_all_views_have_one_window(in_planes: Program) -> None:
    view = in_planes.window.centre.planes
    view.viewers[2].display.set_window(Window(2800.0, 600.0))
    in_planes.planes.step(Direction.CORONAL, 1)
    assert {viewer.display.window for viewer in view.viewers} == {Window(2800.0, 600.0)}


def test_captions_say_plane_place_and_slab(in_planes: Program) -> None:
    view = in_planes.window.centre.planes
    in_planes.planes.point_at_slice(7.5, 9.5)
    assert view.caption(Direction.CORONAL) == "Coronal 10/24 · A 7.5 mm · thickness 0.5 mm"
    assert view.caption(Direction.SAGITTAL) == "Sagittal 8/20 · R 8.2 mm · thickness 0.2 mm"
    in_planes.actions["slab_thicker"].trigger()
    in_planes.actions["slab_maximum"].trigger()
    assert view.caption(Direction.CORONAL).endswith("slab 3.0 mm, maximum")


def test_escape_leaves_the_planes(in_planes: Program) -> None:
    in_planes.window.centre.front.setFocus()
    in_planes.actions["escape"].trigger()
    assert not in_planes.window.centre.in_planes
    assert not in_planes.planes.is_wanted


def test_cancel_leaves_the_planes(in_planes: Program) -> None:
    in_planes.window.centre.planes.cancel.click()
    assert not in_planes.window.centre.in_planes


def test_slices_cost_nothing_where_planes_are_not_shown(in_planes: Program) -> None:
    in_planes.actions["planes"].trigger()
    content = in_planes.window.centre.planes.contents[None]
    shown = content.image
    in_planes.selection.step(1)
    assert content.image is shown
    in_planes.actions["planes"].trigger()
    assert content.image is in_planes.planes.slice_image()
