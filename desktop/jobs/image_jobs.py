"""What the jobs of an opened folder run: headers and grouping, scoring, heat maps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.jobs.job import Stopping
from imaging.image import Image
from imaging.input.recipe import network_input

if TYPE_CHECKING:
    from desktop.engine.run import Run
    from desktop.engine.scoring import Scored
    from model.listed_image import ListedImage
    from model.session import Session


def list_images(run: Run, known: int, stopping: Stopping) -> Iterator[ListedImage]:
    """Every image of what was opened, in the order of finding, beyond the ``known`` first ones.

    When the last one is there, all of them have been put into series. Ended early, even between
    two frames of a file, the next call gives what is missing: the n-th image is the run's n-th.
    """
    headers = run.read_headers(stopping)
    while True:
        while known < len(run.images):
            known += 1
            yield run.images[known - 1]
        if next(headers, None) is None:
            break
    if not stopping():
        run.group()


def score_images(
    run: Run, session: Session | None, store: Path | None, stopping: Stopping
) -> Iterator[Scored]:
    """The result of each image that has none, with its number.

    Without a model images are read and checked, and none gets a probability. What the model said
    of the same content before is taken from ``store`` (None: nothing is kept).
    """
    from desktop.engine.scores import KeptScores

    if session is None or store is None:
        yield from run.score(session, stopping)
        return
    with closing(KeptScores(store, session.sha256)) as scores:
        yield from run.score(session, stopping, scores)


def heat_map(session: Session, image: Image, _stopping: Stopping) -> NDArray[np.float32]:
    """Which regions of an image raised its score: float32 (h, w)."""
    return session.heat_map(network_input(image, session.card.recipe).pixels)
