"""read_image: any file to an Image, known by its content and never by its suffix."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from imaging.errors import Code, ImageError, as_image_error
from imaging.files.companions import is_companion
from imaging.files.source import Source, read_source
from imaging.formats.content import Content, content_of
from imaging.formats.image_file import image_file_kind, read_image_file
from imaging.formats.nifti import is_nifti, read_nifti
from imaging.image import Image
from imaging.messages import Message

_PREAMBLE = 128
_FIRST_META = b"\x02\0\0\0UL"
"""How File Meta Information begins."""
_FIRST_GROUPS = (0x0002, 0x0008)
_FIRST_ELEMENTS = 0x0100
"""A dataset without a preamble begins with a low element of one of these groups."""
_REPRESENTATIONS = {b"AE", b"CS", b"DA", b"LO", b"OB", b"SH", b"TM", b"UI", b"UL", b"UN", b"US"}


def read_image(path: Path, frame: int = 0) -> Image:
    """Read one image or one frame. Raises ImageError, whatever the file holds.

    Only ``frame`` is decoded. ``header.frames`` says how many the file has, as does the error where
    that frame alone is damaged. A file may still kill or hang the process: where files are not
    trusted, call this in a ``Sandbox``.
    """
    return decode(read_source(path), frame)


def read_hashed(path: Path, frame: int) -> tuple[Image, str]:
    """As ``read_image``, with the SHA-256 of the file that the image was decoded from."""
    source = read_source(path)
    return decode(source, frame), source.sha256


def decode(source: Source, frame: int = 0) -> Image:
    """The image in a file's bytes. Raises ImageError for every error that a decoder raises."""
    try:
        with warnings.catch_warnings():
            # Libraries warn of odd headers, naming their values: no such line may reach a log.
            warnings.simplefilter("ignore")
            return _decode(source, frame)
    except ImageError:
        raise
    except Exception as error:  # decoders raise anything on damaged files
        raise as_image_error(error) from error


def _decode(source: Source, frame: int) -> Image:
    data = source.data
    kind = image_file_kind(data)
    if kind is not None and data[128:132] != b"DICM":  # a TIFF's header may lie in the preamble
        return read_image_file(data, kind, frame)
    if is_dicom(data):
        # Only who reads DICOM imports pydicom: the program does not, its child processes do.
        from imaging.dicom.image import read_dicom

        return read_dicom(source, frame)
    if is_nifti(data):
        return read_nifti(source, frame)
    raise no_image(source.path, data)


def no_image(path: Path, start: bytes) -> ImageError:
    """Why a file whose content is no image gets none: a companion of images, or named content."""
    code = Code.COMPANION if is_companion(path.name) else Code.UNKNOWN_CONTENT
    header = re.sub(r"\.img(\.gz)?$", r".hdr\1", path.name)
    if header != path.name and path.with_name(header).is_file():
        return ImageError(code, Message(Content.ANALYZE))
    return ImageError(code, content_of(start) or "")


def is_dicom(data: bytes) -> bool:
    """Whether the content is DICOM: by the DICM mark, or by how a dataset without it begins."""
    if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM" or data.startswith(b"DICM"):
        return True
    if any(data[at : at + 6] == _FIRST_META for at in (_PREAMBLE, _PREAMBLE + 4)):
        return True  # a preamble whose mark is missing or wrong
    for order in ("little", "big"):
        group = int.from_bytes(data[0:2], order)
        element = int.from_bytes(data[2:4], order)
        if group in _FIRST_GROUPS and element < _FIRST_ELEMENTS:
            length = int.from_bytes(data[4:8], order)
            return data[4:6] in _REPRESENTATIONS or length <= min(len(data) - 8, 1024)
    return False
