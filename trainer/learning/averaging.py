"""A running average of weights: it smooths what the last batches did (Polyak and Juditsky 1992)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Move the average's weights towards the network's, a little at a time after ``step`` steps.

    ``decay``: how much of itself a grown average keeps. A young one follows faster, or it would
    remember the random start.
    """
    decay = min(decay, (1 + step) / (10 + step))
    pairs = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
    slow, fast = zip(*((a, b) for a, b in pairs if a.is_floating_point()), strict=True)
    update: Callable[..., None] = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    update(list(slow), list(fast), None)
