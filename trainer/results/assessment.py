"""Files assessed as the program assesses them.

``prepare`` reads and refuses, the lanes score, and ``model.assess`` decides. Needs no torch.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from imaging.errors import ImageError, Problem
from imaging.input.prepare import Prepared, prepare
from imaging.input.recipe import InputRecipe
from model.assess import refused, scored, unreadable
from model.duplicate_uids import DuplicateUids
from model.image_result import ImageResult
from model.lanes import BATCH, Batch, Lanes
from model.session import Session
from trainer.data.reading_pool import read_each
from trainer.quiet import libraries_kept_quiet


class _Image(NamedTuple):
    """An image that the model gets to see."""

    place: int
    path: Path
    prepared: Prepared


def assess_files(paths: Sequence[Path], session: Session) -> list[ImageResult]:
    """What the program gives for the first frame of each file, in their order.

    Raises InputError where a process that reads them dies.
    """
    with Lanes[_Image](session) as lanes:
        assessment = _Assessment(session.card.novelty_cut, lanes)
        prepared = read_each(partial(_prepare, recipe=session.card.recipe), paths)
        for place, (path, read) in enumerate(prepared):
            assessment.add(place, path, read)
        assessment.finish()
    results = [assessment.results[place] for place in range(len(paths))]
    duplicates = DuplicateUids(results)
    for index in range(len(results)):
        for at, result in duplicates.warned(index, results):
            results[at] = result
    return results


class _Assessment:
    """Results by place; batches are full ones, so that they are the same at every run."""

    def __init__(self, novelty_cut: float, lanes: Lanes[_Image]) -> None:
        self.results: dict[int, ImageResult] = {}
        self._novelty_cut, self._lanes = novelty_cut, lanes
        self._ready: list[_Image] = []
        self._done: queue.SimpleQueue[Batch[_Image]] = queue.SimpleQueue()

    def add(self, place: int, path: Path, read: Prepared | Problem) -> None:
        """Take the next image; waits while every lane is busy."""
        if isinstance(read, Problem):
            self.results[place] = unreadable(path, 0, 1, None, read)
        elif read.network_input is None:
            self.results[place] = refused(path, 0, read)
        else:
            self._ready.append(_Image(place, path, read))
        if len(self._ready) == BATCH:
            self._begin()

    def finish(self) -> None:
        """Wait for all results."""
        if self._ready:
            self._begin()
        while self._lanes.busy:
            self._take()

    def _begin(self) -> None:
        inputs = [each.prepared.network_input for each in self._ready]
        stack = np.stack([each for each in inputs if each is not None])
        self._lanes.begin(self._ready, stack, self._done.put)
        self._ready = []
        if not self._lanes.free:
            self._take()

    def _take(self) -> None:
        batch = self._done.get()
        scores, provenance = self._lanes.end(batch)
        for image, score in zip(batch.images, scores.of_each(provenance), strict=True):
            place, path, prepared = image
            self.results[place] = scored(path, 0, prepared, score, self._novelty_cut)


_Read = tuple[Path, Prepared | Problem]


@libraries_kept_quiet()
def _prepare(path: Path, recipe: InputRecipe) -> _Read:
    try:
        return path, prepare(path, 0, recipe)
    except ImageError as error:
        return path, error.problem
