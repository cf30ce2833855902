"""FreshViews: each image is moved, and drawn on, anew whenever it is shown.

Its maps are computed each time, so a step takes longer than with kept views; but nothing is shown
twice, which a network of a few thousand images would learn by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.learning.peak_head import EXACT
from trainer.learning.peak_material import Ask, Grey, Source, augmented, cells, with_bleeds
from trainer.learning.peaks import Batch, Kind, kinds
from trainer.results.fine_places import Grid
from trainer.settings import AugmentationSettings, PeakSettings


@dataclass(frozen=True, eq=False)
class FreshViews:
    """The images of several sources, with thin bleeds drawn on some of the negatives.

    Of n images, number i below n is the image i, moved. Number n + i is that image with a bleed
    drawn on first; where there is no room for one, it is shown free of it.
    """

    sources: Sequence[Source]
    rows: NDArray[np.int64]
    """Images that may be shown, counted through all sources in their order."""
    ask: Ask
    grid: Grid
    """The cells of the network's last map, which masks are made for."""
    augmentation: AugmentationSettings
    settings: PeakSettings

    def kinds(self) -> list[Kind]:
        """See ``peaks.kinds``; a bleed may be drawn on any of the negatives."""
        labels, count = self._labels, len(self._labels)
        names = np.concatenate([np.full(len(each.images), each.name) for each in self.sources])
        negatives = self.rows[labels[self.rows] == 0]
        drawn = np.arange(2 * count) >= count
        numbers = np.concatenate((self.rows, negatives + count))
        labels = np.concatenate((labels, np.ones_like(labels)))
        return kinds(numbers, labels, np.concatenate((names, names)), drawn, self.settings)

    def batch(self, picked: NDArray[np.int64]) -> Batch:
        """Views of these numbers (N,). Draws from torch's global random numbers."""
        count = len(self._labels)
        rows, labels = picked % count, self._labels[picked % count]
        known = [self._known(int(row)) for row in rows]
        images = np.stack([image for image, _, _ in known])
        masks = np.stack([mask for _, mask, _ in known]).astype(np.float32)
        worth = np.array([each for _, _, each in known])
        if (picked >= count).any():
            wanted = np.flatnonzero(picked >= count)
            drawn, there, shapes = with_bleeds(images[wanted])
            wanted = wanted[there]
            images[wanted], masks[wanted] = drawn[there], shapes[there]
            labels[wanted], worth[wanted] = 1, EXACT
        inputs, places = augmented(images, masks, self.augmentation)
        maps, _ = self.ask(inputs)
        return Batch(
            torch.from_numpy(maps.astype(np.float32)),
            torch.from_numpy(labels).float(),
            torch.from_numpy(cells(places, self.grid)),
            torch.from_numpy(worth),
        )

    @cached_property
    def _labels(self) -> NDArray[np.int64]:
        return np.concatenate([source.labels for source in self.sources])

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.cumsum([len(source.images) for source in self.sources])

    def _known(self, row: int) -> tuple[Grey, Grey, int]:
        """Input and mask (S, S) of an image, and what the mask is worth."""
        at = int(np.searchsorted(self._ends, row, side="right"))
        source = self.sources[at]
        place = row - int(self._ends[at]) + len(source.images)
        return source.inputs[place], source.mask(place), source.worth(place)
