from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import uid

from imaging.dicom.attributes import Attributes
from imaging.dicom.messages import Value
from imaging.dicom.values import LEAST_BITS, own_window
from imaging.eligibility import refusal
from imaging.errors import Code, ImageError, Problem
from imaging.hounsfield import Doubt
from imaging.image import Unit, Window
from imaging.input.recipe import InputRecipe, network_input
from imaging.messages import Message
from imaging.reading import read_image
from imaging.samples.phantom import Head
from tests.make.dicom import HU, change, ct, save
from tests.make.outcomes import codes, hu, saying


def not_hounsfield(path: Path) -> Problem:
    """Why a CT that can be viewed as grey has no HU."""
    image = read_image(path)
    assert image.header.unit is Unit.GREY
    assert image.pixels.dtype == np.uint8
    assert image.header.not_hounsfield is not None
    assert refusal(image.header) == image.header.not_hounsfield
    with pytest.raises(ImageError):
        network_input(image, InputRecipe())
    return image.header.not_hounsfield


@pytest.mark.parametrize(
    ("slope", "intercept"), [(1, -1024), (1, 0), (0.5, -1000.25), (2, 3), (-1, 1000)]
)
def test_hounsfield_by_the_images_own_rescale(path: Path, slope: float, intercept: float) -> None:
    stored = np.rint((HU - intercept) / slope).astype("<i2")
    image = ct(RescaleSlope=slope, RescaleIntercept=intercept, PixelRepresentation=1)
    image.PixelData = stored.tobytes()
    expected = stored.astype(float) * slope + intercept
    assert np.allclose(hu(read_image(save(image, path))), expected, atol=1e-3)


@pytest.mark.parametrize(
    ("attributes", "doubt"),
    [
        ({"RescaleSlope": 10}, Doubt.AIR_ELSEWHERE),
        ({"RescaleSlope": 10, "RescaleIntercept": -10240}, Doubt.NO_AIR),
        ({"RescaleSlope": 1000}, Doubt.NO_AIR),
        ({"RescaleSlope": 0.5}, Doubt.NO_TISSUE),
        ({"RescaleIntercept": -524}, Doubt.AIR_ELSEWHERE),
        ({"RescaleIntercept": -924}, Doubt.AIR_ELSEWHERE),
        ({"RescaleIntercept": -1124}, Doubt.AIR_ELSEWHERE),
        ({"RescaleIntercept": 0}, Doubt.NO_AIR),
        ({"RescaleIntercept": 500}, Doubt.NO_AIR),
        ({"RescaleSlope": -1, "RescaleIntercept": 1024}, Doubt.AIR_ELSEWHERE),
    ],
)
def test_values_that_cannot_be_hounsfield_units_are_viewed_and_never_assessed(
    path: Path, attributes: dict[str, float], doubt: Doubt
) -> None:
    problem = not_hounsfield(save(ct(**attributes), path))
    assert problem.code is Code.BAD_RESCALE
    assert isinstance(problem.detail, Message)
    assert problem.detail.code is Value.RESCALED
    said = dict(problem.detail.values)
    found = said["doubt"]
    assert isinstance(found, Message)
    assert found.code is doubt
    rescale = {"RescaleSlope": 1, "RescaleIntercept": -1024} | attributes
    assert (said["slope"], said["intercept"]) == tuple(rescale.values())


@pytest.mark.parametrize("keyword", ["RescaleSlope", "RescaleIntercept"])
def test_a_rescale_of_two_values_is_refused(path: Path, keyword: str) -> None:
    image = ct(**{keyword: [1, 2]})
    assert not_hounsfield(save(image, path)).code is Code.BAD_RESCALE


@pytest.mark.parametrize(
    ("slope", "intercept"), [(1, 0), (80 / 255, 0), (400 / 255, -160), (12, -1024)]
)
def test_eight_bits_hold_no_hounsfield_units(path: Path, slope: float, intercept: float) -> None:
    grey = np.clip((HU - intercept) / slope, 0, 255).astype(np.uint8)
    image = ct(BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=grey.tobytes())
    change(image, RescaleSlope=slope, RescaleIntercept=intercept)
    problem = not_hounsfield(save(image, path))
    assert problem == Problem(Code.BAD_RESCALE, Message(Value.FEW_BITS, bits=8))


@pytest.mark.parametrize("stored", [12, 16])
def test_a_window_baked_into_wider_values_is_refused(path: Path, stored: int) -> None:
    grey = (np.clip(HU, 0, 80) * (255 / 80)).astype("<u2")
    image = ct(BitsStored=stored, HighBit=stored - 1, RescaleIntercept=0)
    image.PixelData = grey.tobytes()
    assert not_hounsfield(save(image, path)).code is Code.BAD_RESCALE


@pytest.mark.parametrize("intercept", [0, 1])
@pytest.mark.parametrize("stored", [12, 13, 16])
def test_signed_data_marked_unsigned_are_repaired(path: Path, stored: int, intercept: int) -> None:
    values = np.clip(HU, -1024, 2000) - intercept
    bits = (values.astype(np.int32) & ((1 << stored) - 1)).astype("<u2")
    image = ct(BitsStored=stored, HighBit=stored - 1, RescaleIntercept=intercept)
    image.PixelData = bits.tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), values + intercept)
    assert codes(read) == [Code.REPAIRED]
    assert saying(read) == [Value.SIGNED_SAID_UNSIGNED]


def test_unsigned_data_marked_signed_are_repaired(path: Path) -> None:
    image = ct(BitsStored=12, HighBit=11, PixelRepresentation=1)
    image.PixelData = np.clip(HU + 1024, 0, 4095).astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.UNSIGNED_SAID_SIGNED]


def test_signed_data_of_fewer_bits_are_repaired(path: Path) -> None:
    image = ct(PixelRepresentation=1, RescaleIntercept=0)
    image.PixelData = (HU.astype(np.int32) & 0xFFF).astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.FEWER_BITS]


@pytest.mark.parametrize("high", [15, 12])
@pytest.mark.parametrize("signed", [0, 1])
def test_values_below_a_high_bit_that_is_too_high_are_repaired(
    path: Path, signed: int, high: int
) -> None:
    values = (HU if signed else HU + 1024).astype(np.int32) & 0xFFF
    image = ct(BitsStored=12, HighBit=high, PixelRepresentation=signed)
    change(image, RescaleIntercept=0 if signed else -1024)
    image.PixelData = values.astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.LOW_BITS]


@pytest.mark.parametrize("signed", [0, 1])
def test_values_of_more_bits_than_the_header_says_are_read_whole(path: Path, signed: int) -> None:
    head = Head(1, size=256).slice_at(0.4)
    image = ct(BitsStored=11, HighBit=10, PixelRepresentation=signed, Rows=256, Columns=256)
    change(image, RescaleIntercept=0 if signed else -1024)
    image.PixelData = (head if signed else head + 1024).astype("<i2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), head)
    assert saying(read) == [Value.MORE_BITS]


def test_what_jumps_above_the_bits_of_the_header_is_an_overlay(path: Path) -> None:
    image = ct(BitsStored=12, HighBit=11)
    pixels = (HU + 1024).astype("<u2")
    pixels[::2, ::2] |= 0x1000
    image.PixelData = pixels.tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert codes(read) == []


@pytest.mark.parametrize(("padding", "signed"), [(4095, 0), (63536, 0), (32767, 1)])
def test_bright_padding_that_the_header_does_not_tell_of_is_air(
    path: Path, padding: int, signed: int
) -> None:
    intercept = 0 if signed else -1024
    pixels = HU.astype(np.int32) - intercept
    pixels[0], pixels[-1] = padding, padding
    inside = (HU.shape[0] // 2, HU.shape[1] // 2)
    pixels[inside] = padding
    image = ct(PixelRepresentation=signed, RescaleIntercept=intercept)
    image.PixelData = pixels.astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert (hu(read)[[0, -1]] == -1000).all()
    assert hu(read)[inside] == padding + intercept
    assert saying(read) == [Value.PADDING]


@pytest.mark.parametrize("signed", [0, 1])
def test_monochrome1_turns_the_display_and_not_the_values(path: Path, signed: int) -> None:
    image = ct(PhotometricInterpretation="MONOCHROME1", PixelRepresentation=signed)
    image.RescaleIntercept = 0 if signed else -1024
    image.PixelData = (HU - int(image.RescaleIntercept)).astype("<i2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert read.header.inverted
    assert not read_image(save(ct(), path)).header.inverted


def test_values_that_run_from_white_to_black_are_no_hounsfield_units(path: Path) -> None:
    image = ct(PhotometricInterpretation="MONOCHROME1", BitsStored=12, HighBit=11)
    image.PixelData = (4095 - (HU + 1024)).astype("<u2").tobytes()
    assert not_hounsfield(save(image, path)).code is Code.BAD_RESCALE


@pytest.mark.parametrize(
    ("padding", "limit"), [(-2000, None), (63536, None), (-2000, -1990), (-1500, -2000)]
)
def test_padding_becomes_air(path: Path, padding: int, limit: int | None) -> None:
    values = HU.copy()
    values[:3] = -2000 if limit is None or padding == -2000 else -1700
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=values.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS" if padding < 0 else "US", padding)
    if limit is not None:
        image.add_new("PixelPaddingRangeLimit", "SS", limit)
    pixels = hu(read_image(save(image, path)))
    assert (pixels[:3] == -1000).all()
    assert np.array_equal(pixels[3:], HU[3:])


def test_padding_that_means_tissue_is_not_believed(path: Path) -> None:
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=HU.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS", int(HU[12, 7]))
    assert np.array_equal(hu(read_image(save(image, path))), HU)


@pytest.mark.parametrize("level", [-2000, -1995, -1990])
def test_every_value_of_the_range_of_padding_is_padding(path: Path, level: int) -> None:
    values = HU.copy()
    values[:3] = level
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=values.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS", -2000)
    image.add_new("PixelPaddingRangeLimit", "SS", -1990)
    assert (hu(read_image(save(image, path)))[:3] == -1000).all()


@pytest.mark.parametrize("beyond", [-1, 1])
def test_values_beside_the_range_of_padding_are_none(path: Path, beyond: int) -> None:
    values = HU.copy()
    values[5, 5] = -1700 + beyond
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=values.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS", -1700)
    image.add_new("PixelPaddingRangeLimit", "SS", -1700)
    assert hu(read_image(save(image, path)))[5, 5] == -1700 + beyond


@pytest.mark.parametrize(("signed", "padding"), [(1, -32768), (1, 32767), (0, 0), (0, 65535)])
def test_padding_may_be_the_lowest_and_the_highest_value(
    path: Path, signed: int, padding: int
) -> None:
    intercept = 0 if signed else -1024
    values = HU.astype(np.int32) - intercept
    values[5, 5] = padding
    image = ct(PixelRepresentation=signed, RescaleIntercept=intercept)
    image.PixelData = values.astype("<i2" if signed else "<u2").tobytes()
    image.add_new("PixelPaddingValue", "SS" if signed else "US", padding)
    assert hu(read_image(save(image, path)))[5, 5] == -1000


@pytest.mark.parametrize("absent", [("RescaleSlope",), ("RescaleIntercept",)])
def test_ct_without_rescale_is_viewed_and_never_assessed(
    path: Path, absent: tuple[str, ...]
) -> None:
    assert not_hounsfield(save(ct(**dict.fromkeys(absent)), path)) == Problem(Code.NO_RESCALE)


@pytest.mark.parametrize(
    ("window", "shown"), [((80, 1064), (0, 255)), ((80, 40), (13, 255)), ((4000, 2000), (0, 179))]
)
def test_a_ct_without_hounsfield_units_is_shown_in_a_window_that_shows_something(
    path: Path, window: tuple[int, int], shown: tuple[int, int]
) -> None:
    image = ct(RescaleSlope=None, WindowWidth=window[0], WindowCenter=window[1])
    pixels = read_image(save(image, path)).pixels
    assert (pixels.min(), pixels.max()) == shown


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("RescaleSlope", b"0"),
        ("RescaleSlope", b"nan"),
        ("RescaleSlope", b"1e300"),
        ("RescaleSlope", b"one"),
        ("RescaleIntercept", b"inf"),
        ("RescaleIntercept", b"-1e9"),
    ],
)
def test_senseless_rescale_is_refused_by_name(path: Path, keyword: str, value: bytes) -> None:
    data = save(ct(RescaleSlope="123456", RescaleIntercept="654321"), path).read_bytes()
    old = b"123456" if keyword == "RescaleSlope" else b"654321"
    other = b"654321" if keyword == "RescaleSlope" else b"123456"
    data = data.replace(old, value.ljust(6)).replace(other, b"1".ljust(6))
    path.write_bytes(data)
    problem = not_hounsfield(path)
    assert problem.code is Code.BAD_RESCALE
    assert keyword in str(problem.detail)


@pytest.mark.parametrize("kind", ["密度", "плотность", "ED", "mgml", "PCT"])
def test_other_rescale_types_are_no_hounsfield_units(path: Path, kind: str) -> None:
    problem = not_hounsfield(save(ct(RescaleType=kind, SpecificCharacterSet="ISO_IR 192"), path))
    assert problem == Problem(Code.BAD_RESCALE, f"RescaleType (0028,1054): {kind}")


@pytest.mark.parametrize(("center", "width"), [(40, 0), (40, -80), ("", 80), (1e300, 80)])
def test_a_senseless_window_is_none(path: Path, center: Any, width: float) -> None:
    assert read_image(save(ct(WindowCenter=center, WindowWidth=width), path)).header.window is None


@pytest.mark.parametrize(
    ("center", "width", "is_window"),
    [
        (1_000_000, 999_999, True),
        (-1_000_000, 999_999, True),
        (1_000_001, 999_999, False),
        (1_000_000, 1_000_000, False),
    ],
)
def test_a_window_makes_sense_up_to_a_million(center: int, width: int, is_window: bool) -> None:
    found = own_window(Attributes(ct(WindowCenter=center, WindowWidth=width), 0))
    assert found == (Window(width, center) if is_window else None)


def test_other_modalities_are_grey_by_their_window(path: Path) -> None:
    attributes = dict.fromkeys(["RescaleSlope", "RescaleIntercept"])
    image = ct(Modality="MR", SOPClassUID=uid.MRImageStorage, **attributes)
    change(image, WindowCenter=1000, WindowWidth=500)
    read = read_image(save(image, path))
    expected = np.clip(np.rint((HU + 1024.0 - 750) * 255 / 500), 0, 255)
    assert (read.header.unit, read.header.window, read.header.identity.modality) == (
        Unit.GREY,
        None,
        "MR",
    )
    assert np.array_equal(read.pixels, expected)
    assert read.pixels.dtype == np.uint8


def test_other_modalities_without_a_window_show_their_full_range(path: Path) -> None:
    image = ct(
        Modality="MR", SOPClassUID=uid.MRImageStorage, PhotometricInterpretation="MONOCHROME1"
    )
    read = read_image(save(image, path))
    assert (read.pixels.min(), read.pixels.max()) == (0, 255)
    assert read.pixels[HU.min() == HU].min() == 255


@pytest.mark.parametrize(("stored", "examined"), [(8, False), (9, True)])
def test_values_of_nine_bits_are_examined(path: Path, stored: int, examined: bool) -> None:
    assert LEAST_BITS == 9
    image = ct(BitsStored=stored, HighBit=stored - 1)
    image.PixelData = np.clip(HU + 1024, 0, (1 << stored) - 1).astype("<u2").tobytes()
    problem = not_hounsfield(save(image, path))
    assert isinstance(problem.detail, Message)
    assert (problem.detail.code is Value.RESCALED) is examined


@pytest.mark.parametrize(
    ("attributes", "examined"),
    [
        ({"RescaleSlope": 10_000}, True),
        ({"RescaleSlope": 10_001}, False),
        ({"RescaleIntercept": -1_000_000}, True),
        ({"RescaleIntercept": -1_000_001}, False),
    ],
)
def test_numbers_that_can_rescale_end_where_documented(
    path: Path, attributes: dict[str, float], examined: bool
) -> None:
    problem = not_hounsfield(save(ct(**attributes), path))
    assert isinstance(problem.detail, Message) is examined


@pytest.mark.parametrize(("share", "grey"), [(0.095, 89), (0.1, 127), (0.105, 127)])
def test_a_window_shows_something_from_a_tenth_on(path: Path, share: float, grey: int) -> None:
    values = np.full(HU.size, 3000)
    values[: round(share * HU.size)] = 1050
    values[-20:] = 0
    image = ct(RescaleSlope=None, WindowWidth=200, WindowCenter=1050)
    image.PixelData = values.astype("<u2").tobytes()
    pixels = read_image(save(image, path)).pixels
    assert pixels.ravel()[0] == grey


def test_colours_become_luma(path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (*HU.shape, 3)).astype(np.uint8)
    image = ct(
        Modality="OT",
        SOPClassUID=uid.SecondaryCaptureImageStorage,
        SamplesPerPixel=3,
        PhotometricInterpretation="RGB",
        PlanarConfiguration=1,
        BitsAllocated=8,
        BitsStored=8,
        HighBit=7,
        PixelData=colours.transpose(2, 0, 1).tobytes(),
    )
    read = read_image(save(image, path))
    assert np.abs(read.pixels - colours @ np.array([0.299, 0.587, 0.114])).max() <= 1
    assert codes(read) == [Code.COLOUR]


@pytest.mark.parametrize(
    ("level", "believed"), [(-500, True), (-499, False), (2999, False), (3000, True)]
)
def test_padding_inside_the_image_is_believed_where_it_means_no_tissue(
    path: Path, level: int, believed: bool
) -> None:
    values = HU.copy()
    values[12, 7] = level
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=values.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS", level)
    assert hu(read_image(save(image, path)))[12, 7] == (-1000 if believed else level)


@pytest.mark.parametrize(("corners", "believed"), [(3, True), (2, False)])
def test_padding_that_means_tissue_is_believed_where_three_corners_show_it(
    path: Path, corners: int, believed: bool
) -> None:
    values = HU.copy()
    for row, column in ((0, 0), (0, -1), (-1, 0))[:corners]:
        values[row, column] = 40
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=values.astype("<i2").tobytes())
    image.add_new("PixelPaddingValue", "SS", 40)
    assert hu(read_image(save(image, path)))[0, 0] == (-1000 if believed else 40)


def test_signed_data_of_as_few_as_ten_bits_are_repaired(path: Path) -> None:
    values = np.clip(HU, -1024, 1022).astype(np.int32) // 2
    image = ct(RescaleSlope=2, RescaleIntercept=0)
    image.PixelData = (values & 0x3FF).astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), 2 * values)
    assert saying(read)[0] is Value.FEWER_BITS
