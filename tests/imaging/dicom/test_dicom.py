from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from imaging.details import Detail
from imaging.dicom import file as dicom_file
from imaging.dicom.attributes import Attributes
from imaging.dicom.messages import Value
from imaging.dicom.values import LEAST_BITS
from imaging.eligibility import refusal
from imaging.errors import Code, ImageError, Problem
from imaging.hounsfield import Doubt
from imaging.image import Acquisition, Image, Unit, Window
from imaging.input.recipe import InputRecipe, network_input
from imaging.messages import Message, MessageCode
from imaging.reading import read_image
from tests.make.dicom import HU, change, compressed, ct, encoded, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "image.jpg"  # the suffix says nothing


def hu(image: Image) -> NDArray[np.float32]:
    assert image.header.unit is Unit.HOUNSFIELD
    assert image.pixels.dtype == np.float32
    return image.pixels  # type: ignore[return-value]


def codes(image: Image) -> list[Code]:
    return [problem.code for problem in image.header.warnings]


def refused(path: Path, frame: int = 0) -> tuple[Code, str | Message]:
    with pytest.raises(ImageError) as caught:
        read_image(path, frame)
    return caught.value.problem.code, caught.value.problem.detail


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


def saying(image: Image) -> list[MessageCode | str]:
    """What the warnings of an image say in their details."""
    details = [problem.detail for problem in image.header.warnings]
    return [detail.code if isinstance(detail, Message) else detail for detail in details]


def test_header(path: Path) -> None:
    image = ct(WindowCenter=[40, 600], WindowWidth=[80, 2800], GantryDetectorTilt=-12.5, KVP=120)
    image.FrameOfReferenceUID = "1.2.9"
    header = read_image(save(image, path)).header
    assert (header.kind, header.unit, header.rows, header.columns) == (
        "DICOM",
        Unit.HOUNSFIELD,
        *HU.shape,
    )
    assert header.sop_class == uid.CTImageStorage
    assert header.image_type == ("ORIGINAL", "PRIMARY", "AXIAL")
    assert header.body_part == "HEAD"
    assert header.window == Window(80, 40)
    who, where = header.identity, header.geometry
    assert (who.patient_id, who.patient_name, who.instance_number) == ("P1", "Test^Patient", 7)
    assert (who.study_uid, who.series_uid, who.sop_uid) == ("1.2", "1.2.1", "1.2.3")
    assert (where.position, where.spacing, where.thickness) == ((-10, -12, 35), (0.5, 0.25), 5)
    assert where.orientation == (1, 0, 0, 0, 1, 0)
    assert (where.tilt, where.kvp, where.frame_of_reference) == (-12.5, 120, "1.2.9")
    assert [problem.sentence for problem in header.warnings] == ["Gantry tilt (-12.5°)."]


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


@pytest.mark.parametrize("signed", [0, 1])
def test_values_below_a_high_bit_that_is_too_high_are_repaired(path: Path, signed: int) -> None:
    values = (HU if signed else HU + 1024).astype(np.int32) & 0xFFF
    image = ct(BitsStored=12, HighBit=15, PixelRepresentation=signed)
    change(image, RescaleIntercept=0 if signed else -1024)
    image.PixelData = values.astype("<u2").tobytes()
    read = read_image(save(image, path))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.LOW_BITS]


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [(uid.JPEG2000Lossless, 12), (uid.JPEG2000Lossless, 13), (uid.JPEGLosslessSV1, 12)],
)
def test_the_codestreams_precision_wins_over_the_headers(
    path: Path, syntax: uid.UID, bits: int
) -> None:
    stored = (HU.astype(np.int32) & ((1 << bits) - 1)).astype(np.uint16)
    if syntax == uid.JPEG2000Lossless:
        frame = imagecodecs.jpeg2k_encode(
            stored, reversible=True, codecformat="j2k", bitspersample=bits
        )
    else:
        frame = imagecodecs.jpeg8_encode(stored, lossless=True, bitspersample=bits)
    image = ct(PixelRepresentation=1, RescaleIntercept=0, PixelData=encapsulate([bytes(frame)]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, syntax))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.FEWER_BITS]


def test_the_codestreams_sign_wins_over_the_headers(path: Path) -> None:
    frame = imagecodecs.jpeg2k_encode(HU, reversible=True, codecformat="j2k")
    image = ct(RescaleIntercept=0, PixelData=encapsulate([bytes(frame)]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, uid.JPEG2000Lossless))
    assert np.array_equal(hu(read), HU)
    assert saying(read) == [Value.SIGNED_SAID_UNSIGNED]


@pytest.mark.parametrize(
    "syntax",
    [
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.DeflatedExplicitVRLittleEndian,
        uid.RLELossless,
        uid.JPEGLossless,
        uid.JPEGLosslessSV1,
        uid.JPEGLSLossless,
        uid.JPEG2000Lossless,
        uid.HTJ2KLossless,
        uid.HTJ2KLosslessRPCL,
    ],
)
def test_lossless_transfer_syntaxes_give_the_same(path: Path, syntax: uid.UID) -> None:
    image = compressed(ct(), syntax) if syntax.is_compressed and not syntax.is_deflated else ct()
    read = read_image(save(image, path, syntax))
    assert np.array_equal(hu(read), HU)
    assert codes(read) == []


def test_big_endian(path: Path) -> None:
    image = ct(PixelData=(HU + 1024).astype(">u2").tobytes())
    assert np.array_equal(hu(read_image(save(image, path, uid.ExplicitVRBigEndian))), HU)


@pytest.mark.parametrize("implicit", [True, False])
def test_a_file_without_preamble_and_meta_information(path: Path, implicit: bool) -> None:
    ct().save_as(path, implicit_vr=implicit, little_endian=True)
    assert np.array_equal(hu(read_image(path)), HU)


@pytest.mark.parametrize(
    ("syntax", "said", "lossy"),
    [
        (uid.JPEGLSNearLossless, "01", True),
        (uid.JPEGLSNearLossless, None, True),
        (uid.JPEG2000, "00", False),
        (uid.JPEG2000, None, True),
        (uid.JPEG2000Lossless, "01", True),
        (uid.HTJ2K, None, True),
    ],
)
def test_lossy_compression_is_a_warning(
    path: Path, syntax: uid.UID, said: str | None, lossy: bool
) -> None:
    image = compressed(ct(), syntax)
    if said is not None:
        image.LossyImageCompression = said
    read = read_image(save(image, path, syntax))
    assert codes(read) == ([Code.LOSSY] if lossy else [])
    assert np.array_equal(hu(read), HU)


def test_the_error_of_a_damaged_frame_says_how_many_there_are(path: Path) -> None:
    whole = encoded((HU + 1024).astype("<u2"), uid.JPEGLSLossless)
    damaged = whole[:40] + bytes(len(whole) - 40)
    image = ct(NumberOfFrames=2, PixelData=encapsulate([damaged, whole]))
    image["PixelData"].is_undefined_length = True
    save(image, path, uid.JPEGLSLossless)
    with pytest.raises(ImageError) as error:
        read_image(path)
    assert error.value.frames == 2
    assert np.array_equal(hu(read_image(path, 1)), HU)


def test_twelve_bit_jpeg_is_read(path: Path) -> None:
    values = np.clip(HU + 1024, 0, 4095).astype(np.uint16)
    frame = bytes(imagecodecs.jpeg8_encode(values, level=98, bitspersample=12))
    image = ct(BitsStored=12, HighBit=11, PixelData=encapsulate([frame]))
    image["PixelData"].is_undefined_length = True
    read = read_image(save(image, path, uid.JPEGExtended12Bit))
    assert np.abs(hu(read) - HU).max() < 40
    assert codes(read) == [Code.LOSSY]


@pytest.mark.parametrize(
    "syntax",
    [
        uid.JPEGBaseline8Bit,
        uid.JPEGLosslessSV1,
        uid.JPEGLSLossless,
        uid.JPEG2000Lossless,
        uid.RLELossless,
        uid.HTJ2KLossless,
    ],
)
def test_a_frame_cut_short_is_no_half_image(path: Path, syntax: uid.UID) -> None:
    image = ct()
    if syntax == uid.JPEGBaseline8Bit:
        grey = (HU // 16 + 64).astype(np.uint8)
        frame = bytes(imagecodecs.jpeg8_encode(grey, level=95))
        change(image, BitsAllocated=8, BitsStored=8, HighBit=7)
    else:
        frame = encoded((HU + 1024).astype(np.uint16), syntax)
    for share in (0.3, 0.6, 0.9):
        image.PixelData = encapsulate([frame[: int(len(frame) * share)]])
        image["PixelData"].is_undefined_length = True
        assert refused(save(image, path, syntax))[0] is Code.DAMAGED


@pytest.mark.parametrize("stored", [12, 13, 16])
@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.JPEGLSLossless])
def test_signed_values_keep_their_sign(path: Path, stored: int, syntax: uid.UID) -> None:
    values = np.clip(HU, -1024, 2000)
    bits = (values.astype(np.int32) & ((1 << stored) - 1)).astype("<u2")
    image = ct(PixelRepresentation=1, BitsStored=stored, HighBit=stored - 1, RescaleIntercept=0)
    image.PixelData = bits.tobytes()
    if syntax.is_compressed:
        compressed(image, syntax)
    assert np.array_equal(hu(read_image(save(image, path, syntax))), values)


def test_overlays_in_unused_bits_are_cut_off(path: Path) -> None:
    values = np.clip(HU + 1024, 0, 4095).astype(np.uint16)
    image = ct(BitsStored=12, HighBit=11, PixelData=(values | 0x8000).astype("<u2").tobytes())
    assert np.array_equal(hu(read_image(save(image, path))), HU)


def test_values_above_a_high_bit_are_shifted_down(path: Path) -> None:
    values = np.clip(HU + 1024, 0, 4095).astype(np.uint16)
    image = ct(BitsStored=12, HighBit=15, PixelData=(values << 4).astype("<u2").tobytes())
    assert np.array_equal(hu(read_image(save(image, path))), HU)


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


@pytest.mark.parametrize("kind", ["ED", "mgml", "PCT"])
def test_other_rescale_types_are_no_hounsfield_units(path: Path, kind: str) -> None:
    problem = not_hounsfield(save(ct(RescaleType=kind), path))
    assert problem == Problem(Code.BAD_RESCALE, f"RescaleType (0028,1054): {kind}")


@pytest.mark.parametrize(
    ("attributes", "code", "word"),
    [
        ({"Rows": 12}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"Rows": 25}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"Columns": 19}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"NumberOfFrames": 2}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"NumberOfFrames": 0}, Code.INCONSISTENT_HEADER, "NumberOfFrames (0028,0008)"),
        ({"BitsAllocated": 12}, Code.INCONSISTENT_HEADER, "BitsStored (0028,0101)"),
        ({"BitsAllocated": 32}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"BitsStored": 17}, Code.INCONSISTENT_HEADER, "BitsStored (0028,0101)"),
        ({"HighBit": 3}, Code.INCONSISTENT_HEADER, "HighBit (0028,0102)"),
        ({"PixelRepresentation": 2}, Code.INCONSISTENT_HEADER, "PixelRepresentation (0028,0103)"),
        ({"Rows": None}, Code.INCONSISTENT_HEADER, "Rows (0028,0010): absent"),
        ({"SamplesPerPixel": 3}, Code.UNSUPPORTED_PIXELS, "PhotometricInterpretation (0028,0004)"),
        ({"Rows": 60000, "Columns": 60000}, Code.TOO_LARGE, "60000×60000"),
        ({"PhotometricInterpretation": "ARGB"}, Code.UNSUPPORTED_PIXELS, "ARGB"),
    ],
)
def test_contradictions_are_refused_by_name(
    path: Path, attributes: dict[str, Any], code: Code, word: str
) -> None:
    found, detail = refused(save(ct(**attributes), path))
    assert found is code
    assert word in str(detail)


def test_compressed_size_that_differs_is_refused_before_decoding(path: Path) -> None:
    image = change(compressed(ct(), uid.JPEG2000Lossless), Rows=240)
    assert refused(save(image, path, uid.JPEG2000Lossless)) == (
        Code.INCONSISTENT_HEADER,
        Message(Detail.OTHER_COMPRESSED, compressed="20×24×1", said="20×240×1"),
    )


@pytest.mark.parametrize("frames", [2, 1999])
def test_frames_that_are_not_there_are_refused(path: Path, frames: int) -> None:
    image = change(compressed(ct(), uid.RLELossless), NumberOfFrames=frames)
    code, detail = refused(save(image, path, uid.RLELossless))
    assert code is Code.INCONSISTENT_HEADER
    assert detail == Message(Detail.OTHER_FRAMES, said=frames, there=1)


def test_more_frames_than_the_header_says_are_refused(path: Path) -> None:
    frame = encoded((HU + 1024).astype(np.uint16), uid.JPEG2000Lossless)
    image = ct(PixelData=encapsulate([frame, frame]))
    image["PixelData"].is_undefined_length = True
    code, detail = refused(save(image, path, uid.JPEG2000Lossless))
    assert code is Code.INCONSISTENT_HEADER
    assert detail == Message(Detail.OTHER_FRAMES, said=1, there=2)


def test_an_unknown_transfer_syntax_is_refused_by_uid(path: Path) -> None:
    image = compressed(ct(), uid.RLELossless)
    code, detail = refused(save(image, path, uid.MPEG2MPML))
    assert code is Code.UNSUPPORTED_TRANSFER_SYNTAX
    assert uid.MPEG2MPML in str(detail)


@pytest.mark.parametrize("syntax", [uid.ExplicitVRLittleEndian, uid.JPEG2000Lossless])
def test_each_frame_is_decoded_alone(path: Path, syntax: uid.UID) -> None:
    frames = [(np.roll(HU, turn, axis=1) + 1024).astype("<u2") for turn in range(3)]
    image = ct(NumberOfFrames=3, PixelData=b"".join(frame.tobytes() for frame in frames))
    if syntax.is_compressed:
        image.PixelData = encapsulate([encoded(frame, syntax) for frame in frames])
        image["PixelData"].is_undefined_length = True
    save(image, path, syntax)
    for turn in range(3):
        read = read_image(path, turn)
        assert (read.header.frame, read.header.frames) == (turn, 3)
        assert np.array_equal(hu(read), np.roll(HU, turn, axis=1))
    assert refused(path, 3)[0] is Code.DAMAGED


def group(**sequences: dict[str, Any]) -> Dataset:
    item = Dataset()
    for name, values in sequences.items():
        setattr(item, name, Sequence([change(Dataset(), **values)]))
    return item


def test_enhanced_ct_by_its_functional_groups(path: Path) -> None:
    image = ct(
        SOPClassUID=uid.EnhancedCTImageStorage,
        NumberOfFrames=2,
        PixelData=2 * (HU + 1024).astype("<u2").tobytes(),
        **dict.fromkeys(
            ["RescaleSlope", "RescaleIntercept", "ImagePositionPatient", "PixelSpacing"]
        ),
    )
    image.SharedFunctionalGroupsSequence = Sequence(
        [group(PixelMeasuresSequence={"PixelSpacing": [0.4, 0.4], "SliceThickness": 3})]
    )
    image.PerFrameFunctionalGroupsSequence = Sequence(
        group(
            PixelValueTransformationSequence={
                "RescaleSlope": 1,
                "RescaleIntercept": -1024 - 10 * frame,
                "RescaleType": "HU",
            },
            PlanePositionSequence={"ImagePositionPatient": [0, 0, 10 * frame]},
            FrameVOILUTSequence={"WindowCenter": 40 + frame, "WindowWidth": 80},
            CTImageFrameTypeSequence={"FrameType": ["ORIGINAL", "PRIMARY", f"T{frame}", "NONE"]},
        )
        for frame in range(2)
    )
    save(image, path)
    for frame in range(2):
        read = read_image(path, frame)
        assert np.array_equal(hu(read), HU - 10 * frame)
        assert read.header.geometry.position == (0, 0, 10 * frame)
        assert read.header.geometry.spacing == (0.4, 0.4)
        assert read.header.window == Window(80, 40 + frame)
        assert read.header.image_type[2] == f"T{frame}"


@pytest.mark.parametrize(("center", "width"), [(40, 0), (40, -80), ("", 80), (1e300, 80)])
def test_a_senseless_window_is_none(path: Path, center: Any, width: float) -> None:
    assert read_image(save(ct(WindowCenter=center, WindowWidth=width), path)).header.window is None


@pytest.mark.parametrize(
    ("attributes", "spacing", "aspect"),
    [
        ({}, (0.5, 0.25), None),
        ({"PixelSpacing": None, "ImagerPixelSpacing": [0.4, 0.8]}, (0.4, 0.8), None),
        ({"PixelSpacing": None, "NominalScannedPixelSpacing": [0.4, 0.8]}, (0.4, 0.8), None),
        ({"PixelSpacing": None, "PixelAspectRatio": [1, 2]}, None, 0.5),
        ({"PixelSpacing": [0, 0], "PixelAspectRatio": [2, 1]}, None, 2.0),
        ({"PixelSpacing": None, "PixelAspectRatio": [0, 2]}, None, None),
        ({"PixelSpacing": [0.5, 0.5], "PixelAspectRatio": [2, 1]}, (0.5, 0.5), None),
        ({"PixelSpacing": [1e300, 1e300]}, None, None),
    ],
)
def test_the_shape_of_a_pixel(
    path: Path,
    attributes: dict[str, Any],
    spacing: tuple[float, float] | None,
    aspect: float | None,
) -> None:
    geometry = read_image(save(ct(**attributes), path)).header.geometry
    assert (geometry.spacing, geometry.aspect) == (spacing, aspect)
    assert geometry.pixel == (spacing or (aspect or 1.0, 1.0))


def test_decimal_commas_are_read(path: Path) -> None:
    image = ct(
        PixelSpacing=["0.40", "0.80"],
        ImagePositionPatient=["-120.5", "-120.5", "10.5"],
        RescaleIntercept="-1024.0",
        SliceLocation="12.50",
    )
    data = save(image, path).read_bytes()
    for number in (b"0.40\\0.80", b"-120.5\\-120.5\\10.5", b"-1024.0", b"12.50"):
        assert data.count(number) == 1
        data = data.replace(number, number.replace(b".", b","))
    path.write_bytes(data)
    read = read_image(path)
    assert read.header.geometry.spacing == (0.4, 0.8)
    assert read.header.geometry.position == (-120.5, -120.5, 10.5)
    assert read.header.geometry.slice_location == 12.5
    assert np.array_equal(hu(read), HU)


@pytest.mark.parametrize(("far", "believed"), [(1e5, True), (1.1e5, False), (1e308, False)])
def test_positions_beyond_any_scanner_are_none(path: Path, far: float, believed: bool) -> None:
    image = ct(ImagePositionPatient=[0, 0, far], SliceLocation=far)
    read = read_image(save(image, path))
    assert (read.header.geometry.position is not None) is believed
    assert (read.header.geometry.slice_location is not None) is believed
    assert codes(read) == ([] if believed else [Code.NO_POSITION])


def test_what_tells_acquisitions_apart_is_read(path: Path) -> None:
    image = ct(AcquisitionNumber=3, AcquisitionDate="20260102", AcquisitionTime="120001.5")
    change(image, ConvolutionKernel=["H30f", "2"], ContentTime="120002", TemporalPositionIndex=2)
    assert read_image(save(image, path)).header.acquisition == Acquisition(
        3, 2, "20260102120001.5", "120002", "H30f/2"
    )


def test_ct_without_a_position_is_a_warning(path: Path) -> None:
    assert codes(read_image(save(ct(ImagePositionPatient=None), path))) == [Code.NO_POSITION]


@pytest.mark.parametrize("senseless", [[0, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0], [9, 0, 0, 0, 9, 0]])
def test_a_senseless_orientation_is_none(path: Path, senseless: list[float]) -> None:
    image = save(ct(ImageOrientationPatient=senseless), path)
    assert read_image(image).header.geometry.orientation is None


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
    ("sop_class", "word"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.33", "Comprehensive SR"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "RT Structure Set"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "Segmentation"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "Presentation State"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "Waveform"),
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
    ],
)
def test_objects_without_an_image_are_named(path: Path, sop_class: str, word: str) -> None:
    code, detail = refused(save(ct(SOPClassUID=sop_class), path))
    assert code is Code.NOT_AN_IMAGE_OBJECT
    assert word in str(detail)


def test_a_file_cut_anywhere_fails(path: Path) -> None:
    data = save(ct(), path).read_bytes()
    for length in {*range(1, len(data), 37), len(data) - 1}:
        path.write_bytes(data[:length])
        code, _ = refused(path)
        expected = {Code.DAMAGED, Code.NOT_AN_IMAGE_OBJECT} if length >= 132 else None
        assert code in (expected or {Code.UNKNOWN_CONTENT}), f"cut at {length}"


def test_a_deflated_bomb_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = ct(Rows=1000, Columns=1000, PixelData=bytes(2 * 1000 * 1000))
    save(image, path, uid.DeflatedExplicitVRLittleEndian)
    assert hu(read_image(path)).shape == (1000, 1000)
    assert dicom_file.MAX_INFLATED == 256 << 20
    monkeypatch.setattr(dicom_file, "MAX_INFLATED", 1 << 20)
    dicom_file.parse.cache_clear()
    assert refused(path) == (Code.TOO_LARGE, Message(Detail.DEFLATED, megabytes=1))


def test_deep_nesting_is_a_row(path: Path) -> None:
    item = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    head = save(ct(), path).read_bytes()[:400]
    path.write_bytes(head[: head.index(b"\x08\x00\x08\x00CS")] + item * 5000)
    assert refused(path)[0] is Code.DAMAGED


def test_age_sex_and_study_time_are_read_as_the_file_has_them(path: Path) -> None:
    image = ct(PatientAge="067Y", PatientSex="F", StudyTime="051500")
    who = read_image(save(image, path)).header.identity
    assert (who.patient_age, who.patient_sex, who.study_time) == ("067Y", "F", "051500")


AGENT = "ContrastBolusAgent"


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({AGENT: "Iohexol"}, "Iohexol"),
        ({"ContrastBolusVolume": 80}, "ContrastBolusVolume (0018,1041): 80"),
        ({"SeriesDescription": "CTA Head"}, "CTA Head"),
        ({"SeriesDescription": "Brain_with_contrast"}, "Brain_with_contrast"),
        ({"SeriesDescription": "Kopf mit KM"}, "Kopf mit KM"),
        ({"SeriesDescription": "Head +C"}, "Head +C"),
        ({"SeriesDescription": "头颅增强"}, "头颅增强"),
        ({}, None),
        ({AGENT: "NONE"}, None),
        ({AGENT: "NO", "SeriesDescription": "CTA"}, None),
        ({"ContrastBolusVolume": 0}, None),
        ({"SeriesDescription": "Head without contrast"}, None),
        ({"SeriesDescription": "Non-contrast head"}, None),
        ({"SeriesDescription": "Kopf ohne KM"}, None),
        ({"SeriesDescription": "sin contraste"}, None),
        ({"SeriesDescription": "Head 5mm"}, None),
        ({AGENT: "Gd", "Modality": "MR"}, None),
    ],
)
def test_a_contrast_agent_is_a_warning(
    path: Path, attributes: dict[str, Any], said: str | None
) -> None:
    image = ct(SpecificCharacterSet="ISO_IR 192", **attributes)
    warnings = read_image(save(image, path)).header.warnings
    found = [problem.detail for problem in warnings if problem.code is Code.CONTRAST]
    assert found == ([] if said is None else [said])


def test_a_contrast_agent_in_a_sequence_is_a_warning(path: Path) -> None:
    item = change(Dataset(), CodeMeaning="Iodixanol")
    read = read_image(save(ct(ContrastBolusAgentSequence=Sequence([item])), path))
    assert [problem.detail for problem in read.header.warnings] == ["Iodixanol"]


def test_colours_in_a_ct_are_no_slice(path: Path) -> None:
    image = ct(SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    change(image, BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=bytes(3 * HU.size))
    header = read_image(save(image, path)).header
    assert header.colour
    problem = refusal(header)
    assert problem is not None
    assert problem.code is Code.WRONG_MODALITY


@pytest.mark.parametrize(("tilt", "said"), [(0.49, False), (0.5, True), (-0.5, True)])
def test_a_gantry_counts_as_tilted_from_half_a_degree_on(
    path: Path, tilt: float, said: bool
) -> None:
    found = codes(read_image(save(ct(GantryDetectorTilt=tilt), path)))
    assert found == ([Code.TILT] if said else [])


@pytest.mark.parametrize(
    ("cosines", "believed"),
    [
        ([1, 0, 0, 0.0199, 1, 0], True),
        ([1, 0, 0, 0.0201, 1, 0], False),
        ([0.949, 0, 0, 0, 1, 0], True),
        ([0.948, 0, 0, 0, 1, 0], False),
        ([1, 0, 0, 0, 1.048, 0], True),
        ([1, 0, 0, 0, 1.049, 0], False),
    ],
)
def test_direction_cosines_are_believed_up_to_rounding(
    path: Path, cosines: list[float], believed: bool
) -> None:
    image = save(ct(ImageOrientationPatient=cosines), path)
    assert (read_image(image).header.geometry.orientation is not None) is believed


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


@pytest.mark.parametrize(("share", "grey"), [(0.095, 89), (0.105, 127)])
def test_a_window_shows_something_from_a_tenth_on(path: Path, share: float, grey: int) -> None:
    values = np.full(HU.size, 3000)
    values[: round(share * HU.size)] = 1050
    values[-20:] = 0
    image = ct(RescaleSlope=None, WindowWidth=200, WindowCenter=1050)
    image.PixelData = values.astype("<u2").tobytes()
    pixels = read_image(save(image, path)).pixels
    assert pixels.ravel()[0] == grey


@pytest.mark.parametrize("more", [0, 1])
def test_of_a_text_so_many_characters_are_kept(path: Path, more: int) -> None:
    dataset = Dataset()
    dataset.ImageComments = "a" * 256 + "b" * more
    assert Attributes(dataset, 0).text("ImageComments") == "a" * 256
    assert Attributes(dataset, 0).texts("ImageComments") == ("a" * 256,)


@pytest.mark.parametrize(
    ("attributes", "believed"),
    [
        ({"ImagePositionPatient": [0, 0, -100_000]}, True),
        ({"ImagePositionPatient": [0, 0, -100_001]}, False),
        ({"SliceLocation": 100_000}, True),
        ({"SliceLocation": 100_001}, False),
        ({"PixelSpacing": [100_000, 100_000]}, True),
        ({"PixelSpacing": [100_001, 100_000]}, False),
    ],
)
def test_no_place_is_believed_beyond_a_hundred_metres(
    path: Path, attributes: dict[str, object], believed: bool
) -> None:
    where = read_image(save(ct(**attributes), path)).header.geometry
    told = {
        "ImagePositionPatient": where.position,
        "SliceLocation": where.slice_location,
        "PixelSpacing": where.spacing,
    }
    assert (told[next(iter(attributes))] is not None) is believed
