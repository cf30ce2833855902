"""Lanes: batches of images computed at the same time, one a core on a CPU.

No lane waits for another, or for another's layers, so that no core is idle while others decode.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.card import ModelCard
from model.providers import usable_cores
from model.session import Scores

BATCH = 16
"""Images that a lane takes at most: larger ones are no faster, and scores come later."""
BATCH_SECONDS = 0.2
"""What a lane takes at a time is no more than it computes in so long, or one image: an image that
is asked for now has to wait for what has begun."""

NICENESS = 5
"""Of the lanes' threads, 0 being the window's."""

Item = TypeVar("Item")


class ScoringNetwork(Protocol):
    """What lanes need of a Session; it is asked from several threads."""

    @property
    def card(self) -> ModelCard:
        """Its recipe and novelty cut are used."""
        ...

    @property
    def provenance(self) -> str:
        """What computed the latest scores."""
        ...

    @property
    def lanes(self) -> int:
        """How many batches to compute at the same time."""
        ...

    def score(self, images: NDArray[np.uint8]) -> Scores:
        """Scores for uint8 (n, S, S); NaN where there is none."""
        ...


@dataclass(frozen=True, eq=False)
class Batch(Generic[Item]):
    """Images that were computed together."""

    images: list[Item]
    result: Future[tuple[Scores, str]]
    """Scores in the order of the images, and what computed them."""


def _give_way() -> None:
    """Let a window's own thread go first where threads have priorities: lanes are always busy."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


class Lanes(Generic[Item]):
    """Use it as a context manager; leaving it waits for the batches that have begun."""

    def __init__(self, network: ScoringNetwork | None) -> None:
        """Without a network there is never a free lane."""
        self._network = network
        self._threads = ThreadPoolExecutor(usable_cores(), "lane", _give_way)
        self.busy = 0
        """Batches begun and not taken back by ``end``."""
        self._seconds = 0.0
        """What one image took in the latest batch; 0 while none has ended."""

    def __enter__(self) -> Lanes[Item]:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    @property
    def free(self) -> int:
        """How many batches can be begun now."""
        return 0 if self._network is None else max(0, self._network.lanes - self.busy)

    def share(self, ready: int) -> int:
        """How many of so many images that are ready one free lane should take."""
        in_time = int(BATCH_SECONDS / self._seconds) if self._seconds else BATCH
        return min(BATCH, max(in_time, 1), -(-ready // self.free))

    @property
    def pace(self) -> float:
        """Images that all lanes together compute in a second; 0 while that is not known."""
        lanes = 0 if self._network is None else self._network.lanes
        return lanes / self._seconds if self._seconds else 0.0

    def begin(
        self,
        images: list[Item],
        inputs: NDArray[np.uint8],
        done: Callable[[Batch[Item]], None],
    ) -> None:
        """Compute ``inputs`` (n, S, S) of the images; ``done`` is called from another thread."""
        network = self._network
        assert network is not None  # or no lane was free
        self.busy += 1
        result = self._threads.submit(self._compute, network, inputs)
        result.add_done_callback(lambda future: done(Batch(images, future)))

    def _compute(self, network: ScoringNetwork, inputs: NDArray[np.uint8]) -> tuple[Scores, str]:
        began = time.perf_counter()
        scores = network.score(inputs)
        self._seconds = (time.perf_counter() - began) / len(inputs)
        return scores, network.provenance

    def end(self, batch: Batch[Item]) -> tuple[Scores, str]:
        """Take a batch's scores, and free its lane."""
        self.busy -= 1
        return batch.result.result()
