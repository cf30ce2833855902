"""Which training images an epoch shows, and how often: the balance of labels and sources."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from trainer.settings import SamplingSettings

Rows = NDArray[np.int64]


class Drawing:
    """Draws an epoch's images: as many as there are, from each source and label its share.

    Within a source and label every image is drawn once before one is drawn again.
    """

    def __init__(
        self, rows: Rows, labels: NDArray[np.int64], sources: Rows, settings: SamplingSettings
    ) -> None:
        """``rows`` (n,) of the training part; their ``labels`` (n,), 0 or 1, and ``sources`` (n,).

        Raises ValueError where a share of positives is wanted and a source lacks one label.
        """
        self.rows = rows
        """int64 (n,): what is drawn from."""
        self._counts: list[tuple[Rows, int]] = []
        self.odds_ratio = 1.0
        """Odds of a positive in what is drawn, as a multiple of those in the rows."""
        if settings == SamplingSettings():
            return
        for source, share in _shares(sources, settings.source_power).items():
            inside = sources == source
            positive = settings.positive_share or float(labels[inside].mean())
            for label, part in ((0, 1 - positive), (1, positive)):
                kind = rows[inside & (labels == label)]
                if len(kind) == 0 and settings.positive_share:
                    raise ValueError("a source has images of one label only, which give no balance")
                self._counts.append((kind, round(share * part * len(rows))))
        drawn = sum(count for _, count in self._counts[1::2])
        self.odds_ratio = _odds(drawn, len(self)) / _odds(int(labels.sum()), len(rows))

    def __len__(self) -> int:
        return sum(count for _, count in self._counts) or len(self.rows)

    @property
    def logit_shift(self) -> float:
        """What balance adds to the logit of a network that is right about what it was shown."""
        return math.log(self.odds_ratio)

    def __call__(self, random: np.random.Generator) -> Rows:
        """An epoch's rows in their order: int64 (len(self),)."""
        if not self._counts:
            return random.permutation(self.rows)
        drawn = [_some(kind, count, random) for kind, count in self._counts if len(kind)]
        return random.permutation(np.concatenate(drawn))


def _shares(sources: Rows, power: float) -> dict[int, float]:
    numbers, counts = np.unique(sources, return_counts=True)
    weights = counts**power
    return dict(zip(numbers.tolist(), (weights / weights.sum()).tolist(), strict=True))


def _some(kind: Rows, count: int, random: np.random.Generator) -> Rows:
    rounds = [random.permutation(kind) for _ in range(-(-count // len(kind)))]
    return np.concatenate(rounds)[:count] if rounds else kind[:0]


def _odds(positives: int, total: int) -> float:
    return positives / (total - positives)
