"""A running average of weights: it smooths what the last batches did (Polyak and Juditsky 1992)."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Move the average's weights towards the network's, a little at a time after ``step`` steps.

    ``decay``: how much of itself a grown average keeps. A young one follows faster, or it would
    remember the random start.
    """
    decay = min(decay, (1 + step) / (10 + step))
    pairs = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
    for slow, fast in pairs:
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - decay)
