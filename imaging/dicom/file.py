"""The bytes of a DICOM file as a dataset; deflated files are inflated with a limit."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from pydicom import config
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset, FileDataset
from pydicom.filereader import dcmread, read_dataset, read_partial
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.files.source import Source
from imaging.messages import Message

MAX_INFLATED = 256 << 20
"""A deflated file that grows beyond this is refused: one megabyte can become three thousand."""

# A header's faults are met where they matter, and no value may reach a log or stderr.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

_PREAMBLE, _MARK = 128, b"DICM"
_META_LENGTH = b"\x02\0\0\0"
"""Tag of the first element of the File Meta Information, (0002,0000)."""
_ITEM, _DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0\0\0\0\0"
_FRAGMENTS = tuple(
    b"\xe0\x7f\x10\0" + kind + b"\xff\xff\xff\xff" for kind in (b"OB\0\0", b"OW\0\0", b"")
)
"""How pixel data of undefined length begin, with and without a value representation."""
_PIXELS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
"""Float, Double Float and Pixel Data."""


@dataclass(frozen=True, eq=False)
class DicomFile:
    """A parsed file: its dataset, and how the file stores it."""

    dataset: Dataset
    transfer_syntax: UID
    """Empty where the file does not say."""
    big_endian: bool


@lru_cache(maxsize=1)
def parse(source: Source) -> DicomFile:
    """The dataset of a DICOM file. Raises ImageError or pydicom's own errors.

    The last file is kept: one of many frames is asked for frame by frame.
    """
    data = marked(source.data)
    start, syntax = _meta_information(data)
    if syntax == DeflatedExplicitVRLittleEndian:
        dataset = read_dataset(BytesIO(_inflated(data[start:])), False, True)
        return DicomFile(dataset, DeflatedExplicitVRLittleEndian, False)
    if _is_implicit_big_endian(data):
        return DicomFile(read_dataset(BytesIO(data), True, False), UID(""), True)
    read = dcmread(BytesIO(data), force=True)
    if not any(tag in read for tag in _PIXELS):
        delimited = _delimited(data)
        read = read if delimited is None else dcmread(BytesIO(delimited), force=True)
    return _as_file(read)


def parse_until_pixels(start: bytes) -> DicomFile | None:
    """The dataset before the pixel data, which stands in it empty.

    None where the pixel data are not reached: the bytes are too few, there are none, or the file is
    deflated. Raises pydicom's errors.
    """
    start = marked(start)
    syntax = _meta_information(start)[1]
    if syntax == DeflatedExplicitVRLittleEndian or _is_implicit_big_endian(start):
        return None
    reached: list[BaseTag] = []

    def at_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        if tag in _PIXELS:
            reached.append(tag)
        return bool(reached)

    dataset = read_partial(BytesIO(start), at_pixels, force=True)
    if not reached:
        return None
    setattr(dataset, keyword_for_tag(reached[0]), b"")
    return _as_file(dataset)


def marked(data: bytes) -> bytes:
    """A file's bytes with its DICM mark in place, where it lacks preamble or mark alone."""
    if data.startswith(_MARK):
        return bytes(_PREAMBLE) + data
    if data[_PREAMBLE : _PREAMBLE + 4] != _MARK:
        for at in (_PREAMBLE, _PREAMBLE + 4):
            if data[at : at + 4] == _META_LENGTH and data[at + 4 : at + 6] == b"UL":
                return data[:_PREAMBLE] + _MARK + data[at:]
    return data


def _is_implicit_big_endian(data: bytes) -> bool:
    """Whether a dataset without a mark begins so: a byte order that DICOM does not have."""
    length = int.from_bytes(data[4:8], "big")
    return data[0:3] == b"\0\x08\0" and not data[4:6].isalpha() and length < 1024


def _delimited(data: bytes) -> bytes | None:
    """The file with the delimiter that its fragments lack at the end; None where that is not all.

    Pixel data of undefined length must end in one; some writers leave it out (PS3.5, A.4).
    """
    for header in _FRAGMENTS:
        start = data.rfind(header)
        at = start + len(header)
        while start >= 0 and data[at : at + 4] == _ITEM:
            at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if start >= 0 and at == len(data):
            return data + _DELIMITER
    return None


def _as_file(dataset: FileDataset) -> DicomFile:
    syntax = UID(str(dataset.file_meta.get("TransferSyntaxUID", "")))
    _, little_endian = dataset.original_encoding
    big_endian = syntax == ExplicitVRBigEndian if syntax else not little_endian
    return DicomFile(dataset, syntax, big_endian)


def _meta_information(data: bytes) -> tuple[int, str]:
    """Where the File Meta Information ends, and its Transfer Syntax UID (DICOM PS3.10, 7.1)."""
    at, syntax = _PREAMBLE + 4, ""
    if data[_PREAMBLE:at] != b"DICM":
        return 0, ""
    while data[at : at + 2] == b"\x02\x00":
        if data[at + 4 : at + 6] in (b"OB", b"UN"):
            value, length = at + 12, int.from_bytes(data[at + 8 : at + 12], "little")
        else:
            value, length = at + 8, int.from_bytes(data[at + 6 : at + 8], "little")
        if data[at : at + 4] == b"\x02\x00\x10\x00":
            syntax = data[value : value + length].decode("ascii", "replace").strip(" \0")
        at = value + length
    return at, syntax


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = stream.decompress(data, MAX_INFLATED + 1)
    if len(inflated) > MAX_INFLATED:
        raise ImageError(Code.TOO_LARGE, Message(Detail.DEFLATED, megabytes=MAX_INFLATED >> 20))
    if not stream.eof:
        raise ImageError(Code.DAMAGED, Message(Detail.DEFLATED_CUT_SHORT))
    return inflated
