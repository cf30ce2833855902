"""Images whose content is no longer what a run learnt from, told by the hashes that it kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of

NAMED = 3
"""So many images are named; of more, the number."""


@dataclass(frozen=True)
class Changes:
    """The ids of images that have another content, or no file, since a run began."""

    images: int
    """How many were looked at."""
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """As a sentence; empty where nothing has changed."""
        parts = [("with another content", self.changed), ("gone", self.gone)]
        told = [f"{len(ids)} {what} ({_named(ids)})" for what, ids in parts if ids]
        if not told:
            return ""
        return f"Of {self.images} images, since the run began: {' and '.join(told)}."


def changes(kept: Iterable[tuple[LabelledImage, str]]) -> Changes:
    """Compare images with the first digits of the SHA-256 that each had."""
    every, changed, gone = 0, [], []
    for image, before in kept:
        every += 1
        try:
            if not sha256_of(image.path).startswith(before):
                changed.append(image.image_id)
        except OSError:
            gone.append(image.image_id)
    return Changes(every, tuple(changed), tuple(gone))


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {more} more" if more > 0 else "")
