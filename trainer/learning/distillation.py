"""Learning from a teacher: a ResNet-34 learns to give the teacher's feature maps of the images.

No label is looked at, and no image of the test set is shown to teacher or network.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
import torch.nn.functional as functional
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn

from trainer.learning.augment import augment, shrink
from trainer.learning.averaging import follow
from trainer.learning.lessons import LessonBatches, Lessons, still
from trainer.learning.network import Network
from trainer.learning.optimisation import Learner, growing_side, scheduled
from trainer.settings import Settings

CHANNELS = (128, 256, 512)
"""Of the ResNet-34's maps at the teacher's strides."""


class Distillation(Learner):
    """A network on its way to the teacher's maps. Checkpoints hold plain values only."""

    def __init__(self, network: Network, settings: Settings, lessons: Lessons, images: int) -> None:
        """``images``: how many views make an epoch."""
        super().__init__()
        self.network, self.settings = network, settings
        network.head.requires_grad_(False)  # nothing is asked of it, which DDP would wait for
        self.lessons, self.images = lessons, images
        self.average = copy.deepcopy(network).requires_grad_(False)
        self.translators = nn.ModuleList(
            nn.Conv2d(own, theirs, 1) for own, theirs in zip(CHANNELS, lessons.widths, strict=True)
        )
        self.rows: list[dict[str, float]] = []
        """One an epoch: epoch, loss (mean squared error; 1 is knowing nothing)."""
        self._losses: list[Tensor] = []

    def train_dataloader(self) -> LessonBatches:
        """The lessons, or this process's share of them."""
        size, trainer = self.settings.optimisation.batch_size, self.trainer
        share = trainer.global_rank, trainer.world_size
        return LessonBatches(self.lessons, size, self.images, self.settings.seed, *share)

    def on_train_epoch_start(self) -> None:
        """Start every epoch from numbers of its own, so that a resumed run draws the same."""
        epoch = self.current_epoch
        torch.manual_seed(hash((self.settings.seed, epoch, self.global_rank)) % 2**63)
        self._losses.clear()
        batches = self.trainer.train_dataloader
        if isinstance(batches, LessonBatches):
            batches.epoch = epoch

    def training_step(self, batch: tuple[Tensor, ...], _: int) -> Tensor:
        """Mean squared difference of the translated maps and the teacher's, over all strides."""
        side = growing_side(self.settings.schedule, self.settings.recipe.size, self.current_epoch)
        with torch.no_grad():
            views, maps = self.lessons.pair(batch, side)
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
        steps = int(self.trainer.estimated_stepping_batches)
        return scheduled(self.network, self.settings, steps, self.translators)


def _difference(translated: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared difference on the coarser grid of the two."""
    rows, columns = (min(a, b) for a, b in zip(translated.shape[2:], wanted.shape[2:], strict=True))
    mine, theirs = (
        functional.adaptive_avg_pool2d(maps.float(), (rows, columns))
        for maps in (translated, wanted)
    )
    return functional.mse_loss(mine, theirs)
