"""Results built by hand, for tests of what is done with them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Label, Reading
from imaging.errors import Problem
from imaging.image import Identity
from model.image_result import ImageResult, status_of
from tests.make.headers import png_header, slice_header

WHEN = datetime(2026, 3, 4, 5, 6, 7, 89000, tzinfo=UTC)


def result(
    path: str | Path,
    probability: float | None = None,
    *problems: Problem,
    identity: Identity | None = None,
    sop_uid: str = "",
    position: float | None = None,
    header: bool = True,
    frame: int = 0,
    frames: int = 1,
) -> ImageResult:
    """One row. With an identity it is a DICOM slice (at ``position`` mm), else an image.

    ``header=False`` makes it a file of which nothing is known.
    """
    known = png_header(frame, frames)
    if identity is not None:
        more: dict[str, Any] = {"sop_uid": sop_uid, "frame": frame, "frames": frames}
        known = slice_header(position, identity, side=512, **more)
    return ImageResult(
        folder=Path(path).parent,
        name=Path(path).name,
        frame=frame,
        frames=frames,
        status=status_of(problems),
        problems=problems,
        analysed_at=WHEN,
        header=known if header else None,
        logit=None if probability is None else 4 * probability - 2,
        probability=probability,
        provider="CPUExecutionProvider",
    )


def said(
    reader_labels: ReaderLabels, image: ImageResult, label: Label | None, comment: str = ""
) -> Reading | None:
    """Have a reader say that of an image; the read as it is then."""
    reader_labels.set_comment(image, comment)
    return reader_labels.set_label(image, label)
