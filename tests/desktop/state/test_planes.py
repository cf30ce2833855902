import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.planes import THICKNESSES, Planes
from imaging.stack import stack_of
from imaging.volume import Blend, Direction, Volume
from model.listed_image import PendingImage
from tests.make.dicom import HU
from tests.make.program import PATIENCE, screened, select_image
from tests.make.volumes import COLUMNS, ROWS, listed, save_series

HEIGHTS = [2.0 * at for at in range(9)]


@pytest.fixture
def program_of_two(qtbot: QtBot, program: Program, tmp_path: Path) -> Program:
    """Two series of one patient, nine slices each, and one of three slices."""
    for number in (1, 2):
        save_series(tmp_path / "folder" / str(number), HEIGHTS, series=f"1.2.{number}")
    save_series(tmp_path / "folder" / "3", HEIGHTS[:3], series="1.2.3")
    screened(qtbot, program, tmp_path / "folder")
    return program


def loaded(qtbot: QtBot, program: Program) -> Planes:
    program.planes.show(True)
    qtbot.waitUntil(lambda: program.planes.volume is not None, timeout=PATIENCE)
    return program.planes


def uids(planes: Planes) -> set[str]:
    assert planes.volume is not None
    found = {header.identity.series_uid for header in planes.volume.stack.headers}
    for direction in Direction:
        plane = planes.plane(direction)
        assert plane is not None
        found.add(plane.header.identity.series_uid)
    return found


def test_nothing_is_read_before_planes_are_wanted(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    assert program_of_two.planes.volume is None
    assert program_of_two.planes.loading is None


def test_a_slice_that_lies_there_twice_stands_once_in_the_volume(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    """A folder beside its copy had no planes: several slices lie at one place."""
    for folder in "ab":
        save_series(tmp_path / "folder" / folder, HEIGHTS, series="1.2.1")
    screened(qtbot, program, tmp_path / "folder")
    select_image(program, "1.2.1", 3)  # a copy
    planes = loaded(qtbot, program)
    assert planes.volume is not None
    assert len(planes.volume.stack.headers) == len(HEIGHTS)
    assert (planes.slice_number, planes.place) == (1, "4/18")


def test_other_pixels_at_one_place_are_no_copy_and_have_no_planes(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    save_series(tmp_path / "folder" / "a", HEIGHTS, series="1.2.1")
    pixels = (HU + 1025).astype("<u2").tobytes()
    save_series(tmp_path / "folder" / "b", HEIGHTS, series="1.2.1", PixelData=pixels)
    screened(qtbot, program, tmp_path / "folder")
    select_image(program, "1.2.1")
    program.planes.show(True)
    assert program.planes.volume is None
    assert "one place" in program.planes.refusal


def test_planes_show_the_selected_series_alone(qtbot: QtBot, program_of_two: Program) -> None:
    for uid in ("1.2.1", "1.2.2", "1.2.1"):
        select_image(program_of_two, uid)
        assert program_of_two.planes.volume is None
        assert uids(loaded(qtbot, program_of_two)) == {uid}


def test_turning_elsewhere_while_it_reads_never_brings_the_series_before(
    qtbot: QtBot, program_of_two: Program
) -> None:
    select_image(program_of_two, "1.2.1")
    program_of_two.planes.show(True)
    select_image(program_of_two, "1.2.2")
    assert uids(loaded(qtbot, program_of_two)) == {"1.2.2"}


def test_a_volume_of_another_stack_is_never_taken(program: Program) -> None:
    """One that a job which was told to end has finished all the same."""
    other = Volume(stack_of(listed(HEIGHTS)), np.zeros((len(HEIGHTS), ROWS, COLUMNS), np.int16))
    program.planes._stack = stack_of(listed(HEIGHTS))
    program.planes._take([other])
    assert program.planes.volume is None
    program.planes._stack = other.stack
    program.planes._take([other])
    assert program.planes.volume is other


def test_before_it_is_scored_a_slice_is_known_by_the_content_that_is_shown(
    program: Program,
) -> None:
    program.workspace.table.add_images([PendingImage(Path("/s"), "1.dcm")])
    program.selection.image = 0
    assert program.planes.slice_content is None
    program.selection.shown = shown = ViewedImage(Path("/s/1.dcm"), 0, sha256="ab")
    assert program.planes.slice_content is shown


def test_the_volume_of_another_series_is_let_go(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    volume = weakref.ref(loaded(qtbot, program_of_two).volume)
    select_image(program_of_two, "1.2.3")
    gc.collect()
    assert volume() is None
    assert program_of_two.planes.plane(Direction.CORONAL) is None


def test_opening_something_else_lets_go(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    program_of_two.workspace.table.clear()
    assert planes.volume is None


def test_planes_come_back_without_reading_again(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    volume = loaded(qtbot, program_of_two).volume
    program_of_two.planes.show(False)
    program_of_two.planes.show(True)
    assert program_of_two.planes.volume is volume


def test_not_wanted_any_more_it_stops_reading(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = program_of_two.planes
    planes.show(True)
    assert planes.loading == (0, 9)
    planes.show(False)
    assert planes.loading is None
    assert uids(loaded(qtbot, program_of_two)) == {"1.2.1"}


def test_a_series_that_is_no_volume_says_why(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.3")
    program_of_two.planes.show(True)
    assert program_of_two.planes.refusal == ("Planes need at least 8 slices; this series has 3.")
    select_image(program_of_two, "1.2.1")
    assert program_of_two.planes.refusal == ""


def test_a_file_that_went_away_refuses_the_planes(
    qtbot: QtBot, program_of_two: Program, tmp_path: Path
) -> None:
    select_image(program_of_two, "1.2.1")
    (tmp_path / "folder" / "1" / "004.dcm").unlink()
    program_of_two.planes.show(True)
    qtbot.waitUntil(lambda: program_of_two.planes.refusal != "", timeout=PATIENCE)
    assert program_of_two.planes.volume is None


def test_the_cross_hair_follows_the_slice(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1", 2)
    planes = loaded(qtbot, program_of_two)
    heights = []
    for place in (2, 3, 8):
        select_image(program_of_two, "1.2.1", place)
        at = planes.cross_hair(Direction.CORONAL)
        assert at is not None
        heights.append(at[1])
    # Rows are 0.25 mm apart, from the highest slice down.
    assert heights == [0.5 + 12 / 0.25, 0.5 + 10 / 0.25, 0.5]


def test_a_point_in_a_plane_selects_its_slice(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    planes.point_at_plane(Direction.CORONAL, 12.5, 0.5 + 9.2 / 0.25)
    assert planes.slice_number == 3  # 6.8 mm above the lowest is nearest to 6
    assert planes.index(Direction.SAGITTAL) == 12
    cross_hair = planes.cross_hair(Direction.CORONAL)
    assert cross_hair is not None
    assert cross_hair[0] == pytest.approx(12.5)


def test_a_point_in_the_slice_moves_both_planes(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    planes.point_at_slice(7.5, 9.5)
    assert planes.cross_hair(None) == pytest.approx((7.5, 9.5))
    coronal, sagittal = (planes.plane(direction) for direction in Direction)
    assert coronal is not None
    assert sagittal is not None
    assert (coronal.pixels[0] == HU[9]).all()
    assert (sagittal.pixels[0] == HU[:, 7]).all()


def test_steps_go_to_the_ends(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    before = planes.index(Direction.CORONAL)
    planes.step(Direction.CORONAL, 3)
    assert planes.index(Direction.CORONAL) == before + 3
    planes.step(Direction.CORONAL, 1 << 30)
    assert planes.index(Direction.CORONAL) == HU.shape[0] - 1
    planes.step(Direction.SAGITTAL, -(1 << 30))
    assert planes.index(Direction.SAGITTAL) == 0


def test_a_plane_is_made_once(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    plane = planes.plane(Direction.CORONAL)
    assert planes.plane(Direction.CORONAL) is plane
    planes.change_slab(1)
    assert planes.plane(Direction.CORONAL) is not plane


def test_slabs_on_offer(program_of_two: Program) -> None:
    planes = program_of_two.planes
    thicknesses = []
    for _ in range(len(THICKNESSES) + 1):
        planes.change_slab(1)
        thicknesses.append(planes.slab.thickness)
    assert thicknesses == [*THICKNESSES[1:], THICKNESSES[-1], THICKNESSES[-1]]
    planes.change_blend()
    assert planes.slab.blend is Blend.MAXIMUM


def test_the_slice_comes_from_the_volume(qtbot: QtBot, program_of_two: Program) -> None:
    select_image(program_of_two, "1.2.1")
    planes = loaded(qtbot, program_of_two)
    select_image(program_of_two, "1.2.1", 4)
    image = planes.slice_image()
    assert image is not None
    assert image is planes.slice_image()
    assert image.header.sop_uid == "1.2.1.5"
    assert (image.pixels == HU).all()
    assert planes.place == "5/9"
