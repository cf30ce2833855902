"""Picture files (PNG, JPEG, TIFF, BMP, GIF, WEBP) as scans in 8-bit grey."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Literal

from PIL import ExifTags, Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from scans.errors import Code, Problem, ScanError, as_scan_error
from scans.picture_grey import to_grey_levels
from scans.scan import Scan, ScanHeader, Unit

MAX_PIXELS = 50_000_000
"""A page of more pixels is refused before it is decoded: no CT slice comes near it."""
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_PNG = b"\x89PNG\r\n\x1a\n"
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}


def picture_kind(data: bytes) -> str | None:
    """The picture format that the first bytes announce, or None."""
    if data.startswith(_PNG):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def read_picture(data: bytes, kind: str, frame: int = 0) -> Scan:
    """One page of a picture file as uint8 grey. Raises ScanError, or the decoder's own error.

    ``kind`` is what ``picture_kind`` said. An EXIF turn is applied. A file that ends too early
    fails as a whole, whatever could be decoded of it.
    """
    _check_ending(data, kind)
    with _open(data, kind) as image:
        frames = int(getattr(image, "n_frames", 1))
        if not 0 <= frame < frames:
            raise ScanError(Code.DAMAGED, f"no page {frame + 1} of {frames}")
        if frame:
            image.seek(frame)
        columns, rows = image.size
        if rows * columns > MAX_PIXELS:
            raise ScanError(Code.TOO_LARGE, f"{columns}×{rows} pixels")
        turn = _tiff_turn(image)
        try:
            image.load()
            upright, turn = (image, turn) if turn else _turned(image, kind)
            pixels, warnings = to_grey_levels(upright, _bits_in_file(image, data, kind))
        except Exception as error:  # of this page; others may be whole
            raise as_scan_error(error, frames) from error
    if turn > 1:
        warnings = (*warnings, Problem(Code.EXIF_ROTATED, f"orientation {turn}"))
    rows, columns = pixels.shape
    header = ScanHeader(Unit.GREY, rows, columns, frame, frames, kind, warnings=warnings)
    return Scan(header, pixels)


def _open(data: bytes, kind: str) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=(kind,))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ScanError(Code.TOO_LARGE, f"over {MAX_PIXELS / 1e6:.0f} million pixels") from error
    except UnidentifiedImageError as error:
        raise ScanError(*_why_unidentified(data, kind)) from error


def _why_unidentified(data: bytes, kind: str) -> tuple[Code, str]:
    """Tell a TIFF of a rare pixel format from a damaged one: ``Image.open`` does not."""
    if kind == "TIFF":
        try:
            TiffImagePlugin.TiffImageFile(BytesIO(data)).close()
        except SyntaxError as error:
            if "unknown pixel mode" in str(error):
                return Code.UNSUPPORTED_PIXELS, "TIFF of a rare pixel format"
    return Code.DAMAGED, f"not a whole {kind}"


def _tiff_turn(image: Image.Image) -> int:
    """A TIFF's orientation, 1 for upright, 0 for other files: Pillow turns a TIFF on load."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return 0
    turn = image.tag_v2.get(ExifTags.Base.Orientation, 1)
    return turn if turn in range(1, 9) else 1


def _turned(image: Image.Image, kind: str) -> tuple[Image.Image, int]:
    if kind in ("BMP", "GIF"):
        return image, 1
    turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    if turn not in range(2, 9):
        return image, 1
    return ImageOps.exif_transpose(image), turn


def _bits_in_file(image: Image.Image, data: bytes, kind: str) -> int:
    """Bits of one value in the file; Pillow drops the lower half of 16-bit colour."""
    if kind == "PNG":
        return data[24]
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        bits = image.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (8,))
        return int(max(bits)) if isinstance(bits, tuple) else int(bits)
    return 8


def _check_ending(data: bytes, kind: str) -> None:
    """Refuse files without their end: decoders stop at the last pixel and miss the rest."""
    if kind == "PNG":
        _check_png(data)
    elif kind == "JPEG" and b"\xff\xd9" not in data[-(1 << 16) :]:
        raise ScanError(Code.DAMAGED, "JPEG without an end")
    elif kind == "GIF" and b"\x3b" not in data[-64:]:
        raise ScanError(Code.DAMAGED, "GIF without an end")
    elif kind == "TIFF" and data[2:3] != b"+":
        order: Literal["little", "big"] = "little" if data[:1] == b"I" else "big"
        directory = int.from_bytes(data[4:8], order)
        entries = int.from_bytes(data[directory : directory + 2], order)
        if directory + 2 + 12 * entries + 4 > len(data):
            raise ScanError(Code.DAMAGED, "TIFF without an end")
    elif kind in ("BMP", "WEBP"):
        start, extra = (2, 0) if kind == "BMP" else (4, 8)
        if int.from_bytes(data[start : start + 4], "little") + extra > len(data):
            raise ScanError(Code.DAMAGED, f"not a whole {kind}")


def _check_png(data: bytes) -> None:
    """Walk a PNG's chunks to its end and compare each checksum (PNG specification, section 5)."""
    at = len(_PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            break
        name = data[at + 4 : at + 8]
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise ScanError(Code.DAMAGED, f"PNG checksum of {name!r}")
        if name == b"IEND":
            return
        at = end
    raise ScanError(Code.DAMAGED, "PNG without an end")
