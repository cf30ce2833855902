"""Files that break the standard in ways in which files are known to break it."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from imaging.dicom.messages import Value
from imaging.errors import Code, ImageError
from imaging.headers import read_header
from imaging.image import Image, Unit
from imaging.messages import Message
from imaging.reading import read_image
from tests.make.dicom import HU, change, compressed, ct, encoded, save

STORED = (HU + 1024).astype("<u2")
PIXELS = STORED.tobytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "image"


def check(path: Path) -> Image:
    """The image in the file, which must be that of ``ct()``, also by its header alone."""
    image = read_image(path)
    assert image.header.unit is Unit.HOUNSFIELD
    assert np.array_equal(image.pixels, HU)
    (header,) = read_header(path).frames
    assert (header.identity, header.geometry) == (image.header.identity, image.header.geometry)
    return image


def refused(path: Path) -> Code:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    return caught.value.problem.code


@pytest.mark.parametrize("padding", [b"\0", bytes(100), b"\xff\xff\0\0", bytes(5000)])
@pytest.mark.parametrize(
    "syntax",
    [uid.JPEGLosslessSV1, uid.JPEGLSLossless, uid.JPEG2000Lossless, uid.RLELossless],
)
def test_what_follows_a_codestream_is_ignored(path: Path, syntax: uid.UID, padding: bytes) -> None:
    image = ct(PixelData=encapsulate([encoded(STORED, syntax) + padding]))
    image["PixelData"].is_undefined_length = True
    check(save(image, path, syntax))


def test_rle_segments_may_be_padded(path: Path) -> None:
    whole = encoded(STORED, uid.RLELossless)
    starts = [int.from_bytes(whole[at : at + 4], "little") for at in (4, 8)]
    first, second = whole[starts[0] : starts[1]] + bytes(6), whole[starts[1] :] + bytes(9)
    head = np.zeros(16, dtype="<u4")
    head[:3] = 2, 64, 64 + len(first)
    image = ct(PixelData=encapsulate([head.tobytes() + first + second]))
    image["PixelData"].is_undefined_length = True
    check(save(image, path, uid.RLELossless))


@pytest.mark.parametrize("segments", [1, 3])
def test_rle_segments_of_another_number_are_refused(path: Path, segments: int) -> None:
    whole = bytearray(encoded(STORED, uid.RLELossless))
    whole[0] = segments
    image = ct(PixelData=encapsulate([bytes(whole)]))
    image["PixelData"].is_undefined_length = True
    assert refused(save(image, path, uid.RLELossless)) is Code.DAMAGED


@pytest.mark.parametrize("excess", [2, 40, 4096])
def test_zeros_after_the_pixels_are_padding(path: Path, excess: int) -> None:
    check(save(ct(PixelData=PIXELS + bytes(excess)), path))


def test_other_values_after_the_pixels_are_not(path: Path) -> None:
    image = ct(PixelData=PIXELS + bytes(4000) + b"\1\0")
    assert refused(save(image, path)) is Code.INCONSISTENT_HEADER


@pytest.mark.parametrize("table", [[0], [0, 5000], [99, 1, 7], [4_000_000_000]])
def test_with_a_fragment_a_frame_the_offset_table_says_nothing(
    path: Path, table: list[int]
) -> None:
    frame = encoded(STORED, uid.JPEGLosslessSV1)
    frame += bytes(len(frame) % 2)
    items = [np.array(table, dtype="<u4").tobytes(), frame]
    data = b"".join(b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item for item in items)
    image = ct(PixelData=data)
    image["PixelData"].is_undefined_length = True
    check(save(image, path, uid.JPEGLosslessSV1))


@pytest.mark.parametrize("table", [None, bytes(6)])
@pytest.mark.parametrize("fragments", [1, 2])
@pytest.mark.parametrize("syntax", [uid.JPEGLosslessSV1, uid.RLELossless])
def test_fragments_without_a_table_are_read(
    path: Path, syntax: uid.UID, fragments: int, table: bytes | None
) -> None:
    frame = encoded(STORED, syntax)
    frame += bytes(len(frame) % 2)
    items = [frame] if fragments == 1 else [frame[:100], frame[100:]]
    items = items if table is None else [table, *items]
    data = b"".join(b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item for item in items)
    image = ct(PixelData=data)
    image["PixelData"].is_undefined_length = True
    check(save(image, path, syntax))


@pytest.mark.parametrize("syntax", [uid.JPEGLosslessSV1, uid.RLELossless, uid.JPEG2000Lossless])
def test_the_last_delimiter_may_be_missing(path: Path, syntax: uid.UID) -> None:
    save(compressed(ct(), syntax), path, syntax)
    data = path.read_bytes()
    assert data.endswith(b"\xfe\xff\xdd\xe0\0\0\0\0")
    path.write_bytes(data[:-8])
    check(path)


@pytest.mark.parametrize("cut", [1, 9, 100])
def test_a_fragment_cut_short_is_damage(path: Path, cut: int) -> None:
    save(compressed(ct(), uid.RLELossless), path, uid.RLELossless)
    path.write_bytes(path.read_bytes()[: -8 - cut])
    assert refused(path) is Code.DAMAGED


def other_syntax(image: Image) -> list[str]:
    """The transfer syntaxes that the pixels were not in."""
    details = [one.detail for one in image.header.warnings if one.code is Code.REPAIRED]
    found = [one for one in details if isinstance(one, Message)]
    assert all(one.code is Value.OTHER_SYNTAX for one in found)
    return [str(dict(one.values)["said"]) for one in found]


@pytest.mark.parametrize("said", [uid.JPEGLosslessSV1, uid.JPEG2000Lossless, uid.RLELossless])
def test_native_pixels_under_a_compressed_syntax(path: Path, said: uid.UID) -> None:
    save(ct(), path)
    say_syntax(path, said)
    assert other_syntax(check(path)) == [said.name]


@pytest.mark.parametrize(
    "actual", [uid.JPEGLosslessSV1, uid.JPEGLSLossless, uid.JPEG2000Lossless, uid.RLELossless]
)
def test_compressed_pixels_under_a_native_syntax(path: Path, actual: uid.UID) -> None:
    save(compressed(ct(), actual), path, actual)
    say_syntax(path, uid.ExplicitVRLittleEndian)
    assert other_syntax(check(path)) == [uid.ExplicitVRLittleEndian.name]


@pytest.mark.parametrize(
    ("actual", "said"),
    [(uid.JPEG2000Lossless, uid.RLELossless), (uid.RLELossless, uid.JPEGLosslessSV1)],
)
def test_run_lengths_and_codestreams_under_each_others_syntax(
    path: Path, actual: uid.UID, said: uid.UID
) -> None:
    save(compressed(ct(), actual), path, actual)
    say_syntax(path, said)
    assert other_syntax(check(path)) == [said.name]


def say_syntax(path: Path, said: uid.UID) -> None:
    """Write another transfer syntax into a file's header, and leave the pixels as they are."""
    data = path.read_bytes()
    at = data.index(b"\x02\0\x10\0UI")
    length = int.from_bytes(data[at + 6 : at + 8], "little")
    new = said.encode() + bytes(len(said) % 2)
    data = data[: at + 6] + len(new).to_bytes(2, "little") + new + data[at + 8 + length :]
    path.write_bytes(with_meta_length(data))


def with_meta_length(data: bytes) -> bytes:
    """A file's bytes with the right length of its File Meta Information."""
    at = 132 + 12
    start = at
    while data[at : at + 2] == b"\x02\0":
        long = data[at + 4 : at + 6] == b"OB"
        size = data[at + 8 : at + 12] if long else data[at + 6 : at + 8]
        at += (12 if long else 8) + int.from_bytes(size, "little")
    return data[:140] + (at - start).to_bytes(4, "little") + data[144:]


def test_a_syntax_that_cannot_be_told_is_refused(path: Path) -> None:
    image = ct(PixelData=encapsulate([bytes(50)]))
    image["PixelData"].is_undefined_length = True
    save(image, path, uid.JPEG2000Lossless)
    assert refused(path) is Code.DAMAGED


@pytest.mark.parametrize("start", ["mark first", "no mark", "wrong mark", "no preamble"])
def test_files_without_their_mark(path: Path, start: str) -> None:
    data = save(ct(), path).read_bytes()
    path.write_bytes(
        {
            "mark first": data[128:],
            "no mark": data[:128] + data[132:],
            "wrong mark": data[:128] + b"\0\0\0\0" + data[132:],
            "no preamble": data[132:],
        }[start]
    )
    check(path)


def test_implicit_big_endian(path: Path) -> None:
    image = ct(PixelData=STORED.astype(">u2").tobytes())
    image["PixelData"].VR = "OW"
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = True, False
    write_dataset(buffer, image)
    path.write_bytes(buffer.getvalue())
    assert path.read_bytes()[:4] == b"\0\x08\0\x08"
    check(path)


@pytest.mark.parametrize(
    "kind", ["HU", "hu", "Hounsfield Unit", "HOUNSFIELD UNITS", "hounsfield", "H.U.", "US"]
)
def test_hounsfield_units_in_many_spellings(path: Path, kind: str) -> None:
    check(save(ct(RescaleType=kind), path))


def test_lossy_pixels_under_a_native_syntax_are_lossy(path: Path) -> None:
    values = np.clip(STORED, 0, 4095).astype(np.uint16)
    frame = bytes(imagecodecs.jpeg8_encode(values, level=100, bitspersample=12))
    image = ct(BitsStored=12, HighBit=11, PixelData=encapsulate([frame]))
    image["PixelData"].is_undefined_length = True
    save(change(image), path, uid.JPEGExtended12Bit)
    say_syntax(path, uid.ExplicitVRLittleEndian)
    codes = [one.code for one in read_image(path).header.warnings]
    assert codes == [Code.REPAIRED, Code.LOSSY]
