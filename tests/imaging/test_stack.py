"""Slices are put in place by their headers, and what is no volume is refused."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import Code, Problem
from imaging.image import Identity, Unit
from imaging.series import PARALLEL, SAME_PLACE, Entry
from imaging.stack import (
    Slice,
    VolumeCode,
    VolumeError,
    check_slice,
    read_slice,
    stack_of,
)
from tests.make.dicom import HU, ct, save
from tests.make.volumes import COLUMNS, CORNER, ROWS, SPACING, header, listed, with_geometry

EVEN = [2.0 * at for at in range(10)]
UNEVEN = [0.0, 1.0, 2.0, 3.5, 5.5, 7.5, 9.0, 10.0, 11.5, 13.0]


def refusal(entries: list[Entry]) -> VolumeCode:
    with pytest.raises(VolumeError) as caught:
        stack_of(entries)
    code = caught.value.message.code
    assert isinstance(code, VolumeCode)
    return code


def test_the_order_of_files_does_not_matter() -> None:
    entries = listed(UNEVEN)
    backwards = stack_of(entries[::-1])
    assert backwards.members == tuple(range(9, -1, -1))
    assert (backwards.corners == stack_of(entries).corners).all()


def test_the_lean_is_the_gantry_tilt() -> None:
    assert stack_of(listed(EVEN, 18.5)).lean == pytest.approx(18.5)
    assert stack_of(listed(EVEN)).lean == 0


# -- what is no volume


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        (VolumeCode.NO_GEOMETRY, {"position": None}),
        (VolumeCode.NO_GEOMETRY, {"orientation": None}),
        (VolumeCode.NO_GEOMETRY, {"spacing": None}),
        (VolumeCode.MIXED_SIZES, {"spacing": (0.5, 0.41)}),
        (VolumeCode.MIXED_ORIENTATION, {"orientation": (0.999, 0.0447, 0, -0.0447, 0.999, 0)}),
        (VolumeCode.MIXED_FRAMES, {"frame_of_reference": "1.2.10"}),
        (VolumeCode.SAME_PLACE, {"position": (*CORNER, 6.0)}),
    ],
)
def test_one_slice_placed_otherwise_is_refused(
    code: VolumeCode, changed: dict[str, object]
) -> None:
    entries = listed(EVEN)
    entries[4] = with_geometry(entries[4], **changed)
    assert refusal(entries) is code


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        (VolumeCode.NOT_CT, {"unit": Unit.GREY}),
        (VolumeCode.NOT_CT, {"colour": True}),
        (VolumeCode.NOT_CT, {"not_hounsfield": Problem(Code.NO_RESCALE)}),
        (VolumeCode.MIXED_SIZES, {"rows": ROWS + 1}),
        (VolumeCode.MIXED_SERIES, {"identity": Identity(patient_id="P2", series_uid="1.2.1")}),
        (VolumeCode.MIXED_SERIES, {"identity": Identity(patient_id="P1", series_uid="1.2.2")}),
    ],
)
def test_one_slice_of_another_kind_is_refused(code: VolumeCode, changed: dict[str, object]) -> None:
    entries = listed(EVEN)
    path, known = entries[4]
    entries[4] = path, replace(known, **changed)  # type: ignore[arg-type]
    assert refusal(entries) is code


@pytest.mark.parametrize("count", [0, 1, 7])
def test_few_slices_are_refused(count: int) -> None:
    assert refusal(listed(EVEN[:count])) is VolumeCode.TOO_FEW


def test_just_enough_slices_are_a_volume() -> None:
    assert len(stack_of(listed(EVEN[:8])).headers) == 8


def test_a_missing_slice_is_refused() -> None:
    assert refusal(listed([*EVEN[:4], *EVEN[5:]])) is VolumeCode.GAP


def test_a_missing_slice_is_refused_without_a_thickness() -> None:
    entries = [with_geometry(each, thickness=None) for each in listed([*EVEN[:4], *EVEN[5:]])]
    assert refusal(entries) is VolumeCode.GAP


@pytest.mark.parametrize(("more", "fits"), [(0.0, True), (0.1, False)])
def test_slices_lie_apart_by_so_many_thicknesses_at_most(more: float, fits: bool) -> None:
    heights = [(3.0 + more) * at for at in range(10)]
    if fits:
        assert stack_of(listed(heights, thickness=2.0)).corners[-1, 2] == heights[-1]
    else:
        assert refusal(listed(heights, thickness=2.0)) is VolumeCode.GAP


def test_thin_slices_below_thick_ones_are_a_volume() -> None:
    below = [4.0 * at for at in range(6)]
    above = [below[-1] + 5.5 + 7.0 * at for at in range(6)]
    entries = listed(below, thickness=4.0) + listed(above, thickness=7.0)
    assert len(stack_of(entries).headers) == 12


def test_coronal_slices_are_refused() -> None:
    entries = [
        with_geometry(each, orientation=(1, 0, 0, 0, 0, -1), position=(0, 2.0 * at, 0))
        for at, each in enumerate(listed(EVEN))
    ]
    assert refusal(entries) is VolumeCode.NOT_AXIAL


@pytest.mark.parametrize(
    "orientation", [(-1, 0, 0, 0, -1, 0), (0, 1, 0, -1, 0, 0), (0, -1, 0, 1, 0, 0)]
)
def test_slices_that_were_not_turned_to_the_standard_are_refused(
    orientation: tuple[int, ...],
) -> None:
    entries = [with_geometry(each, orientation=orientation) for each in listed(EVEN)]
    assert refusal(entries) is VolumeCode.NOT_AXIAL


@pytest.mark.parametrize(
    ("cosine", "code"), [(0.5, VolumeCode.LEANING), (0.4999999, VolumeCode.NOT_AXIAL)]
)
def test_slices_are_axial_up_to_sixty_degrees(cosine: float, code: VolumeCode) -> None:
    """A table that moves along the patient leaves so steep a stack leaning."""
    down = (0.0, cosine, -math.sqrt(1 - cosine * cosine))
    entries = [with_geometry(each, orientation=(1.0, 0.0, 0.0, *down)) for each in listed(EVEN)]
    assert refusal(entries) is code


@pytest.mark.parametrize(
    ("cosine", "fits"), [(PARALLEL, False), (math.nextafter(PARALLEL, 1), True)]
)
def test_slices_are_parallel_above_the_documented_cosine(cosine: float, fits: bool) -> None:
    entries = listed(EVEN)
    across = (cosine, math.sqrt(1 - cosine * cosine), 0.0)
    entries[4] = with_geometry(entries[4], orientation=(*across, 0.0, 1.0, 0.0))
    if fits:
        assert len(stack_of(entries).headers) == 10
    else:
        assert refusal(entries) is VolumeCode.MIXED_ORIENTATION


@pytest.mark.parametrize(("apart", "fits"), [(SAME_PLACE, False), (1.1 * SAME_PLACE, True)])
def test_slices_are_at_one_place_up_to_the_documented_distance(apart: float, fits: bool) -> None:
    entries = listed([0.0, apart, *(2.0 * at for at in range(1, 8))])
    if fits:
        assert len(stack_of(entries).headers) == 9
    else:
        assert refusal(entries) is VolumeCode.SAME_PLACE


@pytest.mark.parametrize(("gap", "fits"), [(3.01, True), (3.0101, False)])
def test_one_place_more_than_the_widest_gap_is_still_none(gap: float, fits: bool) -> None:
    entries = listed([0.0, *(gap + 2.0 * at for at in range(9))])
    if fits:
        assert len(stack_of(entries).headers) == 10
    else:
        assert refusal(entries) is VolumeCode.GAP


def test_slices_beside_each_other_are_refused() -> None:
    entries = [
        with_geometry(each, position=(CORNER[0], 3.0 * at, 2.0 * at))
        for at, each in enumerate(listed(EVEN))
    ]
    assert refusal(entries) is VolumeCode.LEANING


@pytest.mark.parametrize(("tilt", "fits"), [(0.9, True), (1.0, False), (-18.5, False)])
def test_a_tilt_that_the_positions_do_not_show_is_refused(tilt: float, fits: bool) -> None:
    entries = [with_geometry(each, tilt=tilt) for each in listed(EVEN)]
    if fits:
        assert stack_of(entries).lean == 0
    else:
        assert refusal(entries) is VolumeCode.TILT_NOT_IN_POSITIONS


def test_what_takes_too_much_memory_is_refused() -> None:
    entries = [(path, replace(known, rows=8192, columns=8192)) for path, known in listed(EVEN[:8])]
    assert refusal(entries) is VolumeCode.TOO_LARGE
    more = [(path, replace(known, rows=4097, columns=8192)) for path, known in entries]
    assert refusal(more) is VolumeCode.TOO_LARGE
    fits = [(path, replace(known, rows=4096, columns=8192)) for path, known in entries]
    assert stack_of(fits).bytes == 1 << 29


@pytest.mark.parametrize(("by", "fits"), [(0.00099, True), (0.00101, False)])
def test_spacings_differ_by_a_thousandth_of_a_millimetre_at_most(by: float, fits: bool) -> None:
    entries = listed(EVEN)
    entries[4] = with_geometry(entries[4], spacing=(SPACING[0], SPACING[1] + by))
    if fits:
        assert len(stack_of(entries).headers) == 10
    else:
        assert refusal(entries) is VolumeCode.MIXED_SIZES


@pytest.mark.parametrize(("across", "fits"), [(2.0, True), (2.01, False)])
def test_the_way_from_slice_to_slice_leans_by_45_degrees_at_most(across: float, fits: bool) -> None:
    entries = [
        with_geometry(each, position=(CORNER[0], across * at, 2.0 * at))
        for at, each in enumerate(listed(EVEN))
    ]
    if fits:
        assert stack_of(entries).lean == pytest.approx(45.0)
    else:
        assert refusal(entries) is VolumeCode.LEANING


# -- reading


def test_a_slice_is_read_in_whole_hounsfield_units(tmp_path: Path) -> None:
    read = read_slice(save(ct(), tmp_path / "a.dcm"), 0)
    assert read.values.dtype == np.int16
    assert (read.values == HU).all()


def changed_identity(read: Slice) -> Slice:
    return Slice(replace(read.header, identity=Identity(patient_id="P2")), read.values)


def moved(read: Slice) -> Slice:
    geometry = replace(read.header.geometry, position=(0.0, 0.0, 1.0))
    return Slice(replace(read.header, geometry=geometry), read.values)


def smaller(read: Slice) -> Slice:
    return Slice(read.header, read.values[1:])


def no_hounsfield(read: Slice) -> Slice:
    return Slice(replace(read.header, not_hounsfield=Problem(Code.BAD_RESCALE)), read.values)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (changed_identity, VolumeCode.CHANGED),
        (moved, VolumeCode.CHANGED),
        (smaller, VolumeCode.CHANGED),
        (no_hounsfield, VolumeCode.NOT_CT),
    ],
)
def test_a_slice_that_is_not_the_listed_one_is_refused(
    change: Callable[[Slice], Slice], code: VolumeCode
) -> None:
    known = header(0.0)
    read = Slice(known, np.zeros((ROWS, COLUMNS), dtype=np.int16))
    check_slice(known, read)
    with pytest.raises(VolumeError) as caught:
        check_slice(known, change(read))
    assert caught.value.message.code is code
