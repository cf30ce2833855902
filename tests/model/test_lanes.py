"""Lanes compute beside each other, as many as the network wants, and lose nothing."""

from __future__ import annotations

import queue
import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from model.card import ModelCard
from model.lanes import Batch, Lanes
from model.session import Scores
from tests.make.tiny_model import tiny_card

IMAGES = np.zeros((3, 8, 8), np.uint8)


class _Together:
    """Scores only when two batches are being computed at the same time."""

    card: ModelCard = tiny_card()
    provenance = "two"

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self._met = threading.Barrier(2)

    def score(self, images: NDArray[np.uint8]) -> Scores:
        self._met.wait(timeout=10)
        value = np.full(len(images), 0.5, np.float32)
        return Scores(value, value, value)


class _Broken(_Together):
    def score(self, images: NDArray[np.uint8]) -> Scores:
        raise ZeroDivisionError


def test_two_batches_are_computed_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.lanes.usable_cores", lambda: 2)
    done: queue.SimpleQueue[Batch[str]] = queue.SimpleQueue()
    with Lanes[str](_Together(2)) as lanes:
        assert lanes.free == 2
        lanes.begin(["a", "b", "c"], IMAGES, done.put)
        assert lanes.free == 1
        lanes.begin(["d", "e", "f"], IMAGES, done.put)
        assert lanes.free == 0
        batches = [done.get(timeout=20) for _ in range(2)]
        for batch in batches:
            scores, provenance = lanes.end(batch)
            assert (len(scores.logit), provenance) == (3, "two")
        assert lanes.free == 2
    assert sorted(image for batch in batches for image in batch.images) == list("abcdef")


def test_what_is_ready_is_shared_by_the_free_lanes_up_to_a_ceiling() -> None:
    with Lanes[str](_Together(2)) as lanes:
        assert [lanes.share(ready) for ready in (1, 2, 7, 1000)] == [1, 1, 4, 16]


def test_an_error_comes_out_where_the_scores_are_taken() -> None:
    done: queue.SimpleQueue[Batch[str]] = queue.SimpleQueue()
    with Lanes[str](_Broken(1)) as lanes:
        lanes.begin(["a"], IMAGES[:1], done.put)
        with pytest.raises(ZeroDivisionError):
            lanes.end(done.get(timeout=20))
        assert lanes.free == 1


@pytest.mark.parametrize(
    ("seconds", "share", "pace"),
    [(0.2, 1, 10.0), (0.1, 2, 20.0), (0.3, 1, 20 / 3), (0.001, 16, 2e3)],
)
def test_a_lane_takes_what_it_computes_in_a_fifth_of_a_second_and_one_image_at_least(
    seconds: float, share: int, pace: float
) -> None:
    with Lanes[str](_Together(2)) as lanes:
        assert lanes.pace == 0.0
        lanes._seconds = seconds
        assert lanes.share(1000) == share
        assert lanes.pace == pytest.approx(pace)


def test_the_pace_is_that_of_the_latest_batch() -> None:
    done: queue.SimpleQueue[Batch[str]] = queue.SimpleQueue()
    with Lanes[str](_Together(2)) as lanes:
        for names in ("abc", "def"):
            lanes.begin(list(names), IMAGES, done.put)
        for _ in range(2):
            lanes.end(done.get(timeout=20))
        assert lanes.pace > 0.0
