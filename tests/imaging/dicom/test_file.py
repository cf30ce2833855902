from pathlib import Path

import numpy as np
import pytest
from pydicom import uid

from imaging.details import Detail
from imaging.dicom import file as dicom_file
from imaging.errors import Code
from imaging.files.source import read_source
from imaging.messages import Message
from imaging.reading import read_image
from tests.make.dicom import HU, ct, save
from tests.make.outcomes import hu, refused


def test_big_endian(path: Path) -> None:
    image = ct(PixelData=(HU + 1024).astype(">u2").tobytes())
    assert np.array_equal(hu(read_image(save(image, path, uid.ExplicitVRBigEndian))), HU)


@pytest.mark.parametrize("implicit", [True, False])
def test_a_file_without_preamble_and_meta_information(path: Path, implicit: bool) -> None:
    ct().save_as(path, implicit_vr=implicit, little_endian=True)
    assert np.array_equal(hu(read_image(path)), HU)


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


@pytest.mark.parametrize(
    ("keyword", "bits"), [("FloatPixelData", 32), ("DoubleFloatPixelData", 64), ("PixelData", 16)]
)
def test_a_header_ends_at_pixels_of_any_kind(path: Path, keyword: str, bits: int) -> None:
    image = ct(PixelData=None, BitsAllocated=bits)
    setattr(image, keyword, bytes(HU.size * bits // 8))
    image.save_as(path, implicit_vr=False, little_endian=True)
    start = path.read_bytes()[: -HU.size]
    found = dicom_file.parse_until_pixels(start)
    assert found is not None
    assert (found.dataset.get(keyword), found.dataset.PatientID) == (b"", "P1")


def test_a_header_whose_pixels_are_not_reached_is_none(path: Path) -> None:
    data = save(ct(), path).read_bytes()
    assert dicom_file.parse_until_pixels(data[: -2 * HU.size - 12]) is None


@pytest.mark.parametrize(
    ("keyword", "bits"), [("FloatPixelData", 32), ("DoubleFloatPixelData", 64), ("PixelData", 16)]
)
def test_a_file_with_pixels_of_any_kind_needs_no_delimiter(
    path: Path, monkeypatch: pytest.MonkeyPatch, keyword: str, bits: int
) -> None:
    monkeypatch.setattr(dicom_file, "_delimited", lambda data: pytest.fail("nothing is missing"))
    image = ct(PixelData=None, BitsAllocated=bits)
    setattr(image, keyword, bytes(HU.size * bits // 8))
    image.save_as(path, implicit_vr=False, little_endian=True)
    assert keyword in dicom_file.parse(read_source(path)).dataset


@pytest.mark.parametrize("excess", [0, 1])
def test_a_deflated_file_grows_to_the_limit_and_no_further(
    path: Path, monkeypatch: pytest.MonkeyPatch, excess: int
) -> None:
    save(ct(), path, uid.ExplicitVRLittleEndian)
    meta = path.read_bytes().index(b"\x08\0\x08\0CS")
    size = len(path.read_bytes()) - meta
    save(ct(), path, uid.DeflatedExplicitVRLittleEndian)
    monkeypatch.setattr(dicom_file, "MAX_INFLATED", size - excess)
    dicom_file.parse.cache_clear()
    if excess == 0:
        assert np.array_equal(hu(read_image(path)), HU)
    else:
        assert refused(path)[0] is Code.TOO_LARGE
