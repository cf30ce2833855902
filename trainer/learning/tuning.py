"""Tuning the last stage of a network together with its peak head, on maps computed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.learning.last_stage import LastStage
from trainer.learning.peak_head import PeakHead
from trainer.learning.peaks import PeakMaterial, taught
from trainer.settings import PeakSettings

STRIDE = 2
"""The last stage halves its maps: one cell of the last map is two of what it is given."""


class Tuned(nn.Module):
    """A last stage and the head on it: from what the stage is given to logits and cells."""

    def __init__(self, stage: LastStage, head: PeakHead) -> None:
        super().__init__()
        self.stage, self.head = stage, head

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N,), cells' scores (N, h, w), of maps (N, C, 2 h, 2 w)."""
        logits, cells = self.head(self.stage(maps))
        return logits, cells


def tune(
    material: PeakMaterial, rows: NDArray[np.int64], start: Tuned, settings: PeakSettings
) -> Tuned:
    """The stage and the head learnt further from those rows, see ``peaks.taught``.

    ``material.features`` are what the stage is given. ``start`` itself is learnt from and is of no
    use afterwards.
    """
    torch.manual_seed(settings.seed)
    decay = settings.weight_decay
    groups = [
        {
            "params": list(start.head.parameters()),
            "peak": settings.tuning_head_rate,
            "weight_decay": decay,
        },
        {
            "params": list(start.stage.parameters()),
            "peak": settings.tuning_rate,
            "weight_decay": decay,
        },
    ]
    shorter = replace(settings, steps=settings.tuning_steps, batch_size=settings.tuning_batch_size)
    return taught(start, groups, material, rows, shorter, shifted)


def shifted(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """Both by one cell of the last map or none, right or left and up or down; zeros come in.

    ``maps`` (N, C, 2 h, 2 w), ``masks`` (N, h, w). Draws from torch's global random numbers.
    """
    right, down = (int(each) - 1 for each in torch.randint(0, 3, (2,)))
    return _moved(maps, STRIDE * right, STRIDE * down), _moved(masks, right, down)


def _moved(maps: Tensor, right: int, down: int) -> Tensor:
    return functional.pad(maps, (right, -right, down, -down))


@torch.inference_mode()
def last_maps(stage: LastStage, given: NDArray[np.float16], batch: int = 32) -> NDArray[np.float16]:
    """What the stage makes of (n, C, 2 h, 2 w): (n, C', h, w)."""
    parts = [
        stage(torch.from_numpy(given[start : start + batch].astype(np.float32))).half().numpy()
        for start in range(0, len(given), batch)
    ]
    return np.concatenate(parts)
