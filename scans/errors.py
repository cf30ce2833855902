"""The fixed list of what can happen to a file: a code for machines, a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What became of one file or frame; every row has exactly one."""

    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


_WORST_FIRST = (Status.FAILED, Status.REFUSED, Status.SKIPPED, Status.WARNING)


def worst(states: Iterable[Status]) -> Status:
    """The worst of them, OK without any."""
    found = set(states)
    return next((state for state in _WORST_FIRST if state in found), Status.OK)


class Code(StrEnum):
    """Why a row is not plainly ``ok``. Values are stable: they stand in exported CSV files."""

    EMPTY_FILE = "empty_file"
    UNKNOWN_CONTENT = "unknown_content"
    DAMAGED = "damaged"
    VANISHED = "vanished"
    CHANGED_WHILE_READ = "changed_while_read"
    NO_PERMISSION = "no_permission"
    CANNOT_READ = "cannot_read"
    DECODER_DIED = "decoder_died"
    TIME_LIMIT = "time_limit"
    OUT_OF_MEMORY = "out_of_memory"
    CLASSIFIER_FAILED = "classifier_failed"

    NOT_A_REGULAR_FILE = "not_a_regular_file"
    DANGLING_LINK = "dangling_link"
    LINK_LOOP = "link_loop"
    NOT_A_PICTURE_OBJECT = "not_a_picture_object"
    NOT_SCREENED = "not_screened"

    WRONG_MODALITY = "wrong_modality"
    LOCALISER = "localiser"
    OTHER_BODY_PART = "other_body_part"
    NOT_AXIAL = "not_axial"
    NOT_ASSESSABLE = "not_assessable"
    BLANK = "blank"
    NO_RESCALE = "no_rescale"
    BAD_RESCALE = "bad_rescale"
    INCONSISTENT_HEADER = "inconsistent_header"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TRANSFER_SYNTAX = "unsupported_transfer_syntax"
    UNSUPPORTED_PIXELS = "unsupported_pixels"

    LOSSY = "lossy"
    DUPLICATE_UID = "duplicate_uid"
    NO_POSITION = "no_position"
    GAPS = "gaps"
    TILT = "tilt"
    COLOUR = "colour"
    EXIF_ROTATED = "exif_rotated"
    ALPHA = "alpha"
    REDUCED_DEPTH = "reduced_depth"


_SENTENCES: dict[Code, tuple[Status, str]] = {
    Code.EMPTY_FILE: (Status.FAILED, "The file is empty."),
    Code.UNKNOWN_CONTENT: (Status.FAILED, "The content is no picture and no DICOM object."),
    Code.DAMAGED: (Status.FAILED, "The file is damaged or cut short."),
    Code.VANISHED: (Status.FAILED, "The file is no longer there."),
    Code.CHANGED_WHILE_READ: (Status.FAILED, "The file changed while it was read."),
    Code.NO_PERMISSION: (Status.FAILED, "No permission to read."),
    Code.CANNOT_READ: (Status.FAILED, "The operating system could not read it."),
    Code.DECODER_DIED: (Status.FAILED, "Decoding this file crashed its decoder."),
    Code.TIME_LIMIT: (Status.FAILED, "Decoding took too long and was stopped."),
    Code.OUT_OF_MEMORY: (Status.FAILED, "Decoding needed too much memory and was stopped."),
    Code.CLASSIFIER_FAILED: (Status.FAILED, "The classifier gave no valid result."),
    Code.NOT_A_REGULAR_FILE: (Status.SKIPPED, "Not a regular file."),
    Code.DANGLING_LINK: (Status.SKIPPED, "A link to something that does not exist."),
    Code.LINK_LOOP: (Status.SKIPPED, "A link that leads back to itself."),
    Code.NOT_A_PICTURE_OBJECT: (Status.SKIPPED, "A DICOM object without a picture."),
    Code.NOT_SCREENED: (Status.SKIPPED, "Not screened: it was stopped before."),
    Code.WRONG_MODALITY: (Status.REFUSED, "Not a CT image."),
    Code.LOCALISER: (Status.REFUSED, "A localiser (scout) image, not a slice."),
    Code.OTHER_BODY_PART: (Status.REFUSED, "CT of another body part."),
    Code.NOT_AXIAL: (Status.REFUSED, "Not an axial slice."),
    Code.NOT_ASSESSABLE: (Status.REFUSED, "Not assessable: unlike the head scans of the training."),
    Code.BLANK: (Status.REFUSED, "Not assessable: the picture is blank."),
    Code.NO_RESCALE: (Status.REFUSED, "CT without Rescale Slope and Intercept (0028,1053/1052)."),
    Code.BAD_RESCALE: (Status.REFUSED, "Rescale Slope or Intercept is no usable number."),
    Code.INCONSISTENT_HEADER: (Status.REFUSED, "Header and pixel data contradict each other."),
    Code.TOO_LARGE: (Status.REFUSED, "The picture is larger than this program reads."),
    Code.UNSUPPORTED_TRANSFER_SYNTAX: (Status.REFUSED, "Transfer syntax not supported."),
    Code.UNSUPPORTED_PIXELS: (Status.REFUSED, "Pixel format not supported."),
    Code.LOSSY: (Status.WARNING, "Lossy compression."),
    Code.DUPLICATE_UID: (Status.WARNING, "Another file has the same SOP Instance UID."),
    Code.NO_POSITION: (Status.WARNING, "No position in the header; order is by number or name."),
    Code.GAPS: (Status.WARNING, "Slices of this series are unevenly spaced."),
    Code.TILT: (Status.WARNING, "Gantry tilt."),
    Code.COLOUR: (Status.WARNING, "Colour picture, read as grey."),
    Code.EXIF_ROTATED: (Status.WARNING, "Turned as its EXIF tag says."),
    Code.ALPHA: (Status.WARNING, "Transparent picture, read over black."),
    Code.REDUCED_DEPTH: (Status.WARNING, "Grey values were scaled to 8 bits."),
}


@dataclass(frozen=True)
class Problem:
    """One thing to know about a file: its code, and a detail such as an attribute or a number."""

    code: Code
    detail: str = ""

    @property
    def status(self) -> Status:
        """The status that this problem alone gives a row."""
        return _SENTENCES[self.code][0]

    @property
    def sentence(self) -> str:
        """One line of plain text, fit for a table cell."""
        return self.detailed(_SENTENCES[self.code][1])

    def detailed(self, sentence: str) -> str:
        """Its sentence in some language, with the detail before the full stop."""
        detail = " ".join(self.detail.split())[:200]
        return f"{sentence[:-1]} ({detail}){sentence[-1]}" if detail else sentence


class ScanError(Exception):
    """A file or frame gives no scan; carries the one ``Problem`` that says why.

    ``frames`` is more than 1 where only one of so many frames failed, and the others may be read.
    Survives pickling.
    """

    def __init__(self, code: Code, detail: str = "", frames: int = 1) -> None:
        super().__init__(code, detail, frames)
        self.problem = Problem(code, detail)
        self.frames = frames

    def __str__(self) -> str:
        return self.problem.sentence


def as_scan_error(error: Exception, frames: int = 1) -> ScanError:
    """What a decoder raised as a ScanError of one of so many frames."""
    if isinstance(error, ScanError):
        return ScanError(error.problem.code, error.problem.detail, frames)
    if isinstance(error, MemoryError):
        return ScanError(Code.OUT_OF_MEMORY, frames=frames)
    return ScanError(Code.DAMAGED, type(error).__name__, frames)
