"""read_scan: any file to a Scan, known by its content and never by its suffix."""

from __future__ import annotations

import warnings
from pathlib import Path

from scans.dicom import read_dicom
from scans.dicom_file import is_dicom
from scans.errors import Code, ScanError
from scans.picture import picture_kind, read_picture
from scans.scan import Scan
from scans.source import Source, read_source

_OTHERS = {
    b"PK\x03\x04": "a ZIP archive",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\0\0\0\x0cjP": "a JPEG 2000 picture",
}


def read_scan(path: Path, frame: int = 0) -> Scan:
    """Read one picture or one frame. Raises ScanError, whatever the file holds.

    ``header.frames`` says how many frames the file has; only ``frame`` is decoded. A file may still
    kill or hang the process: where files are not trusted, call this in a ``Sandbox``.
    """
    return decode(read_source(path), frame)


def decode(source: Source, frame: int = 0) -> Scan:
    """The scan in a file's bytes. Raises ScanError for every error that a decoder raises."""
    try:
        with warnings.catch_warnings():
            # Libraries warn of odd headers, naming their values: no such line may reach a log.
            warnings.simplefilter("ignore")
            return _decode(source, frame)
    except ScanError:
        raise
    except MemoryError as error:
        raise ScanError(Code.OUT_OF_MEMORY) from error
    except Exception as error:  # decoders raise anything on damaged files
        raise ScanError(Code.DAMAGED, type(error).__name__) from error


def _decode(source: Source, frame: int) -> Scan:
    data = source.data
    kind = picture_kind(data)
    if kind is not None and data[128:132] != b"DICM":  # a TIFF's header may lie in the preamble
        return read_picture(data, kind, frame)
    if is_dicom(data):
        return read_dicom(source, frame)
    raise ScanError(Code.UNKNOWN_CONTENT, _looks_like(data))


def _looks_like(data: bytes) -> str:
    return next((name for start, name in _OTHERS.items() if data.startswith(start)), "")
