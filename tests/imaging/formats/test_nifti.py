"""NIfTI volumes: HU, orientation from the affine, and what is refused by name."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nibabel.nifti1 import Nifti1Image, Nifti1Pair
from nibabel.nifti2 import Nifti2Image
from numpy.typing import NDArray

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.files.find import find_files
from imaging.formats import nifti
from imaging.formats.content import Content
from imaging.formats.image_file import MAX_PIXELS
from imaging.formats.nifti import Nifti
from imaging.headers import read_header
from imaging.image import Unit
from imaging.messages import Message
from imaging.reading import read_image
from imaging.series import Order, group_series

SIDE, SLICES = 40, 5
STEPS = np.diag([0.5, 0.75, 4.0])


def head() -> NDArray[np.int16]:
    """(slice, row, column) from the feet up, rows to the back, columns to the left: a head in air
    with a bright spot to the front left of its second slice."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = np.hypot(rows - SIDE / 2, columns - SIDE / 2) < 15
    one = np.where(inside, 30 + rows % 5, -1000).astype(np.int16)
    volume = np.repeat(one[None], SLICES, axis=0)
    volume[1, 12:15, 25:28] = 77
    return volume


def stored(axes: str) -> tuple[NDArray[np.int16], NDArray[np.float64]]:
    """The head as a file of such axes holds it, such as "RAS", with its affine."""
    data = head()[:, ::-1, ::-1].transpose(2, 1, 0)  # now to the right, to the front, up
    affine = np.eye(4)
    affine[:3, :3] = STEPS
    affine[:3, 3] = (-9.0, -13.0, -21.0)
    order = [{"R": 0, "L": 0, "A": 1, "P": 1}.get(axis, 2) for axis in axes]
    placed = np.eye(4)
    placed[:3, 3] = affine[:3, 3]
    for to, (axis, world) in enumerate(zip(axes, order, strict=True)):
        placed[:3, to] = affine[:3, world]
        if axis in "LPI":
            placed[:3, 3] += placed[:3, to] * (data.shape[world] - 1)
            placed[:3, to] *= -1
            data = np.flip(data, world)
    return data.transpose(order), placed


def save(path: Path, data: NDArray[Any], affine: NDArray[np.float64] | None, **fields: Any) -> Path:
    image = Nifti1Image(data, affine)  # type: ignore[no-untyped-call]
    for name, value in fields.items():
        image.header[name] = value
    image.to_filename(path.with_suffix(".nii"))
    return path.with_suffix(".nii")


def patched(path: Path, at: int, form: str, *values: float) -> Path:
    data = bytearray(path.read_bytes())
    data[at : at + struct.calcsize(form)] = struct.pack(form, *values)
    path.write_bytes(data)
    return path


def problem(path: Path) -> tuple[Code, Any]:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    return caught.value.problem.code, caught.value.problem.detail


@pytest.mark.parametrize("axes", ["RAS", "LPS", "LAS", "RAI", "ASR", "PIL", "SRA", "IPR"])
def test_any_axes_are_turned_to_the_standard(tmp_path: Path, axes: str) -> None:
    path = save(tmp_path / "a", *stored(axes))
    for frame in range(SLICES):
        image = read_image(path, frame)
        assert np.array_equal(image.pixels, head()[frame])
        assert (image.header.unit, image.header.frames) == (Unit.HOUNSFIELD, SLICES)


@pytest.mark.parametrize("axes", ["RAS", "LPS", "PIL"])
def test_the_geometry_is_that_of_the_patient(tmp_path: Path, axes: str) -> None:
    path = save(tmp_path / "a", *stored(axes))
    geometry = read_image(path, 2).header.geometry
    assert geometry.orientation == pytest.approx((1, 0, 0, 0, 1, 0))
    assert geometry.spacing == pytest.approx((0.75, 0.5))
    assert geometry.thickness == pytest.approx(4.0)
    left, back = -(-9.0 + 0.5 * (SIDE - 1)), -(-13.0 + 0.75 * (SIDE - 1))
    assert geometry.position == pytest.approx((left, back, -21.0 + 8.0))


def test_an_oblique_volume_keeps_its_angle(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    angle = np.radians(20.0)
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    image = read_image(save(tmp_path / "a", data, turn @ affine))
    assert np.array_equal(image.pixels, head()[0])
    assert image.header.geometry.orientation is not None
    assert image.header.geometry.orientation[4] == pytest.approx(np.cos(angle))


def test_the_quaternion_counts_where_there_is_no_matrix(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("LPS"), sform_code=0, qform_code=1)
    assert np.array_equal(read_image(path, 1).pixels, head()[1])
    assert read_image(path, 1).header.geometry.orientation == pytest.approx((1, 0, 0, 0, 1, 0))


def test_without_an_orientation_it_is_shown_as_stored_and_says_so(tmp_path: Path) -> None:
    path = save(tmp_path / "a", head().transpose(2, 1, 0), None, sform_code=0, qform_code=0)
    image = read_image(path, 1)
    assert np.array_equal(image.pixels, head()[1])
    [warning] = image.header.warnings
    assert (warning.code, warning.detail) == (Code.NO_POSITION, Message(Nifti.NO_ORIENTATION))


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, -1024.0), (2.0, 0.0), (0.0, 99.0)])
def test_slope_and_intercept_give_hounsfield_units(
    tmp_path: Path, slope: float, intercept: float
) -> None:
    data, affine = stored("RAS")
    true = (slope, intercept) if slope else (1.0, 0.0)  # a slope of 0 means no scaling
    kept = ((data - true[1]) / true[0]).astype(np.int16)
    path = patched(save(tmp_path / "a", kept, affine), 112, "<2f", slope, intercept)
    assert np.abs(read_image(path).pixels - head()[0]).max() <= slope


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.float32, np.float64, ">i2"])
@pytest.mark.parametrize("make", [Nifti1Image, Nifti2Image])
def test_every_number_and_version_is_read(tmp_path: Path, kind: Any, make: Any) -> None:
    data, affine = stored("RAS")
    path = tmp_path / "a.nii"
    image = make(data.astype(kind), affine)
    image.to_filename(path)
    assert np.array_equal(read_image(path, 1).pixels, head()[1])


def test_gzip_is_opened(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("RAS"))
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert np.array_equal(read_image(path, 1).pixels, head()[1])
    assert len(read_header(path).frames) == SLICES


@pytest.mark.parametrize("after", [b"", bytes(512), b"what follows"])
def test_gzip_in_several_members_is_opened(tmp_path: Path, after: bytes) -> None:
    path = save(tmp_path / "a", *stored("LPS"))
    whole = path.read_bytes()
    members = [gzip.compress(whole[at : at + 4000]) for at in range(0, len(whole), 4000)]
    path.write_bytes(b"".join(members) + after)
    assert np.array_equal(read_image(path, 1).pixels, head()[1])


def test_gzip_without_its_last_member_is_damaged(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("LPS"))
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(whole[:-4000]))
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert caught.value.problem.code is Code.DAMAGED


def test_headers_are_those_of_the_images(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("LAS"))
    images = tuple(read_image(path, frame).header for frame in range(SLICES))
    assert read_header(path).frames == images


def test_each_volume_is_a_series_of_its_own_in_the_order_of_position(tmp_path: Path) -> None:
    for name in ("b", "a"):
        save(tmp_path / name, *stored("RAI"))
    headers = [read_header(found.path) for found in find_files([tmp_path])]
    entries = [(each.path, frame) for each in headers for frame in each.frames]
    series = group_series(entries)
    assert [each.members for each in series] == [
        tuple(range(SLICES)),
        tuple(range(SLICES, 2 * SLICES)),
    ]
    assert {each.order for each in series} == {Order.POSITION}


def test_four_dimensions_are_refused_by_name(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    code, detail = problem(save(tmp_path / "a", np.stack([data] * 3, axis=-1), affine))
    assert code is Code.UNSUPPORTED_PIXELS
    assert detail == Message(Nifti.DIMENSIONS, count=4, shape=f"{SIDE}×{SIDE}×{SLICES}×3")


def test_a_fourth_dimension_of_one_is_none(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    assert np.array_equal(
        read_image(save(tmp_path / "a", data[..., None], affine)).pixels, head()[0]
    )


def test_values_that_are_no_hounsfield_units_are_shown_and_never_assessed(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    header = read_image(save(tmp_path / "a", (data + 1000) * 3, affine)).header
    assert header.unit is Unit.GREY
    assert header.not_hounsfield is not None
    assert header.not_hounsfield.code is Code.BAD_RESCALE


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    broken = data.astype(np.float32)
    broken[0, 0, 0] = np.nan
    assert problem(save(tmp_path / "a", broken, affine)) == (
        Code.BAD_RESCALE,
        Message(Nifti.NOT_FINITE),
    )


def test_complex_values_are_refused_by_name(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    code, detail = problem(save(tmp_path / "a", data.astype(np.complex64), affine))
    assert (code, detail) == (
        Code.UNSUPPORTED_PIXELS,
        Message(Nifti.DATA_TYPE, name="COMPLEX64"),
    )


def test_colours_are_refused_by_name(tmp_path: Path) -> None:
    colours = np.zeros((8, 8, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    path = save(tmp_path / "a", colours, np.eye(4))
    assert problem(path) == (Code.UNSUPPORTED_PIXELS, Message(Nifti.DATA_TYPE, name="RGB24"))


@pytest.mark.parametrize(
    ("slope", "intercept"), [(0, 5), (np.nan, 0), (np.inf, 0), (np.nan, np.inf)]
)
def test_a_scale_that_is_none_changes_nothing(
    tmp_path: Path, slope: float, intercept: float
) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 112, "<ff", slope, intercept)
    assert np.array_equal(read_image(path, 1).pixels, head()[1])


@pytest.mark.parametrize(("unit", "millimetres"), [("meter", 1000), ("micron", 0.001), ("mm", 1)])
@pytest.mark.parametrize("oriented", [True, False])
def test_lengths_are_in_the_headers_unit(
    tmp_path: Path, unit: str, millimetres: float, oriented: bool
) -> None:
    data, affine = stored("RAS")
    scaled = np.diag([1 / millimetres] * 3 + [1.0]) @ affine
    image = Nifti1Image(data, scaled)  # type: ignore[no-untyped-call]
    image.header.set_xyzt_units(unit)  # type: ignore[no-untyped-call]
    path = tmp_path / "a.nii"
    image.to_filename(path)
    if not oriented:
        patched(path, 252, "<hh", 0, 0)
    geometry = read_image(path, 1).header.geometry
    assert geometry.spacing == pytest.approx((0.75, 0.5), rel=1e-5)
    assert geometry.thickness == pytest.approx(4, rel=1e-5)


def test_values_begin_behind_the_header_and_its_marks_of_extensions(tmp_path: Path) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 108, "<f", 0.0)
    assert np.array_equal(read_image(path, 1).pixels, head()[1])


def test_a_quaternion_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 252, "<hh", 1, 0)
    patched(path, 256, "<fff", 2, 2, 2)
    assert problem(path) == (Code.INCONSISTENT_HEADER, Message(Nifti.AFFINE))


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_the_halves_of_a_pair_are_named(tmp_path: Path, suffix: str) -> None:
    data, affine = stored("RAS")
    image = Nifti1Pair(data, affine)  # type: ignore[no-untyped-call]
    image.to_filename(tmp_path / f"a.img{suffix}")
    named = (Code.UNKNOWN_CONTENT, Message(Content.ANALYZE))
    assert problem(tmp_path / f"a.img{suffix}") == problem(tmp_path / f"a.hdr{suffix}") == named
    alone = (tmp_path / f"a.img{suffix}").rename(tmp_path / f"b.img{suffix}")
    assert problem(alone)[1] != Message(Content.ANALYZE)


def test_what_is_announced_and_not_there_is_not_allocated(tmp_path: Path) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 42, "<3h", 7000, 7000, 2000)
    assert problem(path)[0] is Code.DAMAGED


def test_an_affine_without_a_volume_is_refused(tmp_path: Path) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 280, "<4f", 0, 0, 0, 0)
    assert problem(path) == (Code.INCONSISTENT_HEADER, Message(Nifti.AFFINE))


@pytest.mark.parametrize(("slices", "is_read"), [(2000, True), (2001, False)])
def test_the_most_slices(tmp_path: Path, slices: int, is_read: bool) -> None:
    path = save(tmp_path / "a", np.zeros((2, 2, slices), np.int16), np.eye(4))
    if is_read:
        assert read_image(path).header.frames == slices
    else:
        assert problem(path)[0] is Code.TOO_LARGE


@pytest.mark.parametrize(("excess", "is_read"), [(0, True), (-1, False)])
def test_a_volume_inflates_to_so_many_bytes_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, excess: int, is_read: bool
) -> None:
    path = save(tmp_path / "a", *stored("RAS"))
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(whole))
    assert nifti.MAX_INFLATED == 512 << 20
    monkeypatch.setattr(nifti, "MAX_INFLATED", len(whole) + excess)
    if is_read:
        assert read_image(path).header.frames == SLICES
    else:
        assert problem(path)[0] is Code.TOO_LARGE


def test_a_cut_volume_is_damaged(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("RAS"))
    path.write_bytes(path.read_bytes()[:-1])
    assert problem(path)[0] is Code.DAMAGED
    path.write_bytes(gzip.compress(path.read_bytes())[:-9])
    assert problem(path)[0] is Code.DAMAGED


def test_two_dimensions_are_one_slice(tmp_path: Path) -> None:
    data, affine = stored("RAS")
    image = read_image(save(tmp_path / "a", data[..., 1], affine))
    assert np.array_equal(image.pixels, head()[1])
    assert image.header.frames == 1


@pytest.mark.parametrize(("cosine", "is_kept"), [(0.0195, True), (-0.0195, True), (0.0205, False)])
def test_directions_count_as_at_right_angles_up_to_a_cosine(
    tmp_path: Path, cosine: float, is_kept: bool
) -> None:
    data, affine = stored("RAS")
    across, down = affine[:3, 0], affine[:3, 1]
    length = np.linalg.norm(across)
    aslant = np.sqrt(1 - cosine**2) * across / length + cosine * down / np.linalg.norm(down)
    affine[:3, 0] = aslant * length
    header = read_image(save(tmp_path / "a", data, affine)).header
    assert (header.geometry.orientation is not None) is is_kept


# -- at the bound itself


def test_a_slice_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = save(tmp_path / "a", *stored("RAS"))
    assert read_image(path, SLICES - 1).header.frame == SLICES - 1
    for frame in (-1, SLICES):
        with pytest.raises(ImageError) as caught:
            read_image(path, frame)
        said = Message(Detail.NO_SLICE, slice=frame + 1, slices=SLICES)
        assert (caught.value.problem.code, caught.value.problem.detail) == (Code.DAMAGED, said)


@pytest.mark.parametrize(("highest", "is_read"), [(1e6, True), (-1e6, True), (1_000_001, False)])
def test_values_reach_a_million_at_most(tmp_path: Path, highest: float, is_read: bool) -> None:
    data, affine = stored("RAS")
    values = data.astype(np.float32)
    values[0, 0] = highest
    path = save(tmp_path / "a", values, affine)
    if is_read:
        assert read_image(path).header.frames == SLICES
    else:
        assert problem(path) == (Code.BAD_RESCALE, Message(Nifti.NOT_FINITE))


@pytest.mark.parametrize(
    ("count", "code"),
    [
        *[(0, Code.INCONSISTENT_HEADER), (1, Code.UNSUPPORTED_PIXELS), (3, None)],
        *[(7, None), (8, Code.INCONSISTENT_HEADER)],
    ],
)
def test_a_volume_has_one_to_seven_dimensions(
    tmp_path: Path, count: int, code: Code | None
) -> None:
    path = patched(save(tmp_path / "a", *stored("RAS")), 40, "<h", count)
    patched(path, 48, "<4h", 1, 1, 1, 1)
    if code is None:
        assert read_image(path).header.frames == SLICES
    else:
        assert problem(path)[0] is code


@pytest.mark.parametrize("more", [0, 1])
def test_a_slice_has_the_most_pixels_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    path = save(tmp_path / "a", *stored("RAS"))
    assert MAX_PIXELS == 50_000_000
    monkeypatch.setattr(nifti, "MAX_PIXELS", SIDE * SIDE - more)
    if more == 0:
        assert read_image(path).header.rows == SIDE
    else:
        assert problem(path)[0] is Code.TOO_LARGE


@pytest.mark.parametrize(("side", "is_read"), [(65535, True), (65536, False)])
def test_a_side_is_as_long_as_dicom_has_it(tmp_path: Path, side: int, is_read: bool) -> None:
    path = tmp_path / "a.nii"
    Nifti2Image(np.zeros((side, 2, 1), np.int16), np.eye(4)).to_filename(path)  # type: ignore[no-untyped-call]
    if is_read:
        assert read_image(path).header.columns == side
    else:
        assert problem(path)[0] is Code.TOO_LARGE


@pytest.mark.parametrize(
    ("at", "spacing", "thickness"),
    [(80, None, None), (84, None, None), (88, (0.75, 0.5), None), (92, (0.75, 0.5), 4.0)],
)
def test_a_length_of_nought_is_not_known(
    tmp_path: Path, at: int, spacing: tuple[float, float] | None, thickness: float | None
) -> None:
    """Columns, rows, slices, and times, of a file without an orientation."""
    path = patched(save(tmp_path / "a", *stored("RAS")), 252, "<hh", 0, 0)
    geometry = read_image(patched(path, at, "<f", 0.0)).header.geometry
    assert (geometry.spacing, geometry.thickness) == (spacing, thickness)
