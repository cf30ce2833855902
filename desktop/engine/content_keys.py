"""What images and series are known by, wherever their files lie and whatever they are called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from model.listed_image import ListedImage, PendingImage
from model.series_group import SeriesGroup


class OfContent(Protocol):
    """An image that is known by its content: a result, or what was read for the viewer."""

    @property
    def sha256(self) -> str:
        """Of the file; empty where that is not known."""

    @property
    def frame(self) -> int:
        """The frame in the file, from 0."""


def content_name(image: ListedImage) -> str | None:
    """What an image's content is known by: its SOP Instance UID, or the hash of a file without one.

    None as long as that is not known; empty for good of a file that could not be read.
    """
    name = (image.header is not None and image.header.sop_uid) or image.sha256
    may_come = isinstance(image, PendingImage) or not image.is_screened
    return name if name or not may_come else None


def series_key(group: SeriesGroup, images: Sequence[ListedImage]) -> str:
    """What a series is known by: its content, in hexadecimal; empty where that is not known yet.

    The same for the same images wherever they lie and whatever their files are called: by their SOP
    Instance UIDs, or by the hashes of files without one. With another image it is another series;
    a file that could not be read counts for nothing. One that a stop has left out may still count.
    """
    names: list[str] = []
    for index in group.members:
        name = content_name(images[index])
        if name is None:
            return ""
        if name:
            names.append(f"{name} {images[index].frame}")
    together = "\n".join(sorted(names)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(together).hexdigest() if names else ""
