"""How many pages or frames an image file holds: counted in its bytes, never as it announces.

Pillow believes a PNG that announces 2^31 frames, and its counting in TIFF is quadratic.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Literal

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.files.limits import MAX_FRAMES
from imaging.messages import Message

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GIF_HEADER = 13
_GIF_IMAGE, _GIF_EXTENSION, _GIF_END = 0x2C, 0x21, 0x3B


def count_pages(data: bytes, kind: str) -> int | None:
    """Pages of a PNG, GIF or TIFF; None for formats whose decoder counts them itself.

    Stops counting one beyond ``MAX_FRAMES``; linear in the pages. Raises ImageError where a PNG
    has no end, a checksum is wrong, or it announces other frames than it holds.
    """
    if kind == "PNG":
        return _png_frames(data)
    if kind == "GIF":
        return _first(_gif_images(data))
    if kind == "TIFF":
        return _first(_tiff_directories(data))
    return None


def _first(pages: Iterator[int]) -> int:
    """How many there are, counted up to one more than is read."""
    return sum(1 for _, _ in zip(range(MAX_FRAMES + 1), pages, strict=False))


def _png_frames(data: bytes) -> int:
    """Walk a PNG's chunks to its end and compare each checksum (PNG specification, section 5).

    The frames of an animation (APNG) are those with control data; a default image that is none of
    them counts as one more, as Pillow has it.
    """
    at, announced, controls, default_image = len(PNG_SIGNATURE), None, 0, False
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            break
        name = data[at + 4 : at + 8]
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            raise ImageError(Code.DAMAGED, Message(Detail.CHECKSUM, name=repr(name)))
        if name == b"IEND":
            if announced is None:
                return 1
            if announced != controls:
                said = Message(Detail.OTHER_PAGES, announced=announced, there=controls)
                raise ImageError(Code.DAMAGED, said)
            return controls + default_image
        if name == b"acTL" and announced is None:
            announced = int.from_bytes(data[at + 8 : at + 12])
        controls += name == b"fcTL"
        default_image |= name == b"IDAT" and controls == 0
        at = end
    raise ImageError(Code.DAMAGED, Message(Detail.NO_END, kind="PNG"))


def _gif_images(data: bytes) -> Iterator[int]:
    """Where each image of a GIF begins (GIF89a specification, appendix F)."""
    at = _GIF_HEADER + _palette(data, 10)
    while at < len(data) and data[at] != _GIF_END:
        if data[at] == _GIF_IMAGE:
            yield at
            at = _after_blocks(data, at + 11 + _palette(data, at + 9))
        elif data[at] == _GIF_EXTENSION:
            at = _after_blocks(data, at + 2)
        else:
            at += 1  # decoders skip what they do not know


def _palette(data: bytes, flags_at: int) -> int:
    """Bytes of the palette that a GIF's flags announce."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _tiff_directories(data: bytes) -> Iterator[int]:
    """Where each directory of a TIFF or BigTIFF begins; one that leads back ends the list."""
    order: Literal["little", "big"] = "little" if data[:1] == b"I" else "big"
    is_big = b"+" in data[2:4]
    width, entry, count_width = (8, 20, 8) if is_big else (4, 12, 2)
    at, seen = int.from_bytes(data[8:16] if is_big else data[4:8], order), set[int]()
    while at and at not in seen:
        seen.add(at)
        yield at
        entries = int.from_bytes(data[at : at + count_width], order)
        after = at + count_width + entry * entries
        at = int.from_bytes(data[after : after + width], order)
