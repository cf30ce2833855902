"""What a run learns from, in memory, and the batches that it is dealt out in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from imaging.input.recipe import InputRecipe, Pixels
from trainer.learning.augment import resized_crop
from trainer.learning.drawing import Drawing, Rows
from trainer.settings import AugmentationSettings

Batch = tuple[Tensor, Tensor, Tensor]
"""Inputs, uint8 (N, S, S[, 3]) or pooled features (N, 512); labels, float32 (N,); traits, float32
(N, T), NaN where nothing is known."""


@dataclass(frozen=True, eq=False)
class Material:
    """All images of a run in the two forms that folds ask for, by their rows."""

    labels: Tensor
    """float32 (n,), 0 or 1."""
    assessed: Tensor
    """As validation and test see them: uint8 (n, S, S[, 3]), or pooled features (n, 512)."""
    learnt: Callable[[Rows], Tensor]
    """As training sees them, a fresh draw each time: (len(rows), S, S[, 3]) or (len(rows), 512)."""
    traits: Tensor | None = None
    """float32 (n, T), 0 or 1, NaN where nothing is known; none: no traits."""

    def truth(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Labels (N,) and traits (N, T) of the rows (N,)."""
        traits = self.labels.new_empty(len(rows), 0) if self.traits is None else self.traits[rows]
        return self.labels[rows], traits


def input_material(inputs: Pixels, labels: Tensor) -> Material:
    """Network inputs that are trained on as they are; augmentation follows on the device."""
    stack = torch.from_numpy(inputs)
    return Material(labels, stack, lambda rows: stack[torch.from_numpy(rows)])


def cropped_material(
    inputs: Pixels,
    whole: list[Pixels],
    labels: Tensor,
    recipe: InputRecipe,
    settings: AugmentationSettings,
) -> Material:
    """Training images are cut at random out of ``whole`` ones, which have their own resolution."""
    shares = settings.resized_crop or (1.0, 1.0)

    def learnt(rows: Rows) -> Tensor:
        random = np.random.default_rng(int(torch.randint(2**62, ())))
        views = [resized_crop(whole[row], recipe.size, shares, random) for row in rows]
        return torch.from_numpy(np.stack(views))

    return Material(labels, torch.from_numpy(inputs), learnt)


def cached_features(assessed: Tensor, views: Tensor, labels: Tensor) -> Material:
    """Pooled features: float32 (n, 512) to assess, (n, views, 512) to draw training from."""

    def learnt(rows: Rows) -> Tensor:
        picked = torch.randint(views.shape[1], (len(rows),))
        return views[torch.from_numpy(rows), picked]

    return Material(labels, assessed, learnt)


class TrainingBatches:
    """What a drawing shows of a fold's training part, in batches alike in size.

    The same seed and epoch give the same order in every process; process ``rank`` of ``processes``
    gets its own share of it. No batch is a small remainder, which batch norm could not bear.
    """

    def __init__(
        self,
        material: Material,
        drawing: Drawing,
        batch_size: int,
        seed: int,
        rank: int = 0,
        processes: int = 1,
    ) -> None:
        self._material, self._drawing, self._seed = material, drawing, seed
        self._rank, self._processes = rank, processes
        self._share = len(drawing) // processes
        self._count = max(1, round(self._share / batch_size))
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Which epoch's order comes next, from 0."""
        self._epoch = epoch

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, self._epoch])
        order = self._drawing(random)[self._rank :: self._processes][: self._share]
        for rows in np.array_split(order, self._count):
            yield self._material.learnt(rows), *self._material.truth(torch.from_numpy(rows))


class ScoringBatches:
    """Rows in their order, as validation and test see them."""

    def __init__(self, material: Material, rows: Rows, batch_size: int) -> None:
        self._material, self._rows, self._size = material, rows, batch_size

    def __len__(self) -> int:
        return -(-len(self._rows) // self._size)

    def __iter__(self) -> Iterator[Batch]:
        for start in range(0, len(self._rows), self._size):
            rows = torch.from_numpy(self._rows[start : start + self._size])
            yield self._material.assessed[rows], *self._material.truth(rows)
