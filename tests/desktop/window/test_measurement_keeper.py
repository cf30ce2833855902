"""A measurement belongs to its image and its reader, in whatever view it was drawn."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.viewer.tools import Tool
from desktop.viewer.viewer import Viewer
from imaging.volume import Direction
from tests.make.program import PATIENCE, screened, select_image
from tests.make.viewing import ct
from tests.make.volumes import save_studies

HEIGHTS = [2.0 * at for at in range(9)]
STUDIES = (("1.1", "P1", "20260301"), ("1.2", "P1", "20260201"))


@pytest.fixture
def opened(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """Two scored studies of one patient; a slice of the newer one is selected."""
    save_studies(tmp_path / "folder", HEIGHTS, STUDIES)
    screened(qtbot, program, tmp_path / "folder")
    select_image(program, "1.1", 2)
    qtbot.waitUntil(lambda: not program.selection.busy, timeout=PATIENCE)
    return program


def measure(viewer: Viewer) -> None:
    """Draw a distance on the image of a view."""
    measurements, placement = viewer.display.content.measurements, viewer.display.placement
    measurements.press(Tool.DISTANCE, (10.0, 10.0), placement)
    measurements.move((30.0, 10.0))
    measurements.release(placement)


def drawn(viewer: Viewer) -> int:
    return len(viewer.display.content.measurements.shown)


def kept(program: Program) -> list[tuple[str, str]]:
    """Series and place of the images with kept measurements."""
    found = []
    for number, row in enumerate(program.workspace.table.rows):
        if row.read is not None and row.read.measurements and row.header is not None:
            place = program.workspace.series.place(number)
            found.append((row.header.identity.series_uid, place))
    return found


def in_pair(qtbot: QtBot, program: Program) -> tuple[Viewer, Viewer]:
    program.actions["side_by_side"].trigger()
    pair = program.window.centre.pair
    qtbot.waitUntil(lambda: pair.left.image is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: pair.right.image is not None, timeout=PATIENCE)
    return pair.left.viewer, pair.right.viewer


def test_what_is_measured_beside_a_prior_stays_on_the_image_alone(
    qtbot: QtBot, opened: Program
) -> None:
    left, right = in_pair(qtbot, opened)
    measure(left)
    assert (drawn(left), drawn(right), drawn(opened.window.viewer)) == (1, 0, 1)
    assert kept(opened) == [("1.1", "3/9")]
    opened.actions["side_by_side"].trigger()
    assert drawn(opened.window.viewer) == 1
    opened.selection.step(1)
    qtbot.waitUntil(lambda: not opened.selection.busy, timeout=PATIENCE)
    assert drawn(opened.window.viewer) == 0


def test_what_is_measured_on_the_prior_is_kept_with_the_prior(
    qtbot: QtBot, opened: Program
) -> None:
    left, right = in_pair(qtbot, opened)
    measure(right)
    assert (drawn(left), drawn(right), drawn(opened.window.viewer)) == (0, 1, 0)
    assert kept(opened) == [("1.2", "3/9")]


def test_what_is_measured_alone_stands_beside_the_prior_and_in_the_slice_of_the_planes(
    qtbot: QtBot, opened: Program
) -> None:
    measure(opened.window.viewer)
    left, right = in_pair(qtbot, opened)
    assert (drawn(left), drawn(right)) == (1, 0)
    opened.actions["planes"].trigger()
    qtbot.waitUntil(lambda: opened.planes.volume is not None, timeout=PATIENCE)
    views = opened.window.centre.planes.viewers
    assert [drawn(view) for view in views] == [1, 0, 0]


def test_what_is_measured_in_the_slice_of_the_planes_is_kept_and_in_a_plane_is_not(
    qtbot: QtBot, opened: Program
) -> None:
    opened.actions["planes"].trigger()
    qtbot.waitUntil(lambda: opened.planes.volume is not None, timeout=PATIENCE)
    axial, coronal, _ = opened.window.centre.planes.viewers
    assert opened.planes.plane(Direction.CORONAL) is coronal.display.image
    measure(coronal)
    assert (drawn(coronal), kept(opened)) == (1, [])
    measure(axial)
    assert (drawn(axial), drawn(opened.window.viewer)) == (1, 1)
    assert kept(opened) == [("1.1", "3/9")]


def test_a_slice_of_the_planes_is_measured_as_soon_as_its_content_is_known(
    qtbot: QtBot, opened: Program
) -> None:
    opened.actions["planes"].trigger()
    qtbot.waitUntil(lambda: opened.planes.volume is not None, timeout=PATIENCE)
    planes, shown = opened.window.centre.planes, opened.selection.shown
    assert shown is not None
    planes._keeper._of = None  # as long as the file had not been read by itself
    planes.show_slice(shown, "1.1")
    measure(planes.viewers[0])
    assert kept(opened) == [("1.1", "3/9")]


def test_what_is_drawn_on_an_image_that_was_shown_otherwise_is_kept_with_none(
    opened: Program,
) -> None:
    opened.window.centre.content.show(ct(), "", key="another image")
    measure(opened.window.viewer)
    assert (drawn(opened.window.viewer), kept(opened)) == (1, [])


def test_taking_it_back_in_one_view_takes_it_from_all(qtbot: QtBot, opened: Program) -> None:
    measure(opened.window.viewer)
    left, _ = in_pair(qtbot, opened)
    left.display.content.measurements.undo()
    assert (drawn(left), drawn(opened.window.viewer), kept(opened)) == (0, 0, [])


def test_nobody_goes_on_with_another_readers_measurements(qtbot: QtBot, opened: Program) -> None:
    left, right = in_pair(qtbot, opened)
    measure(left)
    measure(right)
    opened.workspace.readings.set_reader("CD")
    assert (drawn(left), drawn(right), drawn(opened.window.viewer), kept(opened)) == (0, 0, 0, [])
    opened.workspace.readings.set_reader("")
    assert (drawn(left), drawn(right), drawn(opened.window.viewer)) == (1, 1, 1)
