"""The images that a listing gives are the run's, in its order, wherever it was stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from desktop.engine.run import Run
from desktop.jobs.image_jobs import list_images
from model.listed_image import PendingImage

FRAMES = (1, 3, 2)
"""Of the files that the run finds."""


class Files:
    """What ``list_images`` needs of a run: goes on with the next file at each call."""

    def __init__(self) -> None:
        self.images: list[PendingImage] = []
        self.is_grouped = False
        self._left = list(enumerate(FRAMES))

    def read_headers(self, _stop: object) -> Iterator[int]:
        while self._left:
            file, frames = self._left.pop(0)
            self.images += [PendingImage(Path(), str(file), frame) for frame in range(frames)]
            yield file

    def group(self) -> None:
        self.is_grouped = True


@pytest.mark.parametrize("stop_after", range(sum(FRAMES) + 1))
def test_after_a_stop_at_any_image_the_rest_follows_in_place(stop_after: int) -> None:
    files = Files()
    run = cast(Run, files)
    first = list_images(run, 0, lambda: False)
    given = [next(first) for _ in range(stop_after)]
    first.close()  # type: ignore[attr-defined]
    assert not files.is_grouped
    given += list_images(run, len(given), lambda: False)
    assert given == files.images
    assert len(given) == sum(FRAMES)
    assert files.is_grouped


def test_a_stop_leaves_what_was_read_without_series() -> None:
    files = Files()
    assert len(list(list_images(cast(Run, files), 0, lambda: True))) == sum(FRAMES)
    assert not files.is_grouped
