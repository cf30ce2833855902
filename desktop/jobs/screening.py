"""What the jobs of an opened folder run: listing, screening, grouping into series, heat maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.engine.progress import Progress
from desktop.jobs.job import Stopping
from imaging.image import Image
from imaging.input.recipe import network_input
from model.image_result import ImageResult

if TYPE_CHECKING:
    from imaging.files.find import Found
    from imaging.sandbox.sandbox import Sandbox
    from model.series_result import ListedImage, SeriesResult
    from model.session import Session


def list_files(paths: Iterable[Path], _stopping: Stopping) -> Iterator[Found]:
    """Every path that will get a row, in reading order."""
    from imaging.files.find import find_files

    return find_files(paths)


def screen_files(
    files: Iterable[Found],
    session: Session | None,
    sandbox: Callable[[], Sandbox],
    progress: Progress,
    before: Sequence[ImageResult],
    stopping: Stopping,
) -> Iterator[ImageResult]:
    """One finding a file and frame; without a classifier none of them has a probability.

    ``before``: the findings of the files that were screened already.
    """
    from desktop.engine.screening import screen
    from desktop.engine.without_model import screen_unanswered

    if session is None:
        return screen_unanswered(files, sandbox(), progress, stopping, before)
    return screen(files, session, sandbox(), progress, stopping, before)


def group_results(
    images: Sequence[ListedImage], _stopping: Stopping
) -> Iterator[list[SeriesResult]]:
    """All images grouped into series, as one item."""
    from model.series_result import series_results

    yield series_results(images)


def heat_map(session: Session, image: Image, _stopping: Stopping) -> Iterator[NDArray[np.float32]]:
    """What drove the probability of one scan: float32 (h, w), one item."""
    yield session.heat_map(network_input(image, session.card.recipe).pixels)
