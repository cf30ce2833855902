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

from imaging.errors import Code, ImageError
from imaging.files.source import Source

MAX_INFLATED = 256 << 20
"""A deflated file that grows beyond this is refused: one megabyte can become three thousand."""

# A header's faults are ours to judge where they matter, and no value may reach a log or stderr.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

_PREAMBLE = 128
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
    data = source.data
    start, syntax = _meta_information(data)
    if syntax == DeflatedExplicitVRLittleEndian:
        dataset = read_dataset(BytesIO(_inflated(data[start:])), False, True)
        return DicomFile(dataset, DeflatedExplicitVRLittleEndian, False)
    return _as_file(dcmread(BytesIO(data), force=True))


def parse_until_pixels(start: bytes) -> DicomFile | None:
    """The dataset before the pixel data, which stands in it empty.

    None where the pixel data are not reached: the bytes are too few, there are none, or the file is
    deflated. Raises pydicom's errors.
    """
    if _meta_information(start)[1] == DeflatedExplicitVRLittleEndian:
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
        raise ImageError(Code.TOO_LARGE, f"deflated, over {MAX_INFLATED >> 20} MB")
    if not stream.eof:
        raise ImageError(Code.DAMAGED, "deflated data cut short")
    return inflated
