"""The fixed list of what can happen to a file: a code for machines, a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from imaging.messages import Message, MessageCode


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


class Code(MessageCode):
    """Why a row is not plainly ``ok``. Values are stable: they stand in exported CSV files."""

    EMPTY_FILE = "empty_file", "The file is empty."
    UNKNOWN_CONTENT = "unknown_content", "Neither an image file nor a DICOM object."
    DAMAGED = "damaged", "The file is damaged or cut short."
    VANISHED = "vanished", "The file is no longer there."
    CHANGED_WHILE_READ = "changed_while_read", "The file changed while it was read."
    NO_PERMISSION = "no_permission", "No permission to read."
    CANNOT_READ = "cannot_read", "It could not be read."
    DECODER_DIED = "decoder_died", "The decoder crashed on this file."
    TIME_LIMIT = "time_limit", "Decoding took too long and was stopped."
    OUT_OF_MEMORY = "out_of_memory", "Decoding needed too much memory and was stopped."
    CLASSIFIER_FAILED = "classifier_failed", "The model gave no valid score."

    NOT_A_REGULAR_FILE = "not_a_regular_file", "Not a regular file."
    DANGLING_LINK = "dangling_link", "A link to something that does not exist."
    LINK_LOOP = "link_loop", "A link that leads back to itself."
    NOT_AN_IMAGE_OBJECT = "not_a_picture_object", "A DICOM object without an image."
    COMPANION = "companion", "Not an image: a file that accompanies images."
    NOT_SCREENED = "not_screened", "Not assessed: scoring was stopped before it."

    WRONG_MODALITY = "wrong_modality", "Not an original CT image."
    LOCALISER = "localiser", "Scout (localiser), not assessed."
    OTHER_BODY_PART = "other_body_part", "CT of another body part."
    NOT_AXIAL = "not_axial", "Not an axial slice."
    NOT_ASSESSABLE = "not_assessable", "Does not resemble the training data."
    BLANK = "blank", "The image is blank."
    NO_RESCALE = "no_rescale", "CT without Rescale Slope and Intercept (0028,1053/1052)."
    BAD_RESCALE = "bad_rescale", "The values are not Hounsfield units."
    INCONSISTENT_HEADER = "inconsistent_header", "Header and pixel data contradict each other."
    TOO_LARGE = "too_large", "Larger than this program reads."
    UNSUPPORTED_TRANSFER_SYNTAX = "unsupported_transfer_syntax", "Transfer syntax not supported."
    UNSUPPORTED_PIXELS = "unsupported_pixels", "Pixel format not supported."

    REPAIRED = "repaired", "The header contradicts the values; read as they are."
    UNUSUAL_VALUES = "unusual_values", "Values that are rare for Hounsfield units."
    LOSSY = "lossy", "Lossy compression."
    DUPLICATE_UID = "duplicate_uid", "Another file has the same SOP Instance UID."
    CONFLICTING_UID = (
        "conflicting_uid",
        "Another file has the same SOP Instance UID but other pixels: one is wrong.",
    )
    CONTRAST = "contrast", "A contrast agent was given."
    BURNED_IN = "burned_in", "Text is burnt into the image; it may name the patient."
    TURNED = "turned", "Turned to the standard orientation."
    NO_POSITION = "no_position", "No position in the header."
    SAME_PLACE = "same_place", "Several images at the same position."
    GAPS = "gaps", "Slices of this series are unevenly spaced."
    TILT = "tilt", "Gantry tilt."
    COLOUR = "colour", "Colour image, read as grey."
    EXIF_ROTATED = "exif_rotated", "Turned as its EXIF tag says."
    ALPHA = "alpha", "Transparent image, read over black."
    HOUNSFIELD_IMAGE = "hounsfield_picture", "An image file whose values were read as HU."
    REDUCED_DEPTH = "reduced_depth", "Grey values were scaled to 8 bits."


_STATUS: dict[Code, Status] = {
    Code.EMPTY_FILE: Status.FAILED,
    Code.UNKNOWN_CONTENT: Status.FAILED,
    Code.DAMAGED: Status.FAILED,
    Code.VANISHED: Status.FAILED,
    Code.CHANGED_WHILE_READ: Status.FAILED,
    Code.NO_PERMISSION: Status.FAILED,
    Code.CANNOT_READ: Status.FAILED,
    Code.DECODER_DIED: Status.FAILED,
    Code.TIME_LIMIT: Status.FAILED,
    Code.OUT_OF_MEMORY: Status.FAILED,
    Code.CLASSIFIER_FAILED: Status.FAILED,
    Code.NOT_A_REGULAR_FILE: Status.SKIPPED,
    Code.DANGLING_LINK: Status.SKIPPED,
    Code.LINK_LOOP: Status.SKIPPED,
    Code.NOT_AN_IMAGE_OBJECT: Status.SKIPPED,
    Code.COMPANION: Status.SKIPPED,
    Code.NOT_SCREENED: Status.SKIPPED,
    Code.WRONG_MODALITY: Status.REFUSED,
    Code.LOCALISER: Status.REFUSED,
    Code.OTHER_BODY_PART: Status.REFUSED,
    Code.NOT_AXIAL: Status.REFUSED,
    Code.NOT_ASSESSABLE: Status.REFUSED,
    Code.BLANK: Status.REFUSED,
    Code.NO_RESCALE: Status.REFUSED,
    Code.BAD_RESCALE: Status.REFUSED,
    Code.INCONSISTENT_HEADER: Status.REFUSED,
    Code.TOO_LARGE: Status.REFUSED,
    Code.UNSUPPORTED_TRANSFER_SYNTAX: Status.REFUSED,
    Code.UNSUPPORTED_PIXELS: Status.REFUSED,
    Code.REPAIRED: Status.WARNING,
    Code.UNUSUAL_VALUES: Status.WARNING,
    Code.LOSSY: Status.WARNING,
    Code.DUPLICATE_UID: Status.WARNING,
    Code.CONFLICTING_UID: Status.WARNING,
    Code.CONTRAST: Status.WARNING,
    Code.BURNED_IN: Status.WARNING,
    Code.TURNED: Status.WARNING,
    Code.SAME_PLACE: Status.WARNING,
    Code.NO_POSITION: Status.WARNING,
    Code.GAPS: Status.WARNING,
    Code.TILT: Status.WARNING,
    Code.COLOUR: Status.WARNING,
    Code.EXIF_ROTATED: Status.WARNING,
    Code.ALPHA: Status.WARNING,
    Code.HOUNSFIELD_IMAGE: Status.WARNING,
    Code.REDUCED_DEPTH: Status.WARNING,
}


BESIDE = (Code.COMPANION, Code.NOT_AN_IMAGE_OBJECT)
"""What lies beside images and is none: nothing is missing where it has no result."""


@dataclass(frozen=True)
class Problem:
    """One thing to know about a file: its code, and a detail such as an attribute or a number."""

    code: Code
    detail: str | Message = ""

    @property
    def status(self) -> Status:
        """The status that this problem alone gives a row."""
        return _STATUS[self.code]

    @property
    def sentence(self) -> str:
        """One line of plain English text, fit for a table cell."""
        return self.text()

    def text(self, template_of: Callable[[MessageCode], str] | None = None) -> str:
        """Its sentence by the templates of a language, with the detail before the full stop."""
        sentence = self.code.template if template_of is None else template_of(self.code)
        said = self.detail if isinstance(self.detail, str) else self.detail.text(template_of)
        detail = " ".join(said.split())[:200]
        return f"{sentence[:-1]} ({detail}){sentence[-1]}" if detail else sentence


class ImageError(Exception):
    """A file or frame gives no image; carries the one ``Problem`` that says why.

    ``frames`` is more than 1 where only one of so many frames failed, and the others may be read.
    Survives pickling.
    """

    def __init__(self, code: Code, detail: str | Message = "", frames: int = 1) -> None:
        super().__init__(code, detail, frames)
        self.problem = Problem(code, detail)
        self.frames = frames

    def __str__(self) -> str:
        return self.problem.sentence


def as_image_error(error: Exception, frames: int = 1) -> ImageError:
    """What a decoder raised as an ImageError of one of so many frames."""
    if isinstance(error, ImageError):
        return ImageError(error.problem.code, error.problem.detail, frames)
    if isinstance(error, MemoryError):
        return ImageError(Code.OUT_OF_MEMORY, frames=frames)
    return ImageError(Code.DAMAGED, type(error).__name__, frames)
