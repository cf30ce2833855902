from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate

from imaging.details import Detail
from imaging.dicom import pixels
from imaging.dicom.attributes import Attributes
from imaging.dicom.file import DicomFile
from imaging.dicom.pixels import layout_of
from imaging.errors import Code, ImageError
from imaging.messages import Message
from imaging.reading import read_image
from tests.make.dicom import HU, change, compressed, ct, encoded, save
from tests.make.outcomes import codes, hu, refused


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


@pytest.mark.parametrize(
    ("attributes", "code", "word"),
    [
        ({"Rows": 12}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
        ({"Rows": 23}, Code.INCONSISTENT_HEADER, "bytes of pixel data"),
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


@pytest.mark.parametrize("beyond", [0, 1])
@pytest.mark.parametrize(
    ("limit", "known", "frames"), [("MAX_FRAMES", 2000, 3), ("MAX_PIXELS", 50_000_000, 1)]
)
def test_as_much_as_the_limits_allow_is_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, known: int, frames: int, beyond: int
) -> None:
    assert getattr(pixels, limit) == known
    monkeypatch.setattr(pixels, limit, (frames if frames > 1 else HU.size) - beyond)
    attributes = Attributes(ct(NumberOfFrames=frames), 0)
    if beyond == 0:
        assert layout_of(attributes).frames == frames
        return
    with pytest.raises(ImageError) as caught:
        layout_of(attributes)
    assert caught.value.problem.code is Code.TOO_LARGE


@pytest.mark.parametrize("offsets", [0, 2, 3])
def test_frames_in_several_fragments_are_found_by_a_table_of_as_many_offsets(
    path: Path, offsets: int
) -> None:
    """Two frames, the first in two fragments; without a table each ends where its coding does."""
    frames = [(np.roll(HU, turn, axis=1) + 1024).astype("<u2") for turn in range(2)]
    first, second = (encoded(frame, uid.JPEG2000Lossless) for frame in frames)
    first, second = (frame + bytes(len(frame) % 2) for frame in (first, second))
    parts = [first[:40], first[40:], second]
    table = [0, len(first) + 16, len(first) + 16][:offsets]
    items = [b"".join(each.to_bytes(4, "little") for each in table), *parts]
    image = ct(NumberOfFrames=2)
    image.PixelData = b"".join(
        b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item for item in items
    )
    image["PixelData"].is_undefined_length = True
    save(image, path, uid.JPEG2000Lossless)
    if offsets <= 2:
        assert np.array_equal(hu(read_image(path, 1)), np.roll(HU, 1, axis=1))
    else:
        assert refused(path, 1)[0] is Code.INCONSISTENT_HEADER


def test_half_of_an_extended_table_of_offsets_is_none(path: Path) -> None:
    frame = encoded((HU + 1024).astype("<u2"), uid.JPEG2000Lossless)
    image = ct(PixelData=encapsulate([frame], fragments_per_frame=2))
    image["PixelData"].is_undefined_length = True
    image.ExtendedOffsetTable = bytes(8)
    assert np.array_equal(hu(read_image(save(image, path, uid.JPEG2000Lossless))), HU)


@pytest.mark.parametrize(("more", "is_native"), [(0, True), (1, True), (2, False)])
def test_native_pixels_that_begin_like_a_fragment_are_told_by_their_length(
    more: int, is_native: bool
) -> None:
    """One byte more makes their number even."""
    layout = layout_of(Attributes(ct(Rows=5, Columns=5), 0))
    length = (50 + more - 16).to_bytes(4, "little")
    begin = b"\xfe\xff\x00\xe0" + bytes(4) + b"\xfe\xff\x00\xe0" + length + b"\xff\xd8"
    data = begin.ljust(50 + more, b"\0")
    said = uid.ExplicitVRLittleEndian
    assert (pixels._actual_syntax(data, said, layout) == said) is is_native


@pytest.mark.parametrize(("more", "is_native"), [(-1, False), (0, True), (1, True), (2, False)])
def test_pixels_that_are_said_to_be_compressed_are_native_by_their_length(
    more: int, is_native: bool
) -> None:
    layout = layout_of(Attributes(ct(Rows=5, Columns=5), 0))
    found = pixels._actual_syntax(bytes(50 + more), uid.JPEG2000Lossless, layout)
    expected = uid.ExplicitVRLittleEndian if is_native else uid.JPEG2000Lossless
    assert found == expected


@pytest.mark.parametrize(("segments", "is_one"), [(0, False), (1, True), (15, True), (16, False)])
def test_run_lengths_have_one_to_fifteen_segments(segments: int, is_one: bool) -> None:
    begin = segments.to_bytes(4, "little") + (64).to_bytes(4, "little")
    assert pixels._syntax_of(begin) == (uid.RLELossless if is_one else None)


@pytest.mark.parametrize("more", [0, 1, 40, 41])
def test_noughts_after_the_pixels_are_padding(path: Path, more: int) -> None:
    """A row takes 40 bytes."""
    data = (HU + 1024).astype("<u2").tobytes() + bytes(more)
    assert np.array_equal(hu(read_image(save(ct(PixelData=data), path))), HU)


def test_a_frame_that_is_not_there_is_named() -> None:
    layout = layout_of(Attributes(ct(NumberOfFrames=2), 0))
    empty = DicomFile(ct(), uid.ExplicitVRLittleEndian, big_endian=False)
    with pytest.raises(ImageError) as caught:
        pixels.stored_values(empty, layout, 2)
    assert caught.value.problem.detail == Message(Detail.NO_FRAME, frame=3, frames=2)


def test_eight_bits_in_words_of_big_endian_are_swapped() -> None:
    grey = np.arange(HU.size).astype(np.uint8)
    image = ct(BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=grey.tobytes())
    layout = layout_of(Attributes(image, 0))
    image["PixelData"].VR = "OW"
    file = DicomFile(image, uid.ExplicitVRBigEndian, big_endian=True)
    values = pixels.stored_values(file, layout, 0).values
    assert values.ravel()[:4].tolist() == [1, 0, 3, 2]
