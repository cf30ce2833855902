"""JPEG, JPEG-LS and JPEG 2000 images inside DICOM: what they announce, and their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.messages import Message

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
"""Markers before the first and after the last of the coded samples, which cannot hold them."""
_JPEG, _JPEG_2000, _JPEG_2000_SIZE = b"\xff\xd8", b"\xff\x4f\xff\x51", 4
_BOX = b"\0\0\0\x0cjP"
_FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
"""JPEG's SOF markers: all of FFC0 to FFCF but DHT, JPG and DAC; FFF7 is JPEG-LS."""
_LOSSLESS, _JPEG_LS = 0xC3, 0xF7
_LOSSLESS_ONES = {0xC3, 0xC7, 0xCB, 0xCF}
_CODING_STYLE, _TRANSFORM_AT = b"\xff\x52", 13
"""JPEG 2000's COD marker, and where after it stands 0 for the irreversible transform."""
_ADOBE = 0xEE


@dataclass(frozen=True)
class Announced:
    """What a codestream says of itself before it is decoded."""

    rows: int
    columns: int
    samples: int
    bits: int
    """Precision of a sample."""
    signed: bool
    """Whether samples carry a sign; JPEG and JPEG-LS have none."""
    process: int
    """The SOF marker's second byte; 0x51 for JPEG 2000."""
    lossy: bool
    """Whether the samples are not exactly those that were compressed."""
    adobe: bool = False
    """Whether an APP14 segment says how colours are stored."""


def announced(data: bytes) -> Announced:
    """Read a codestream's own header. Raises ImageError where there is none."""
    if data.startswith(_JPEG):
        return _announced_by_jpeg(data)
    if data.startswith((_JPEG_2000, _BOX)):
        start = data.find(_JPEG_2000)
        size = data[start + _JPEG_2000_SIZE : start + _JPEG_2000_SIZE + 39]
        if start >= 0 and len(size) == 39:
            # Lsiz, Rsiz, then width, height and their offsets, tiles, number of components, depth.
            width, height, left, top = (int.from_bytes(size[at : at + 4]) for at in (4, 8, 12, 16))
            bits, signed = (size[38] & 0x7F) + 1, size[38] >> 7 == 1
            samples = int.from_bytes(size[36:38])
            rows, columns = height - top, width - left
            return Announced(rows, columns, samples, bits, signed, 0x51, _is_irreversible(data))
    raise ImageError(Code.DAMAGED, Message(Detail.NO_FRAME_HEADER))


def decoded(data: bytes, stream: Announced, stored_as_rgb: bool) -> NDArray[Any]:
    """Decode to (rows, columns) or, in RGB, (rows, columns, 3). Raises the decoder's errors.

    ``stored_as_rgb`` is what the DICOM header says of a colour JPEG, which itself need not say.
    """
    if stream.process == 0x51:
        return np.asarray(imagecodecs.jpeg2k_decode(data, numthreads=1))
    end = data.rfind(_END)
    if end < data.find(_SCAN):
        # Without its end, JPEG's decoder fills what is missing with grey, and that of JPEG-LS may
        # search for it for half a minute.
        raise ImageError(Code.DAMAGED, Message(Detail.FRAME_CUT_SHORT))
    data = data[: end + len(_END)]  # what writers append is none of the codestream
    if stream.process == _JPEG_LS:
        return np.asarray(imagecodecs.jpegls_decode(data))
    if stream.process == _LOSSLESS:
        return np.asarray(imagecodecs.jpegsof3_decode(data))
    if stream.samples == 3 and stored_as_rgb and not stream.adobe:
        return np.asarray(imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB"))
    return np.asarray(imagecodecs.jpeg8_decode(data))


def _announced_by_jpeg(data: bytes) -> Announced:
    at, adobe = 2, False
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        adobe = adobe or (marker == _ADOBE and data[at + 4 : at + 9] == b"Adobe")
        if marker in _FRAME_HEADERS and at + 10 <= len(data):
            rows = int.from_bytes(data[at + 5 : at + 7])
            columns = int.from_bytes(data[at + 7 : at + 9])
            bits, samples = data[at + 4], data[at + 9]
            lossy = _is_near_lossless(data) if marker == _JPEG_LS else marker not in _LOSSLESS_ONES
            return Announced(rows, columns, samples, bits, False, marker, lossy, adobe)
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise ImageError(Code.DAMAGED, Message(Detail.NO_FRAME_HEADER))


def _is_irreversible(data: bytes) -> bool:
    """Whether JPEG 2000 was coded by real numbers (ISO/IEC 15444-1, A.6.1)."""
    at = data.find(_CODING_STYLE, data.find(_JPEG_2000))
    return at >= 0 and data[at + _TRANSFORM_AT : at + _TRANSFORM_AT + 1] == b"\0"


def _is_near_lossless(data: bytes) -> bool:
    """Whether JPEG-LS may be off by its parameter NEAR (ISO/IEC 14495-1, C.2.3)."""
    at = data.find(_SCAN)
    near = at + 5 + 2 * data[at + 4] if 0 <= at < len(data) - 4 else len(data)
    return data[near : near + 1] not in (b"", b"\0")
