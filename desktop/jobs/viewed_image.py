"""Images for the viewer, read in a child process so that no file can kill or hang the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from desktop.engine.decoder import Decoder, is_done
from desktop.jobs.job import Stopping
from imaging.errors import ImageError, Problem
from imaging.image import Image
from imaging.reading import read_hashed

Read = Future[tuple[Image, str]]
"""An image, and the SHA-256 of its file."""
PATIENCE = 0.3
"""Seconds that an image nobody waits for any more may still take before its child is stopped."""


@dataclass(frozen=True, eq=False)
class ViewedImage:
    """What came of the question for one image: it, or the problem that stood in the way."""

    path: Path
    frame: int
    image: Image | None = None
    problem: Problem | None = None
    sha256: str = ""
    """Of the file that ``image`` was decoded from; empty without one."""


def read_viewed_image(
    decoder: Callable[[], Decoder], path: Path, frame: int, stopping: Stopping
) -> ViewedImage | None:
    """Read one image for the viewer; None where the reader has moved on."""
    future = decoder().submit(read_hashed, path, frame)
    asked = time.monotonic()
    if not is_done(future, lambda: stopping() and time.monotonic() - asked > PATIENCE):
        future.cancel()
        return None
    return viewed_image(path, frame, future)


def viewed_image(path: Path, frame: int, future: Read) -> ViewedImage:
    """What a reading that has ended gave. Raises what ended it, but for an ImageError."""
    try:
        image, sha256 = future.result()
        return ViewedImage(path, frame, image=image, sha256=sha256)
    except ImageError as error:
        return ViewedImage(path, frame, problem=error.problem)
