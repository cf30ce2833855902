"""Averages of weights: of one network while it learns, and of several that started alike."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

Averaged = TypeVar("Averaged", bound=nn.Module)


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, decay: float, step: int) -> None:
    """Move the average's weights towards the network's, a little at a time after ``step`` steps.

    It smooths what the last batches did (Polyak and Juditsky 1992).
    ``decay``: how much of itself a grown average keeps. A young one follows faster, or it would
    remember the random start.
    """
    decay = min(decay, (1 + step) / (10 + step))
    pairs = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
    slow, fast = zip(*((a, b) for a, b in pairs if a.is_floating_point()), strict=True)
    update: Callable[..., None] = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    update(list(slow), list(fast), None)


@torch.no_grad()
def mean_of(networks: Sequence[Averaged]) -> Averaged:
    """A network of the same kind with the mean weights of all, which are left as they are.

    Good where they learnt further from the same weights (Wortsman et al. 2022). Raises ValueError
    without any.
    """
    if not networks:
        raise ValueError("there is no mean of no networks")
    states = [network.state_dict() for network in networks]
    mean = copy.deepcopy(networks[0])
    mean.load_state_dict({k: torch.stack([s[k] for s in states]).mean(0) for k in states[0]})
    return mean
