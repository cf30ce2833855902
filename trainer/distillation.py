"""Learning from a teacher: a ResNet-34 learns to give the teacher's feature maps of the scans.

No label is looked at, and no scan of the test set is shown to teacher or network.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as functional
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn

from trainer.augment import augment, shrink
from trainer.averaging import follow
from trainer.network import Network
from trainer.optimisation import growing_side, make_optimiser, rate_course
from trainer.settings import AugmentationSettings, Settings
from trainer.teacher import Maps

CHANNELS = (128, 256, 512)
"""Of the ResNet-34's maps at the teacher's strides."""
BATCH = 32


class Asked(Protocol):
    """Whoever gives maps of scans."""

    def maps(self, scans: Tensor) -> Maps:
        """Maps at the teacher's strides of grey scans (N, S, S)."""
        ...


Pairs = tuple[Tensor, Maps]
"""Views, uint8 (N, S, S), and the teacher's maps of them."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """Views of the scans and what the teacher says of them, in memory."""

    views: Tensor
    """uint8 (n, S, S)"""
    maps: Maps
    """float16 (n, C, h, w) for each stride, each channel with mean 0 and deviation 1."""

    def __len__(self) -> int:
        return len(self.views)


def still(settings: AugmentationSettings) -> AugmentationSettings:
    """What of the augmentation moves nothing, so that the teacher's maps stay true."""
    return replace(settings, flip=0.0, rotation=0.0, scale=(1.0, 1.0), shift=0.0)


def moved(settings: AugmentationSettings) -> AugmentationSettings:
    """What of the augmentation only moves, without the flip, which maps can follow."""
    plain = AugmentationSettings(
        flip=0.0, brightness=0.0, contrast=0.0, noise=0.0, blur=0.0, text=0.0
    )
    return replace(plain, rotation=settings.rotation, scale=settings.scale, shift=settings.shift)


def views_of(scans: Tensor, settings: Settings) -> Tensor:
    """Turned and moved views of uint8 (n, S, S): uint8 (n * views, S, S), a view after the other.

    The first is the scans as they are.
    """
    torch.manual_seed(settings.seed)
    found = [scans]
    for _ in range(settings.distillation.views - 1):
        parts = torch.split(scans, BATCH)
        moving = [augment(part, moved(settings.augmentation)) for part in parts]
        found.append(torch.cat(moving).round().to(torch.uint8))
    return torch.cat(found)


def ask(teacher: Asked, views: Tensor, say: Callable[[str], None]) -> Lessons:
    """The teacher's maps of all views, each channel brought to mean 0 and deviation 1."""
    parts = []
    for number, part in enumerate(torch.split(views, BATCH)):
        parts.append([maps.half() for maps in teacher.maps(part)])
        if number % 40 == 39:
            say(f"The teacher has answered for {(number + 1) * BATCH} of {len(views)} views.")
    return Lessons(views, tuple(_standard(torch.cat(maps)) for maps in zip(*parts, strict=True)))


def _standard(maps: Tensor) -> Tensor:
    mean = maps.mean(dim=(0, 2, 3), keepdim=True, dtype=torch.float32)
    deviation = (maps.float() - mean).square().mean(dim=(0, 2, 3), keepdim=True).sqrt()
    return ((maps - mean) / deviation.clamp(min=1e-3)).half()


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

    def __iter__(self) -> Iterator[Pairs]:
        # Every view comes once before any comes again, over as many epochs as that takes.
        whole, part = divmod(self.epoch * self._share * self._processes, len(self._lessons))
        order = np.concatenate([self._round(whole), self._round(whole + 1)])[part:]
        order = order[self._rank :: self._processes][: self._share]
        for rows in np.array_split(order, self._count):
            chosen = torch.from_numpy(rows)
            yield self._lessons.views[chosen], tuple(m[chosen] for m in self._lessons.maps)

    def _round(self, number: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.random.default_rng([self._seed, number]).permutation(len(self._lessons))


class Distillation(LightningModule):
    """A network on its way to the teacher's maps. Checkpoints hold plain values only."""

    def __init__(self, network: Network, settings: Settings, lessons: Lessons, scans: int) -> None:
        """``scans``: how many views make an epoch."""
        super().__init__()
        self.network, self.settings = network, settings
        network.head.requires_grad_(False)  # nothing is asked of it, which DDP would wait for
        self.lessons, self.scans = lessons, scans
        self.average = copy.deepcopy(network).requires_grad_(False)
        widths = [maps.shape[1] for maps in lessons.maps]
        self.translators = nn.ModuleList(
            nn.Conv2d(own, theirs, 1) for own, theirs in zip(CHANNELS, widths, strict=True)
        )
        self.rows: list[dict[str, float]] = []
        """One an epoch: epoch, loss (mean squared error; 1 is knowing nothing)."""
        self._losses: list[Tensor] = []

    def train_dataloader(self) -> LessonBatches:
        """The lessons, or this process's share of them."""
        size, trainer = self.settings.optimisation.batch_size, self.trainer
        share = trainer.global_rank, trainer.world_size
        return LessonBatches(self.lessons, size, self.scans, self.settings.seed, *share)

    def on_train_epoch_start(self) -> None:
        """Start every epoch from numbers of its own, so that a resumed run draws the same."""
        epoch = self.current_epoch
        torch.manual_seed(hash((self.settings.seed, epoch, self.global_rank)) % 2**63)
        self._losses.clear()
        batches = self.trainer.train_dataloader
        if isinstance(batches, LessonBatches):
            batches.epoch = epoch

    def training_step(self, batch: Pairs, _: int) -> Tensor:
        """Mean squared difference of the translated maps and the teacher's, over all strides."""
        views, maps = batch
        if bool(torch.rand(()) < self.settings.augmentation.flip):
            views, maps = views.flip(2), tuple(m.flip(3) for m in maps)
        with torch.no_grad():
            side = growing_side(
                self.settings.schedule, self.settings.recipe.size, self.current_epoch
            )
            views = shrink(views, side) if side < views.shape[1] else views
            views = augment(views, still(self.settings.augmentation))
        own = self.network.stages(views)
        losses = [
            _difference(translate(mine), theirs)
            for translate, mine, theirs in zip(self.translators, own, maps, strict=True)
        ]
        loss = torch.stack(losses).mean()
        self._losses.append(loss.detach())
        return loss

    def on_train_batch_end(self, *_: Any) -> None:
        """Let the average follow the network, slowly."""
        follow(self.average, self.network, self.settings.optimisation.averaging, self.global_step)

    def end_epoch(self) -> None:
        """Add the epoch to the table; callbacks hear of an epoch's end before the module does."""
        loss = float(torch.stack(self._losses).mean())
        self.rows.append({"epoch": self.current_epoch + 1, "loss": loss})

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """The table goes with the weights."""
        checkpoint["rows"] = self.rows

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """The table comes back with the weights."""
        self.rows = list(checkpoint["rows"])

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """The optimiser, and the rate's course over all steps."""
        optimiser = make_optimiser(self.network, self.settings.optimisation, self.translators)
        total = int(self.trainer.estimated_stepping_batches)
        course = rate_course(self.settings.schedule, total)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, course)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def _difference(translated: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared difference on the coarser grid of the two."""
    rows, columns = (min(a, b) for a, b in zip(translated.shape[2:], wanted.shape[2:], strict=True))
    mine, theirs = (
        functional.adaptive_avg_pool2d(maps.float(), (rows, columns))
        for maps in (translated, wanted)
    )
    return functional.mse_loss(mine, theirs)
