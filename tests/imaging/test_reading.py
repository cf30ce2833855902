"""Which format's reader a file goes to, by its content."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.errors import Code, ImageError, Problem
from imaging.files.source import read_source
from imaging.reading import decode, is_dicom, no_image, read_hashed, read_image
from tests.make.dicom import HU, ct, save


def element(group: int, number: int, representation: bytes = b"LO") -> bytes:
    """A DICOM element of two bytes, little endian."""
    head = group.to_bytes(2, "little") + number.to_bytes(2, "little")
    return head + representation + b"\x02\0a "


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (element(0x0008, 0x00FF), True),
        (element(0x0008, 0x0100), False),
        (element(0x0002, 0x0000, b"UL"), True),
        (element(0x0010, 0x0010), False),
        (b"\0\x08\0\x08CS\0\x02a ", True),
        (element(0x0008, 0x0008, b"ZZ"), False),
        (b"\x08\0\x08\0\x02\0\0\0a ", True),
        (b"\x08\0\x08\0\xff\0\0\0a ", False),
        (b"DICM" + element(0x0010, 0x0010), True),
        (bytes(128) + b"DICM", True),
        (bytes(128) + element(0x0002, 0x0000, b"UL"), True),
        (bytes(128) + b"JPEG", False),
        (b"", False),
    ],
)
def test_a_dataset_without_a_mark_is_told_by_its_first_element(
    start: bytes, expected: bool
) -> None:
    assert is_dicom(start) is expected


def test_the_suffix_says_nothing(tmp_path: Path) -> None:
    save(ct(), tmp_path / "a.png")
    PilImage.fromarray(np.full((4, 6), 9, np.uint8)).save(tmp_path / "b.dcm", "PNG")
    assert np.array_equal(read_image(tmp_path / "a.png").pixels, HU)
    assert read_image(tmp_path / "b.dcm").pixels.shape == (4, 6)


def test_the_hash_is_of_the_bytes_that_were_decoded(tmp_path: Path) -> None:
    source = read_source(save(ct(), tmp_path / "a"))
    image, sha256 = read_hashed(tmp_path / "a", 0)
    assert sha256 == source.sha256
    assert np.array_equal(image.pixels, decode(source, 0).pixels)


@pytest.mark.parametrize(
    ("name", "start", "code"),
    [("a.bin", b"no image at all", Code.UNKNOWN_CONTENT), ("Thumbs.db", b"x", Code.COMPANION)],
)
def test_what_is_no_image_is_told_from_companions_of_images(
    tmp_path: Path, name: str, start: bytes, code: Code
) -> None:
    assert no_image(tmp_path / name, start).problem.code is code
    (tmp_path / name).write_bytes(start)
    with pytest.raises(ImageError) as caught:
        read_image(tmp_path / name)
    assert caught.value.problem.code is code


def test_an_error_of_a_decoder_is_an_error_of_the_image(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(ImageError) as caught:
        read_image(tmp_path / "a")
    assert isinstance(caught.value.problem, Problem)


@pytest.mark.parametrize(("mark", "expected"), [(b"DICM", True), (b"DICN", False)])
def test_the_mark_alone_makes_a_file_dicom(mark: bytes, expected: bool) -> None:
    """Its first element need not be the length of the File Meta Information."""
    assert is_dicom(bytes(128) + mark + b"\x02\0\x10\0UI") is expected
