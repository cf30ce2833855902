from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import Image
from imaging.stack import stack_of
from imaging.volume import Blend, Direction, Slab, Volume, _blended, _even_slab
from tests.make.volumes import (
    COLUMNS,
    CORNER,
    ROWS,
    SPACING,
    header,
    listed,
    points,
    volume,
)

EVEN = [2.0 * at for at in range(10)]
UNEVEN = [0.0, 1.0, 2.0, 3.5, 5.5, 7.5, 9.0, 10.0, 11.5, 13.0]
TILTS = [0.0, 18.5, -25.0]
BOTH = list(Direction)
PER_MM = 40.0


def ramp(
    x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Another value everywhere: an error of a hundredth of a millimetre shows."""
    return PER_MM * (x + 2 * y - 3 * z)


def ball(
    x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A ball of 1000 HU with a radius of 4 mm around (0, 1, 9)."""
    return np.where(x * x + (y - 1) ** 2 + (z - 9) ** 2 < 16, 1000.0, 0.0)


def inside(plane: Image) -> NDArray[np.bool_]:
    """Where the plane shows slices."""
    shown: NDArray[np.bool_] = plane.pixels != -1000
    return shown


# -- where things are


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("heights", [EVEN, UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize("direction", BOTH)
def test_every_pixel_shows_the_value_of_its_place(
    direction: Direction, heights: list[float], tilt: float
) -> None:
    made = volume(heights, ramp, tilt)
    for index in (made.count(direction) // 3, made.count(direction) // 2):
        plane = made.plane(direction, index)
        x, y, z = points(plane.header.geometry, plane.pixels.shape)
        seen = inside(plane)
        assert seen.mean() > 0.4
        off = np.abs(plane.pixels - ramp(x, y, z))[seen]
        assert off.max() / PER_MM < 0.05  # mm; half a voxel is 0.2


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("direction", BOTH)
def test_a_ball_lies_where_it_is_to_half_a_voxel(direction: Direction, tilt: float) -> None:
    made = volume([0.5 * at for at in range(40)], ball, tilt)
    u, v, _ = made.stack.axes @ (np.array([0.0, 1.0, 9.0]) - made.stack.origin)
    plane = made.plane(direction, made.index_at(direction, u, v))
    x, y, z = points(plane.header.geometry, plane.pixels.shape)
    lit = plane.pixels > 500
    middle = [float(axis[lit].mean()) for axis in (x, y, z)]
    assert middle == pytest.approx([0.0, 1.0, 9.0], abs=0.25)
    spacing = plane.header.geometry.spacing
    assert spacing is not None
    radius = np.sqrt(lit.sum() * spacing[0] * spacing[1] / np.pi)
    assert radius == pytest.approx(4.0, abs=0.25)


@pytest.mark.parametrize("tilt", TILTS)
def test_points_go_to_pixels_and_back(tilt: float) -> None:
    made = volume(EVEN, ramp, tilt)
    x, y = made.to_pixel(Direction.CORONAL, 3.0, 4.0, 5.0)
    assert made.from_pixel(Direction.CORONAL, x, y) == pytest.approx((3.0, 5.0))
    x, y = made.to_pixel(Direction.SAGITTAL, 3.0, 4.0, 5.0)
    assert made.from_pixel(Direction.SAGITTAL, x, y) == pytest.approx((4.0, 5.0))
    x, y = made.stack.to_pixel(7, 3.0, 4.0)
    assert made.stack.from_pixel(7, x, y) == pytest.approx((3.0, 4.0))


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("direction", BOTH)
def test_cross_hair_and_slice_show_the_same_place(direction: Direction, tilt: float) -> None:
    made = volume(EVEN, ramp, tilt)
    stack, number = made.stack, 6
    u, v = stack.from_pixel(number, 20.5, 15.5)
    plane = made.plane(direction, made.index_at(direction, u, v))
    x, y = made.to_pixel(direction, u, v, stack.corners[number, 2])
    in_slice = float(made.values[number, 15, 20])
    # A plane lies half a pixel away at most, and so does a row.
    assert plane.pixels[int(y), int(x)] == pytest.approx(in_slice, abs=PER_MM * 1.5)


def test_a_plane_of_an_even_stack_is_a_row_of_its_slices() -> None:
    made = volume([0.4 * at for at in range(10)], ramp)
    plane = made.plane(Direction.CORONAL, 7)
    assert (plane.pixels[::-1] == made.values[:, 7, :]).all()
    plane = made.plane(Direction.SAGITTAL, 7)
    assert (plane.pixels[::-1] == made.values[:, :, 7]).all()


def test_a_tilted_stack_has_room_for_every_slice() -> None:
    made = volume(EVEN, ramp, 18.5)
    shift = 18.0 * np.sin(np.radians(18.5)) / SPACING[0]
    assert made.count(Direction.CORONAL) == ROWS + int(shift)
    assert made.count(Direction.SAGITTAL) == COLUMNS


# -- what is known of a plane


def test_planes_face_the_reader_as_radiology_has_them() -> None:
    made = volume(EVEN, ramp)
    coronal = made.plane(Direction.CORONAL, 3).header.geometry
    sagittal = made.plane(Direction.SAGITTAL, 3).header.geometry
    assert coronal.orientation == (1, 0, 0, 0, 0, -1)
    assert sagittal.orientation == (0, 1, 0, 0, 0, -1)
    assert coronal.position == pytest.approx((CORNER[0], CORNER[1] + 3 * SPACING[0], 18.0))
    assert sagittal.position == pytest.approx((CORNER[0] + 3 * SPACING[1], CORNER[1], 18.0))
    assert (coronal.spacing, sagittal.spacing) == ((0.4, 0.4), (0.4, 0.5))


def test_a_plane_is_of_its_series_and_of_no_instance() -> None:
    plane = volume(EVEN, ramp).plane(Direction.CORONAL, 3)
    assert (plane.header.identity, plane.header.sop_uid) == (header(0).identity, "")
    assert plane.header.image_type == ("DERIVED", "SECONDARY", "REFORMATTED")


def test_lossy_slices_give_a_lossy_plane() -> None:
    entries = listed(EVEN)
    entries[4] = entries[4][0], replace(entries[4][1], warnings=(Problem(Code.LOSSY),))
    made = Volume(stack_of(entries), np.zeros((10, ROWS, COLUMNS), dtype=np.int16))
    assert [each.code for each in made.plane(Direction.CORONAL, 0).header.warnings] == [Code.LOSSY]


# -- slabs


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("direction", BOTH)
def test_a_mean_slab_of_a_ramp_is_its_middle_plane(direction: Direction, tilt: float) -> None:
    made = volume(UNEVEN, ramp, tilt)
    index = made.count(direction) // 2
    slab = Slab(5 * made.spacing(direction))
    thin, thick = made.plane(direction, index), made.plane(direction, index, slab)
    assert np.abs(thin.pixels - thick.pixels)[inside(thin)].max() < 1.0


@pytest.mark.parametrize("direction", BOTH)
def test_a_maximum_slab_shows_the_brightest(direction: Direction) -> None:
    made = volume(EVEN, ball)
    across = 1 if direction is Direction.CORONAL else 2
    index = 10
    slab = Slab(5 * made.spacing(direction), Blend.MAXIMUM)
    wanted = made.values.take(range(index - 2, index + 3), axis=across).max(axis=across)
    plane = made.plane(direction, index, slab)
    assert (plane.pixels[0] == wanted[-1]).all()
    assert (plane.pixels[-1] == wanted[0]).all()


def test_a_maximum_slab_of_a_tilted_stack_is_never_below_its_planes() -> None:
    made = volume(EVEN, ball, 18.5)
    slab = Slab(3 * made.spacing(Direction.CORONAL), Blend.MAXIMUM)
    _, v, _ = made.stack.axes @ (np.array([0.0, 4.0, 9.0]) - made.stack.origin)
    index = made.index_at(Direction.CORONAL, 0.0, v)
    thick = made.plane(Direction.CORONAL, index, slab).pixels
    planes = [made.plane(Direction.CORONAL, index + by).pixels for by in (-1, 0, 1)]
    seen = np.logical_and.reduce([plane != -1000 for plane in planes])
    assert (thick >= np.maximum.reduce(planes) - 1e-3)[seen].all()
    assert (thick > planes[1]).any()


@pytest.mark.parametrize("blend", Blend)
@pytest.mark.parametrize("share", [0.0, 0.5])
@pytest.mark.parametrize("start", [-2, 0, 3, 17])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_slab_in_the_same_pixels_of_all_slices_is_that_of_each_slice(
    blend: Blend, share: float, start: int, swapped: bool
) -> None:
    values = np.random.default_rng(0).integers(-1000, 3000, (23, 20, 20), dtype=np.int16)
    values = values.swapaxes(1, 2) if swapped else values
    found = _even_slab(values, start, share, 5, blend)
    places = np.clip(np.arange(start, start + 5 + (share > 0)), 0, 19)
    alone = np.stack([_blended(each[places], share, blend) for each in values])
    np.testing.assert_allclose(found, alone, atol=1e-3)


def test_a_slab_says_how_thick_it_is() -> None:
    made = volume(EVEN, ramp)
    thicknesses = [
        made.plane(Direction.CORONAL, 9, Slab(wanted)).header.geometry.thickness
        for wanted in (0.0, 0.6, 1.6, 45)
    ]
    assert thicknesses == [0.5, 0.5, 1.5, 40.0]
