"""PNG, JPEG, TIFF, BMP, GIF, WEBP and JPEG 2000 files as images: 8-bit grey, or HU."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import ExifTags, ImageOps, TiffImagePlugin, UnidentifiedImageError
from PIL import Image as PilImage

from imaging.details import Detail
from imaging.errors import Code, ImageError, Problem, as_image_error
from imaging.files.limits import MAX_FRAMES
from imaging.formats.content import Content
from imaging.formats.image_file_colour import to_colour_levels
from imaging.formats.image_file_grey import to_grey_levels
from imaging.formats.image_file_hounsfield import to_hounsfield, unknown_offset
from imaging.formats.pages import PNG_SIGNATURE, count_pages
from imaging.image import Image, ImageHeader, Unit
from imaging.messages import Message

MAX_PIXELS = 50_000_000
"""A page of more pixels is refused before it is decoded: no CT slice comes near it."""
PilImage.MAX_IMAGE_PIXELS = MAX_PIXELS

_JPEG_2000 = (b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n")
"""How a JPEG 2000 codestream, and a file around one, begins."""
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}

_LS_FRAME, _START_OF_VALUES = 0xF7, 0xDA
"""The markers SOF55, which JPEG-LS has in place of the other SOFs (ISO/IEC 14495-1), and SOS."""
_FRAMES = {*range(0xC0, 0xD0), _LS_FRAME} - {0xC4, 0xC8, 0xCC}
"""JPEG's markers of frames: all from FFC0 to FFCF but DHT, JPG and DAC, and that of JPEG-LS."""
_READ_FRAMES = {0xC0, 0xC1, 0xC2}
"""Those that Pillow reads, of 8 bits: baseline, extended and progressive."""
_DEPTH_AT = 42
"""Where a JPEG 2000 codestream tells the bits and the sign of its first component."""


def image_file_kind(data: bytes) -> str | None:
    """The image format that the first bytes announce, or None."""
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data.startswith(_JPEG_2000):
        return "JPEG2000"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def read_image_file(data: bytes, kind: str, frame: int = 0) -> Image:
    """One page of an image file as uint8 grey, or in HU. Raises ImageError, or the decoder's own.

    ``kind`` is what ``image_file_kind`` said. An EXIF turn is applied. A file that ends too early
    fails as a whole, whatever could be decoded of it.
    """
    opened = _opened(data, kind)
    if frame < opened.next:  # Pillow does not go back in every format
        _opened.cache_clear()
        opened = _opened(data, kind)
    if not 0 <= frame < opened.pages:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_PAGE, page=frame + 1, pages=opened.pages))
    try:
        return _page(opened, data, kind, frame)
    except BaseException:
        _opened.cache_clear()  # nobody knows where in the file its decoder stopped
        raise
    finally:
        if opened.pages == 1:
            _opened.cache_clear()


@dataclass(eq=False)
class _Opened:
    """A file whose pages are read one after the other: each is found from the one before."""

    image: PilImage.Image
    pages: int
    next: int = 0


@lru_cache(maxsize=1)
def _opened(data: bytes, kind: str) -> _Opened:
    _check_ending(data, kind)
    pages = count_pages(data, kind)
    if pages is not None:
        _check_pages(pages)
    image = _open(data, kind)
    if pages is None:
        pages = int(getattr(image, "n_frames", 1))
        _check_pages(pages)
    return _Opened(image, max(1, pages))


def _check_pages(pages: int) -> None:
    if pages > MAX_FRAMES:
        raise ImageError(Code.TOO_LARGE, Message(Detail.PAGES, most=MAX_FRAMES))


def _page(opened: _Opened, data: bytes, kind: str, frame: int) -> Image:
    image, pages = opened.image, opened.pages
    opened.next = frame + 1
    try:
        image.seek(frame)
        columns, rows = image.size
        if rows * columns > MAX_PIXELS:
            raise ImageError(Code.TOO_LARGE, Message(Detail.PIXELS, columns=columns, rows=rows))
        turn = _tiff_turn(image)
        image.load()
        upright, turn = (image, turn) if turn else _turned(image, kind)
        numbers = _as_stored(upright, data, kind)
        if (units := to_hounsfield(numbers)) is not None:
            rows, columns = units.pixels.shape
            header = ImageHeader(Unit.HOUNSFIELD, rows, columns, frame, pages, kind)
            header = replace(header, warnings=units.warnings)
            return Image(header, units.pixels, small=units.small)
        pixels, warnings = to_grey_levels(upright, _bits_in_file(image, data, kind))
        coloured = any(problem.code is Code.COLOUR for problem in warnings)
        colour = to_colour_levels(upright) if coloured else None
    except Exception as error:  # of this page; others may be whole
        raise as_image_error(error, pages) from error
    if turn > 1:
        warnings = (*warnings, Problem(Code.EXIF_ROTATED, Message(Detail.ORIENTATION, turn=turn)))
    rows, columns = pixels.shape
    header = ImageHeader(Unit.GREY, rows, columns, frame, pages, kind, warnings=warnings)
    return Image(replace(header, not_hounsfield=unknown_offset(numbers)), pixels, colour)


def image_file_headers(data: bytes, kind: str) -> tuple[ImageHeader, ...]:
    """One header a page, of the size of the first; none is decoded. Raises as ``read_image_file``.

    Warnings are known only once a page is decoded.
    """
    opened = _opened(data, kind)
    _opened.cache_clear()
    columns, rows = opened.image.size
    if rows * columns > MAX_PIXELS:
        raise ImageError(Code.TOO_LARGE, Message(Detail.PIXELS, columns=columns, rows=rows))
    pages = opened.pages
    return tuple(ImageHeader(Unit.GREY, rows, columns, page, pages, kind) for page in range(pages))


def _open(data: bytes, kind: str) -> PilImage.Image:
    try:
        return PilImage.open(BytesIO(data), formats=(kind,))
    except (PilImage.DecompressionBombError, PilImage.DecompressionBombWarning) as error:
        said = Message(Detail.MILLION_PIXELS, millions=MAX_PIXELS / 1e6)
        raise ImageError(Code.TOO_LARGE, said) from error
    except UnidentifiedImageError as error:
        raise ImageError(*_why_unidentified(data, kind)) from error


def _why_unidentified(data: bytes, kind: str) -> tuple[Code, Message]:
    """Tell a rare pixel format or encoding from damage: ``PilImage.open`` does not."""
    if kind == "JPEG" and (rare := _rare_jpeg(data)) is not None:
        return Code.UNKNOWN_CONTENT, Message(rare)
    if kind == "TIFF":
        try:
            TiffImagePlugin.TiffImageFile(BytesIO(data)).close()
        except SyntaxError as error:
            if "unknown pixel mode" in str(error):
                return Code.UNSUPPORTED_PIXELS, Message(Detail.RARE_TIFF)
    return Code.DAMAGED, Message(Detail.NOT_WHOLE, kind=kind)


def _tiff_turn(opened: PilImage.Image) -> int:
    """A TIFF's orientation, 1 for upright, 0 for other files: Pillow turns a TIFF on load."""
    if not isinstance(opened, TiffImagePlugin.TiffImageFile):
        return 0
    turn = opened.tag_v2.get(ExifTags.Base.Orientation, 1)
    return turn if turn in range(1, 9) else 1


def _turned(opened: PilImage.Image, kind: str) -> tuple[PilImage.Image, int]:
    if kind in ("BMP", "GIF"):
        return opened, 1
    turn = opened.getexif().get(ExifTags.Base.Orientation, 1)
    if turn not in range(2, 9):
        return opened, 1
    return ImageOps.exif_transpose(opened), turn


def _rare_jpeg(data: bytes) -> Content | None:
    """What a JPEG is that Pillow does not read, by the marker of its frame and its precision."""
    at = 2
    while data[at : at + 1] == b"\xff" and (marker := data[at + 1 : at + 2]):
        if marker[0] == _LS_FRAME:
            return Content.JPEG_LS
        if marker[0] in _FRAMES:
            is_usual = marker[0] in _READ_FRAMES and data[at + 4 : at + 5] == b"\x08"
            return None if is_usual else Content.RARE_JPEG
        if marker[0] == _START_OF_VALUES:
            return None
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None


def _as_stored(image: PilImage.Image, data: bytes, kind: str) -> PilImage.Image:
    """A loaded image in the numbers that the file holds.

    Pillow shifts those of JPEG 2000 up to fill 16 bits, and signed ones to be positive.
    """
    if kind != "JPEG2000" or image.mode != "I;16":
        return image
    depth = data[data.find(_JPEG_2000[0]) + _DEPTH_AT]
    bits, is_signed = (depth & 0x7F) + 1, depth >> 7 == 1
    if bits > 16:
        return image
    values = np.asarray(image).astype(np.int32) >> (16 - bits)
    return PilImage.fromarray(values - (1 << (bits - 1)) if is_signed else values)


def _bits_in_file(opened: PilImage.Image, data: bytes, kind: str) -> int:
    """Bits of one value in the file; Pillow drops the lower half of 16-bit colour."""
    if kind == "PNG":
        return data[24]
    if isinstance(opened, TiffImagePlugin.TiffImageFile):
        bits = opened.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (8,))
        return int(max(bits)) if isinstance(bits, tuple) else int(bits)
    return 8


def _check_ending(data: bytes, kind: str) -> None:
    """Refuse files without their end: decoders stop at the last pixel and miss the rest."""
    if kind in ("JPEG", "JPEG2000") and b"\xff\xd9" not in data[-(1 << 16) :]:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_END, kind=kind))
    if kind == "GIF" and b"\x3b" not in data[-64:]:
        raise ImageError(Code.DAMAGED, Message(Detail.NO_END, kind=kind))
    if kind == "TIFF" and data[2:3] != b"+":
        order: Literal["little", "big"] = "little" if data[:1] == b"I" else "big"
        directory = int.from_bytes(data[4:8], order)
        entries = int.from_bytes(data[directory : directory + 2], order)
        if directory + 2 + 12 * entries + 4 > len(data):
            raise ImageError(Code.DAMAGED, Message(Detail.NO_END, kind=kind))
    elif kind in ("BMP", "WEBP"):
        start, extra = (2, 0) if kind == "BMP" else (4, 8)
        if int.from_bytes(data[start : start + 4], "little") + extra > len(data):
            raise ImageError(Code.DAMAGED, Message(Detail.NOT_WHOLE, kind=kind))
