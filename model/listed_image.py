"""ListedImage: an image of what was opened, before and after it has its result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imaging.errors import Code, Status
from imaging.image import ImageHeader
from model.image_result import ImageResult

NO_IMAGES = (Code.UNKNOWN_CONTENT, Code.EMPTY_FILE)
"""A note or a list of thumbnails beside the slices is none of them."""


@dataclass(frozen=True, slots=True)
class PendingImage:
    """An image without a result so far; its header, where that has been read."""

    folder: Path
    name: str
    frame: int = 0
    """Counts from 0."""
    header: ImageHeader | None = None
    sha256: str = ""
    """Of the file's content; empty where not all of it has been read."""

    @property
    def path(self) -> Path:
        """Of the file."""
        return self.folder / self.name


ListedImage = ImageResult | PendingImage
"""An image of what was opened, with or without its result."""


def waiting_again(result: ImageResult) -> PendingImage:
    """The image without its result."""
    return PendingImage(result.folder, result.name, result.frame, result.header, result.sha256)


def may_be_an_image(image: ListedImage) -> bool:
    """Whether a file without a header may be an image all the same: damaged, or not read yet."""
    if isinstance(image, PendingImage) or not image.is_screened:
        return True
    return image.status is Status.FAILED and image.problems[0].code not in NO_IMAGES


ContentKey = tuple[str, bytes, int]
"""The same for an image and its copies."""


def is_copy(image: ListedImage, other: ListedImage) -> bool:
    """Whether two images are of one content; known once both have been read."""
    if not (isinstance(image, ImageResult) and isinstance(other, ImageResult)):
        return False
    return image.pixels_digest != b"" and content_key(image) == content_key(other)


def content_key(result: ImageResult) -> ContentKey:
    """The same for an image and its copies: by SOP Instance UID, else by the file's content.

    Other pixels under one UID are no copy: no image is left out of a series by a wrong UID.
    """
    uid = "" if result.header is None else result.header.sop_uid
    return uid or result.sha256 or str(result.path), result.pixels_digest, result.frame
