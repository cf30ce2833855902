"""Tuning the last stages of a network together with its peak head, on maps computed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.learning.kept_steps import KeptSteps
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_head import PeakHead
from trainer.learning.peaks import Shown, taught
from trainer.settings import PeakSettings


class Tuned(nn.Module):
    """Last stages and the head on them: from what the first is given to logits and cells."""

    def __init__(self, stages: LastStages, head: PeakHead) -> None:
        super().__init__()
        self.stages, self.head = stages, head

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N,), cells' scores (N, h, w), of maps (N, C, k h, k w)."""
        logits, cells = self.head(self.stages(maps))
        return logits, cells


def tune(
    shown: Shown,
    start: Tuned,
    settings: PeakSettings,
    kept: KeptSteps | None = None,
    *,
    last_alone: bool = False,
) -> Tuned:
    """The stages and the head learnt further from what they are shown, see ``peaks.taught``.

    Shown are what the first stage is given. ``start`` is changed on the way.
    ``last_alone``: of the stages the last one alone learns, by steps and rate of its own.
    """
    start.stages.let_learn(last_alone=last_alone)
    steps, rate = settings.tuning_steps, settings.tuning_rate
    if last_alone:
        steps, rate = settings.last_stage_steps, settings.last_stage_rate
    torch.manual_seed(settings.seed)
    decay = settings.weight_decay
    groups = [
        {
            "params": list(start.head.requires_grad_(True).parameters()),
            "peak": settings.tuning_head_rate,
            "weight_decay": decay,
        },
        {
            "params": [each for each in start.stages.parameters() if each.requires_grad],
            "peak": rate,
            "weight_decay": decay,
        },
    ]
    shorter = replace(settings, steps=steps, batch_size=settings.tuning_batch_size)
    return taught(start, groups, shown, shorter, kept)


def shifted(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """Both by one cell of the last map or none, right or left and up or down; zeros come in.

    ``maps`` (N, C, k h, k w), ``masks`` (N, h, w): a cell of the last map is k of the maps'.
    Draws from torch's global random numbers.
    """
    right, down = (int(each) - 1 for each in torch.randint(0, 3, (2,)))
    cell = maps.shape[3] // masks.shape[2]
    return _moved(maps, cell * right, cell * down), _moved(masks, right, down)


def _moved(maps: Tensor, right: int, down: int) -> Tensor:
    return functional.pad(maps, (right, -right, down, -down))


@torch.inference_mode()
def last_maps(
    stages: LastStages, given: NDArray[np.float16], batch: int = 32
) -> NDArray[np.float16]:
    """What the stages make of (n, C, k h, k w): (n, C', h, w)."""
    parts = [
        stages(torch.from_numpy(given[start : start + batch].astype(np.float32))).half().numpy()
        for start in range(0, len(given), batch)
    ]
    return np.concatenate(parts)
