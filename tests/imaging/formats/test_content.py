import bz2
import gzip
import lzma
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.errors import Code, ImageError, Status
from imaging.formats.content import Content, content_of
from imaging.headers import read_header
from imaging.messages import Message
from imaging.reading import read_image


def npy() -> bytes:
    file = BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(60)


CONTENTS: list[tuple[bytes, Content | None]] = [
    (b"PK\x03\x04" + bytes(40), Content.ZIP),
    (b"PK\x07\x08PK\x03\x04" + bytes(40), Content.SPLIT_ZIP),
    (bytes(32769) + b"CD001" + bytes(40), Content.CD_IMAGE),
    (gzip.compress(b"a text"), Content.GZIP),
    (gzip.compress(b"\x5c\x01\0\0" + bytes(344)), Content.ANALYZE),
    (b"\x1f\x8b" + bytes(40), Content.GZIP),
    (b"P6 16 16 255\n" + bytes(768), Content.NETPBM),
    (b"II\xbc\x01" + bytes(40), Content.JPEG_XR),
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Content.DRAWING),
    (b"%!PS-Adobe-3.0 EPSF", Content.DRAWING),
    (b"FLV\x01" + bytes(40), Content.VIDEO),
    (b"\0\0\x01\xb3" + bytes(40), Content.VIDEO),
    (b"\xff" * 5000, None),
    ("头颅平扫".encode()[:-1], Content.TEXT),
    ("Schädel und Gesicht".encode("latin-1"), Content.TEXT),
    (b"7z\xbc\xaf\x27\x1c" + bytes(40), Content.SEVEN_ZIP),
    (b"Rar!\x1a\x07\x01\x00" + bytes(40), Content.RAR),
    (b"Rar!\x1a\x07\x00" + bytes(40), Content.RAR),
    (bytes(257) + b"ustar" + bytes(99), Content.TAR),
    (b"%PDF-1.7\n", Content.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), Content.OFFICE),
    (b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>Log in</title>", Content.WEB_PAGE),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", Content.GIT_LFS),
    (bytes(5000), Content.ZEROS),
    (b"NRRD0005\ntype: short\n", Content.NRRD),
    (b"ObjectType = Image\nNDims = 3\n", Content.META_IMAGE),
    (npy(), Content.NUMPY),
    (b"\x89HDF\r\n\x1a\n" + bytes(40), Content.HDF5),
    (b"CDF\x01" + bytes(40), Content.NETCDF),
    (b"MATLAB 5.0 MAT-file, Platform" + bytes(40), Content.MATLAB),
    (b"PAR1" + bytes(40), Content.PARQUET),
    (b"SQLite format 3\0" + bytes(40), Content.SQLITE),
    (bz2.compress(b"a text"), Content.OTHER_ARCHIVE),
    (lzma.compress(b"a text"), Content.OTHER_ARCHIVE),
    (b"\x28\xb5\x2f\xfd" + bytes(40), Content.OTHER_ARCHIVE),
    (bytes(imagecodecs.jpegxl_encode(np.zeros((8, 8), np.uint8))), Content.JPEG_XL),
    *[(b"P%d\n16 16\n255\n" % number + bytes(256), Content.NETPBM) for number in range(1, 8)],
    (b"8BPS\0\1" + bytes(40), Content.PHOTOSHOP),
    (b"\x76\x2f\x31\x01" + bytes(40), Content.OPEN_EXR),
    (b"\x5c\x01\0\0" + bytes(344), Content.ANALYZE),
    (b"\x5c\x01\0\0" + bytes(340) + b"ni1\0", Content.ANALYZE),
    (box(b"heic"), Content.HEIC),
    (box(b"avif"), Content.AVIF),
    (box(b"isom"), Content.VIDEO),
    (b"RIFF\x00\x10\0\0AVI LIST" + bytes(40), Content.VIDEO),
    (b"\x1aE\xdf\xa3" + bytes(40), Content.VIDEO),
    (b"MZ\x90\0" + bytes(40), Content.PROGRAM),
    (b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(40), Content.MAC),
    (b"\0\0\0\x01Bud1" + bytes(40), Content.MAC),
    (b"image_id,label\n000,1\n", Content.TEXT),
    (bytes(range(256)) * 4, None),
]


@pytest.mark.parametrize(("data", "code"), CONTENTS)
def test_a_file_that_is_no_image_is_named(
    tmp_path: Path, data: bytes, code: Content | None
) -> None:
    path = tmp_path / "IM1"
    path.write_bytes(data)
    with pytest.raises(ImageError) as caught:
        read_image(path)
    problem = caught.value.problem
    assert problem.code is Code.UNKNOWN_CONTENT
    assert problem.detail == ("" if code is None else Message(code))
    assert read_header(path).problem == problem


def test_zeros_before_something_else_are_not_only_zeros() -> None:
    assert content_of(bytes(4000) + b"\x01") is None


@pytest.mark.parametrize(
    "name",
    [
        *("._IM1", ".DS_Store", "Thumbs.db", "desktop.ini", "AUTORUN.INF", "INDEX.HTM"),
        *("README.TXT", "V.EXE", "v.dll", "V.ICO", "labels.csv", "report.pdf", "LICENSE"),
    ],
)
@pytest.mark.parametrize("data", [b"", b"MZ\x90\0" + bytes(40), b"whatever it says"])
def test_companions_are_skipped(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    problem = read_header(path).problem
    assert problem is not None
    assert (problem.code, problem.status) == (Code.COMPANION, Status.SKIPPED)


@pytest.mark.parametrize("name", ["IM1", "1.2.840.113619", "image.dcm", "a.png", "txt", "x.com.9"])
def test_a_name_that_may_be_an_images_is_none_of_a_companion(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"no image")
    problem = read_header(path).problem
    assert problem is not None
    assert problem.code is Code.UNKNOWN_CONTENT


@pytest.mark.parametrize("name", ["README.TXT", "._IM1", "Thumbs.db"])
def test_an_image_by_the_name_of_a_companion_is_read(tmp_path: Path, name: str) -> None:
    PilImage.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(tmp_path / name, "PNG")
    assert read_image(tmp_path / name).pixels[0, 1] == 1


def encoded(values: Any, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    PilImage.fromarray(values).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}])
def test_jpeg_2000_is_read(tmp_path: Path, options: dict[str, Any]) -> None:
    values = np.add.outer(np.arange(64), np.arange(72)).astype(np.uint8)
    path = tmp_path / "a"
    path.write_bytes(encoded(values, "JPEG2000", **options))
    image = read_image(path)
    assert np.array_equal(image.pixels, values)
    assert image.header.kind == "JPEG2000"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert caught.value.problem.code is Code.DAMAGED


@pytest.mark.parametrize(("before", "code"), [(4095, None), (4096, Content.TEXT)])
def test_a_text_is_known_by_its_first_four_thousand_bytes(
    before: int, code: Content | None
) -> None:
    assert content_of(b"a" * before + b"\x01") == (None if code is None else Message(code))


@pytest.mark.parametrize("process", ["12 bits", "lossless"])
def test_a_jpeg_that_no_viewer_reads_is_named_and_not_called_damaged(
    tmp_path: Path, process: str
) -> None:
    values = np.arange(256, dtype=np.uint16).reshape(16, 16)
    encode = imagecodecs.ljpeg_encode if process == "lossless" else imagecodecs.jpeg8_encode
    (tmp_path / "a.jpg").write_bytes(encode(values, bitspersample=12))
    with pytest.raises(ImageError) as caught:
        read_image(tmp_path / "a.jpg")
    problem = caught.value.problem
    assert (problem.code, problem.detail) == (Code.UNKNOWN_CONTENT, Message(Content.RARE_JPEG))


def test_a_jpeg_ls_file_is_named_and_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jls"
    path.write_bytes(imagecodecs.jpegls_encode(np.zeros((16, 16), np.uint8)))
    problem = read_header(path).problem
    assert problem is not None
    assert (problem.code, problem.detail) == (Code.UNKNOWN_CONTENT, Message(Content.JPEG_LS))
