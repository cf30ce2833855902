"""read_header: what a file holds, from its header alone, before any of its pixels is decoded."""

from __future__ import annotations

import hashlib
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imaging.errors import ImageError, Problem, as_image_error
from imaging.files.source import read_source, read_start
from imaging.formats.image_file import image_file_headers, image_file_kind
from imaging.formats.nifti import is_nifti, nifti_headers
from imaging.image import Geometry, ImageHeader
from imaging.reading import is_dicom, no_image

START = 1 << 18
"""Bytes read of a file at first: nearly every DICOM header ends within them. Image files and longer
headers are read whole."""
TOGETHER_SECONDS = 2.0
"""After this long the headers of many files end, far from a sandbox's limit of time."""


@dataclass(frozen=True, slots=True)
class FileHeader:
    """A file with one header for each of its frames, or with the reason why it has none."""

    path: Path
    frames: tuple[ImageHeader, ...] = ()
    problem: Problem | None = None
    """Why ``frames`` is empty; None where it is not."""
    sha256: str = ""
    """Of the content, in hexadecimal; of a DICOM file it is left empty, which names its images."""


def read_headers(paths: Sequence[Path]) -> list[FileHeader]:
    """One FileHeader for each path, in order, as ``read_header`` gives it; the first ones where
    they take longer than ``TOGETHER_SECONDS``, as whole volumes do.

    One call for many files: what a call to a child process costs is shared.
    """
    began, headers = time.monotonic(), list[FileHeader]()
    for path in paths:
        if headers and time.monotonic() - began > TOGETHER_SECONDS:
            break
        headers.append(read_header(path))
    return headers


def known_contents(files: Sequence[tuple[Path, tuple[ImageHeader, ...]]]) -> list[str]:
    """SHA-256 of each file whose headers are still the given ones; "" of every other.

    Nothing but MemoryError is raised. Untrusted files: call this in a ``Sandbox``.
    """
    return [_known_content(path, headers) for path, headers in files]


def _known_content(path: Path, headers: tuple[ImageHeader, ...]) -> str:
    now = read_header(path).frames
    same = len(now) == len(headers) and all(map(ImageHeader.is_same_image, now, headers))
    try:
        return read_source(path).sha256 if same else ""
    except ImageError:
        return ""


def read_header(path: Path) -> FileHeader:
    """The headers of all frames of a file; a file that cannot be read has its problem instead.

    What is read here and what ``prepare`` reads later come from the same function, but for
    warnings and units that only the pixels decide. Nothing is raised but MemoryError. A file may
    still hang or kill the process: where files are not trusted, call this in a ``Sandbox``.
    """
    try:
        with warnings.catch_warnings():
            # Libraries warn of odd headers, naming their values: no such line may reach a log.
            warnings.simplefilter("ignore")
            return _header(path)
    except ImageError as error:
        return FileHeader(path, problem=error.problem)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  decoders raise anything on damaged files
        return FileHeader(path, problem=as_image_error(error).problem)


def _header(path: Path) -> FileHeader:
    start, is_whole = read_start(path, START)
    kind = image_file_kind(start)
    if kind is not None and start[128:132] != b"DICM":  # a TIFF's header may lie in the preamble
        data = start if is_whole else read_source(path).data
        digest = hashlib.sha256(data).hexdigest()
        return FileHeader(path, image_file_headers(data, kind), sha256=digest)
    if is_dicom(start):
        return FileHeader(path, _dicom_headers(path, start))
    if is_nifti(start):
        source = read_source(path)
        return FileHeader(path, nifti_headers(source), sha256=source.sha256)
    raise no_image(path, start)


def _dicom_headers(path: Path, start: bytes) -> tuple[ImageHeader, ...]:
    # Only who reads DICOM imports pydicom: the program does not, its child processes do.
    from imaging.dicom.attributes import Attributes
    from imaging.dicom.file import parse, parse_until_pixels
    from imaging.dicom.header import check_is_image, image_header, is_ct
    from imaging.dicom.pixels import layout_of
    from imaging.image import Unit

    try:
        file = parse_until_pixels(start)
    except Exception:  # noqa: BLE001  the bytes may end within an element
        file = None
    file = file or parse(read_source(path))
    check_is_image(file)

    def header_of(frame: int) -> ImageHeader:
        attributes = Attributes(file.dataset, frame)
        layout = layout_of(attributes)
        unit = Unit.HOUNSFIELD if is_ct(file, attributes, layout) else Unit.GREY
        return image_header(file, attributes, layout, frame, unit)

    first = header_of(0)
    others = range(1, first.frames)
    if "PerFrameFunctionalGroupsSequence" not in file.dataset:
        return first, *(replace(first, frame=frame) for frame in others)
    headers = [first]
    for frame in others:
        try:
            headers.append(header_of(frame))
        except ImageError:  # reading this frame meets it again, and says why
            headers.append(replace(first, frame=frame, geometry=Geometry()))
    return tuple(headers)
