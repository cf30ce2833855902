"""What a teacher says of the images: asked once and kept, or asked anew at every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from trainer.learning.augment import augment
from trainer.learning.teacher import SIDE, Maps
from trainer.settings import AugmentationSettings, Settings

BATCH = 32
MEASURED = 24
"""Batches of views that tell the mean and the deviation of each of the teacher's channels."""

Pairs = tuple[Tensor, Maps]
"""Views (N, S, S) and the teacher's maps of them."""


class Asked(Protocol):
    """Whoever gives maps of images."""

    def to(self, device: torch.device) -> None:
        """Compute there from now on."""
        ...

    def maps(self, images: Tensor, side: int = SIDE) -> Maps:
        """Maps at the teacher's strides of grey images (N, S, S), seen at ``side`` pixels."""
        ...


class Lessons(Protocol):
    """Where a network's views and the teacher's maps of them come from."""

    def __len__(self) -> int: ...

    @property
    def widths(self) -> list[int]:
        """Channels of the teacher's maps."""
        ...

    def take(self, rows: Tensor) -> tuple[Tensor, ...]:
        """What a batch holds of the rows (N,), on the CPU."""
        ...

    def pair(self, batch: tuple[Tensor, ...], side: int) -> Pairs:
        """A batch's lesson for a network that looks at ``side`` pixels, where the batch lies."""
        ...


@dataclass(frozen=True, eq=False)
class KeptLessons:
    """Views of the images and what the teacher says of them, in memory."""

    views: Tensor
    """uint8 (n, S, S)"""
    maps: Maps
    """float16 (n, C, h, w) for each stride, each channel with mean 0 and deviation 1."""
    flip: float = 0.0
    """Probability that a batch is flipped left to right, maps and all."""

    def __len__(self) -> int:
        return len(self.views)

    @property
    def widths(self) -> list[int]:
        """Channels of the teacher's maps."""
        return [maps.shape[1] for maps in self.maps]

    def take(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Views and maps."""
        return self.views[rows], *(maps[rows] for maps in self.maps)

    def pair(self, batch: tuple[Tensor, ...], side: int) -> Pairs:
        """The views as they are, or flipped."""
        views, *maps = batch
        if bool(torch.rand(()) < self.flip):
            return views.flip(2), tuple(each.flip(3) for each in maps)
        return views, tuple(maps)


class LiveLessons:
    """Fresh views at every step, blended in pairs at times; the teacher sees what is trained on.

    Nothing comes twice, so that a network can learn for long (Beyer et al., "Knowledge
    distillation: a good teacher is patient and consistent", 2022).
    """

    def __init__(
        self, images: Tensor, teacher: Asked, settings: Settings, device: torch.device
    ) -> None:
        """``images``: uint8 (n, S, S). ``device``: where the teacher is asked first."""
        self._images, self._teacher = images, teacher
        self._moved = replace(moved(settings.augmentation), flip=settings.augmentation.flip)
        self._mixing = settings.distillation.mixing
        torch.manual_seed(settings.seed)
        teacher.to(device)
        some = [images[torch.randint(len(images), (BATCH,))].to(device) for _ in range(MEASURED)]
        seen = [teacher.maps(augment(part, self._moved)) for part in some]
        stacks = [torch.cat(maps) for maps in zip(*seen, strict=True)]
        self._standards = [standard_of(stack) for stack in stacks]

    def __len__(self) -> int:
        return len(self._images)

    @property
    def widths(self) -> list[int]:
        """Channels of the teacher's maps."""
        return [mean.shape[1] for mean, _ in self._standards]

    def take(self, rows: Tensor) -> tuple[Tensor, ...]:
        """The images."""
        return (self._images[rows],)

    def pair(self, batch: tuple[Tensor, ...], side: int) -> Pairs:
        """Fresh views, and the teacher's maps of them at a side in proportion to ``side``."""
        (images,) = batch
        self._teacher.to(images.device)
        views = augment(images, self._moved)
        if bool(torch.rand(()) < self._mixing):
            share = 0.5 + 0.5 * torch.rand_like(views[:, :1, :1])
            views = share * views + (1 - share) * views.flip(0)
        maps = self._teacher.maps(views, 32 * round(side * 8 / 7 / 32))
        pairs = zip(maps, self._standards, strict=True)
        return views, tuple(
            (each.float() - mean.to(each.device)) / deviation.to(each.device)
            for each, (mean, deviation) in pairs
        )


def still(settings: AugmentationSettings) -> AugmentationSettings:
    """What of the augmentation moves nothing, so that the teacher's maps stay true."""
    return replace(settings, flip=0.0, rotation=0.0, scale=(1.0, 1.0), shift=0.0, aspect=0.0)


def moved(settings: AugmentationSettings) -> AugmentationSettings:
    """What of the augmentation only moves, without the flip, which maps can follow."""
    plain = AugmentationSettings(
        flip=0.0, brightness=0.0, contrast=0.0, noise=0.0, blur=0.0, text=0.0
    )
    return replace(
        plain,
        rotation=settings.rotation,
        scale=settings.scale,
        shift=settings.shift,
        aspect=settings.aspect,
    )


def views_of(images: Tensor, settings: Settings) -> Tensor:
    """Turned and moved views of uint8 (n, S, S): uint8 (n * views, S, S), a view after the other.

    The first is the images as they are.
    """
    torch.manual_seed(settings.seed)
    found = [images]
    for _ in range(settings.distillation.views - 1):
        parts = torch.split(images, BATCH)
        moving = [augment(part, moved(settings.augmentation)) for part in parts]
        found.append(torch.cat(moving).round().to(torch.uint8))
    return torch.cat(found)


def ask(
    teacher: Asked, views: Tensor, say: Callable[[str], None], flip: float = 0.0
) -> KeptLessons:
    """The teacher's maps of all views, each channel brought to mean 0 and deviation 1."""
    parts = []
    for number, part in enumerate(torch.split(views, BATCH)):
        parts.append([maps.half() for maps in teacher.maps(part)])
        if number % 40 == 39:
            say(f"The teacher has answered for {(number + 1) * BATCH} of {len(views)} views.")
    stacks = [torch.cat(maps) for maps in zip(*parts, strict=True)]
    standards = [standard_of(stack) for stack in stacks]
    maps = [
        ((s - mean) / deviation).half()
        for s, (mean, deviation) in zip(stacks, standards, strict=True)
    ]
    return KeptLessons(views, tuple(maps), flip)


def standard_of(maps: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each channel of maps (n, C, h, w): float32 (1, C, 1, 1) each."""
    mean = maps.mean(dim=(0, 2, 3), keepdim=True, dtype=torch.float32)
    deviation = (maps.float() - mean).square().mean(dim=(0, 2, 3), keepdim=True).sqrt()
    return mean, deviation.clamp(min=1e-3)


class LessonBatches:
    """All lessons in another order each epoch; process ``rank`` of ``processes`` gets its share."""

    def __init__(
        self, lessons: Lessons, size: int, epoch_size: int, seed: int, rank: int, processes: int
    ) -> None:
        self._lessons, self._seed, self._rank, self._processes = lessons, seed, rank, processes
        self._share = epoch_size // processes
        self._count = max(1, round(self._share / size))
        self.epoch = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        # Every view comes once before any comes again, over as many epochs as that takes.
        whole, part = divmod(self.epoch * self._share * self._processes, len(self._lessons))
        order = np.concatenate([self._round(whole), self._round(whole + 1)])[part:]
        order = order[self._rank :: self._processes][: self._share]
        for rows in np.array_split(order, self._count):
            yield self._lessons.take(torch.from_numpy(rows))

    def _round(self, number: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.random.default_rng([self._seed, number]).permutation(len(self._lessons))
