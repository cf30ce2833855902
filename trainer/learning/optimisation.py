"""How fast which weights move, how long, and what counts how much."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn

from trainer.choices import Optimiser, Schedule
from trainer.learning.network import Network
from trainer.settings import OptimisationSettings, ScheduleSettings, Settings

HEAVIEST = 10.0
"""The most that a positive counts against a negative."""


class Learner(LightningModule):
    """What learns, its gradients clipped to a norm: also beside fused steps in bfloat16.

    Lightning's own clipping refuses those, as they might undo a scaling by themselves; on a CPU,
    where steps are fused, nothing is scaled.
    """

    def configure_gradient_clipping(
        self,
        optimizer: torch.optim.Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        """Clip them together, unless the settings want no clipping."""
        if gradient_clip_val:
            nn.utils.clip_grad_norm_(self.parameters(), gradient_clip_val)


def positive_weight(labels: Tensor, wanted: bool) -> float:
    """What a positive counts in the loss, from the labels (n,) of the training part."""
    positives = float(labels.sum())
    return min((len(labels) - positives) / positives, HEAVIEST) if wanted else 1.0


def growing_side(settings: ScheduleSettings, size: int, epoch: int) -> int:
    """The side of the training images in an epoch from 0, a multiple of 16 up to ``size``."""
    share = min(1.0, epoch / max(1.0, settings.growth * settings.epochs))
    if settings.first_size == 0 or share == 1.0:
        return size
    return min(size, 16 * round((settings.first_size + share * (size - settings.first_size)) / 16))


def rate_course(settings: ScheduleSettings, total: int) -> Callable[[int], float]:
    """The learning rate after each of ``total`` steps, as a share of its peak."""
    rising = round(settings.warm_up * total)

    def share(step: int) -> float:
        if step < rising:
            part = (step + 1) / (rising + 1)
            return 0.5 - 0.5 * math.cos(math.pi * part) if one_cycle else part
        if settings.shape is Schedule.CONSTANT:
            return 1.0
        part = (step - rising) / max(1, total - rising)
        return 0.5 + 0.5 * math.cos(math.pi * min(1.0, part))

    one_cycle = settings.shape is Schedule.ONE_CYCLE
    return share


def scheduled(
    network: Network, settings: Settings, steps: int, *beside: nn.Module
) -> OptimizerLRScheduler:
    """The optimiser, and the rate's course over all steps, as Lightning wants them."""
    optimiser = make_optimiser(network, settings.optimisation, *beside)
    course = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_course(settings.schedule, steps))
    return {"optimizer": optimiser, "lr_scheduler": {"scheduler": course, "interval": "step"}}


def make_optimiser(
    network: Network, settings: OptimisationSettings, *beside: nn.Module
) -> torch.optim.Optimizer:
    """Groups of parameters: backbone and head with their rates, matrices and the rest apart.

    What learns ``beside`` the network has the head's rate.
    """
    groups: list[dict[str, Any]] = []
    rate, slower = settings.learning_rate, settings.backbone_factor
    for part, factor in (
        (network.backbone, slower),
        *((new, 1.0) for new in (network.head, *beside)),
    ):
        learning = [p for p in part.parameters() if p.requires_grad]
        for matrices, decay in ((True, settings.weight_decay), (False, 0.0)):
            chosen = [p for p in learning if (p.ndim > 1) == matrices]
            if chosen:
                groups.append({"params": chosen, "lr": rate * factor, "weight_decay": decay})
    # One pass over all weights in place of a dozen. On CUDA, Lightning cannot clip gradients
    # beside it when training with scaled fp16.
    fused = all(p.device.type == "cpu" for group in groups for p in group["params"])
    match settings.optimiser:
        case Optimiser.ADAM:
            return torch.optim.Adam(groups, fused=fused)
        case Optimiser.ADAMW:
            return torch.optim.AdamW(groups, fused=fused)
        case Optimiser.SGD:
            return torch.optim.SGD(groups, momentum=settings.momentum)
