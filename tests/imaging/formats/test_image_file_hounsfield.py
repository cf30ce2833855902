from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.details import Detail
from imaging.eligibility import refusal
from imaging.errors import Code
from imaging.formats import image_file_hounsfield
from imaging.formats.image_file_hounsfield import Offset, to_hounsfield, unknown_offset
from imaging.image import Image, Unit
from imaging.messages import Message
from imaging.reading import read_image
from imaging.window import BRAIN, to_grey


def head() -> NDArray[np.int32]:
    """A head with a skull in air, in HU."""
    rows, columns = np.mgrid[:128, :128]
    radius = np.hypot(rows - 64, columns - 64)
    noise = (rows * 31 + columns * 17) % 7
    return np.where(radius < 45, 30 + noise, np.where(radius < 50, 900, -1000 + noise))


def read(path: Path, values: NDArray[Any], kind: str = "PNG") -> Image:
    PilImage.fromarray(values).save(path, kind)
    return read_image(path)


@pytest.mark.parametrize("offset", [1024, 32768, 1000, 2048, 2000, 8192])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_whole_units_are_read_as_such_and_said(tmp_path: Path, offset: int, kind: str) -> None:
    image = read(tmp_path / "a", (head() + offset).astype(np.uint16), kind)
    assert image.header.unit is Unit.HOUNSFIELD
    assert np.array_equal(image.pixels, head())
    [warning] = image.header.warnings
    assert (warning.code, warning.detail) == (
        Code.HOUNSFIELD_IMAGE,
        Message(Detail.OFFSET, offset=offset),
    )


@pytest.mark.parametrize("offset", [1500, 3024, 9000])
def test_units_with_an_offset_that_nobody_knows_are_never_assessed(
    tmp_path: Path, offset: int
) -> None:
    image = read(tmp_path / "a", (head() + offset).astype(np.uint16))
    assert image.header.unit is Unit.GREY
    problem = refusal(image.header)
    assert problem is not None
    assert problem.code is Code.BAD_RESCALE
    assert isinstance(problem.detail, Message)
    assert problem.detail.code is Offset.UNKNOWN
    assert dict(problem.detail.values)["offset"] == pytest.approx(offset, abs=10)


@pytest.mark.parametrize("codec", ["j2k", "jp2"])
@pytest.mark.parametrize(
    ("bits", "offset", "dtype"),
    [
        (12, 1024, np.uint16),
        (13, 1024, np.uint16),
        (16, 1024, np.uint16),
        (16, 32768, np.uint16),
        (12, 0, np.int16),
        (16, 0, np.int16),
    ],
)
def test_jpeg_2000_of_any_depth_holds_whole_units(
    tmp_path: Path, codec: str, bits: int, offset: int, dtype: type
) -> None:
    values: NDArray[Any] = (head() + offset).astype(dtype)
    stream = imagecodecs.jpeg2k_encode(
        values, level=0, codecformat=codec, bitspersample=bits, reversible=True
    )
    (tmp_path / "a").write_bytes(stream)
    image = read_image(tmp_path / "a")
    assert image.header.unit is Unit.HOUNSFIELD
    assert np.array_equal(image.pixels, head())
    said = Message(Detail.OFFSET, offset=offset) if offset else ""
    [warning] = image.header.warnings
    assert (warning.code, warning.detail) == (Code.HOUNSFIELD_IMAGE, said)


@pytest.mark.parametrize("bits", [9, 12, 16])
def test_windowed_jpeg_2000_keeps_its_brightness(tmp_path: Path, bits: int) -> None:
    grey = to_grey_of(head()).astype(np.float64)
    values = np.rint(grey * (((1 << bits) - 1) / 255)).astype(np.uint16)
    stream = imagecodecs.jpeg2k_encode(values, level=0, codecformat="jp2", bitspersample=bits)
    (tmp_path / "a").write_bytes(stream)
    image = read_image(tmp_path / "a")
    assert image.header.unit is Unit.GREY
    assert image.pixels[64, 64] == pytest.approx(grey[64, 64], abs=1)


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_signed_units_need_no_offset(tmp_path: Path, kind: type) -> None:
    image = read(tmp_path / "a", head().astype(kind), "TIFF")
    assert image.header.unit is Unit.HOUNSFIELD
    assert np.array_equal(image.pixels, head())


@pytest.mark.parametrize("scale", [255, 4095, 65535])
def test_a_windowed_image_stays_grey(tmp_path: Path, scale: int) -> None:
    grey = to_grey_of(head()).astype(np.float64)
    image = read(tmp_path / "a", np.rint(grey * (scale / 255)).astype(np.uint16))
    assert image.header.unit is Unit.GREY
    assert image.header.not_hounsfield is None
    assert image.pixels[64, 64] == pytest.approx(grey[64, 64], abs=1)


def to_grey_of(units: NDArray[np.int32]) -> NDArray[np.uint8]:
    from imaging.image import ImageHeader

    rows, columns = units.shape
    return to_grey(
        Image(ImageHeader(Unit.HOUNSFIELD, rows, columns), units.astype(np.float32)), BRAIN
    )


@pytest.mark.parametrize("factor", [0.5, 2.0, 10.0])
def test_units_of_another_scale_are_none(tmp_path: Path, factor: float) -> None:
    values = (head() + 1024) * factor
    assert read(tmp_path / "a", values.astype(np.uint16)).header.unit is Unit.GREY


def _ranging(lowest: float, highest: float) -> NDArray[np.int32]:
    """The head with its values from ``lowest`` HU, in air, to ``highest``, in one pixel of bone."""
    values = np.where(head() < -900, lowest, head()).astype(np.int32)
    values[values > 100] = 100
    values[64, 64] = highest
    return values


@pytest.mark.parametrize("less", [0, 1])
def test_the_range_reaches_from_air_to_bone_at_least(
    monkeypatch: pytest.MonkeyPatch, less: int
) -> None:
    values = _ranging(-1000, 200)
    assert image_file_hounsfield.LEAST_RANGE == 1000
    monkeypatch.setattr(image_file_hounsfield, "LEAST_RANGE", 1200 + less)
    found = to_hounsfield(PilImage.fromarray(values))
    assert (found is None) == bool(less)


@pytest.mark.parametrize("less", [0, 1])
def test_the_darkest_value_is_air(monkeypatch: pytest.MonkeyPatch, less: int) -> None:
    values = _ranging(-1000, 200)
    monkeypatch.setattr(image_file_hounsfield, "OFFSETS", (0,))
    assert image_file_hounsfield.HIGHEST_MINIMUM == -900
    monkeypatch.setattr(image_file_hounsfield, "HIGHEST_MINIMUM", -1000 - less)
    found = to_hounsfield(PilImage.fromarray(values))
    assert (found is None) == bool(less)


@pytest.mark.parametrize(("highest", "is_read"), [(31767, True), (31768, False)])
def test_the_brightest_value_is_one_that_a_scanner_can_store(
    monkeypatch: pytest.MonkeyPatch, highest: int, is_read: bool
) -> None:
    monkeypatch.setattr(image_file_hounsfield, "OFFSETS", (0,))
    found = to_hounsfield(PilImage.fromarray(_ranging(-1000, highest)))
    assert (found is not None) is is_read


@pytest.mark.parametrize(
    ("level", "has_units"), [(-2100, True), (-2101, False), (31767, True), (31768, False)]
)
def test_units_lie_between_padding_and_the_metal_of_sixteen_bits(
    level: int, has_units: bool
) -> None:
    values = head().astype(np.int32)
    values[0, 5] = level
    assert (to_hounsfield(PilImage.fromarray(values)) is not None) is has_units


@pytest.mark.parametrize("more", [0, 1])
def test_an_offset_is_sought_where_the_range_is_that_of_units(
    monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    image = PilImage.fromarray(_ranging(-1000, 200) + 4500)
    monkeypatch.setattr(image_file_hounsfield, "LEAST_RANGE", 1200 + more)
    assert (unknown_offset(image) is None) == bool(more)


@pytest.mark.parametrize("more", [0, 1])
def test_an_offset_is_sought_where_enough_is_air(
    monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    values = _ranging(-1000, 200)
    air = np.count_nonzero(values == -1000)
    assert image_file_hounsfield._LEAST_SHARE == 0.02
    monkeypatch.setattr(image_file_hounsfield, "_LEAST_SHARE", (air + more) / values.size)
    assert (unknown_offset(PilImage.fromarray(values + 4500)) is None) == bool(more)
