"""Learning a peak head on the last maps of a network that stays as it is.

The maps are computed once, so that five folds and a left-out hospital take minutes on a CPU.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.learning.averaging import follow
from trainer.learning.kept_steps import Decks, KeptSteps, Steps
from trainer.learning.peak_head import SHARPNESS, PeakHead, map_loss
from trainer.results.peak_graph import PeakWeights
from trainer.settings import PeakSettings

BATCH = 32

Taught = TypeVar("Taught", bound=nn.Module)
"""From maps (N, C, h, w) to logits (N,) and the cells' scores (N, h', w')."""


@dataclass(frozen=True, eq=False)
class PeakMaterial:
    """Maps to learn a peak head from, one entry for each view of an image."""

    features: NDArray[np.float16]
    """(n, C, h, w): last maps, or what the stages that are tuned too are given."""
    profiles: NDArray[np.float32]
    """(n, P): what the network's novelty is the distance of."""
    labels: NDArray[np.int64]
    masks: NDArray[np.float16]
    """(n, h, w): the share of each cell within the finding."""
    worth: NDArray[np.int64]
    """(n,) of a mask: UNKNOWN, EXACT or BOX."""
    sources: NDArray[np.str_]
    """(n,) where the image came from."""
    groups: NDArray[np.str_]
    """(n,) its patient, with the source."""
    views: NDArray[np.bool_]
    """(n,) whether it was moved or drawn on: learnt from, and never scored."""
    drawn: NDArray[np.bool_]
    """(n,) whether its bleed was drawn."""

    def __len__(self) -> int:
        return len(self.labels)


def learn(
    material: PeakMaterial,
    rows: NDArray[np.int64],
    start: tuple[NDArray[np.float32], NDArray[np.float32]],
    settings: PeakSettings,
) -> PeakHead:
    """A head learnt from those rows; ``start``: the linear head on the mean that it goes on from.

    The head that is kept is the running average of the one that learns.
    """
    torch.manual_seed(settings.seed)
    weight, bias = (torch.from_numpy(values) for values in start)
    head = PeakHead(weight, bias, settings.dropout)
    return taught(head, _groups(head, settings), material, rows, settings)


def _as_it_is(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    return maps, masks


def taught(
    module: Taught,
    groups: Sequence[dict[str, Any]],
    material: PeakMaterial,
    rows: NDArray[np.int64],
    settings: PeakSettings,
    disturbed: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = _as_it_is,
    kept: KeptSteps | None = None,
) -> Taught:
    """The running average of a module that learns from those rows, ready to score.

    ``groups``: its parameters with their highest rates, ``peak``, as an optimiser takes them.
    ``disturbed``: changes maps (N, C, h, w) and masks (N, h', w') of each step alike.
    ``kept``: where it goes on from when it was stopped; the result is the same to the last bit.
    """
    average = copy.deepcopy(module).requires_grad_(False)
    optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate)
    decks = Decks(_kinds(material, rows, settings), settings.seed)
    steps = Steps(kept, (module, average), optimiser, decks)
    while steps.done < settings.steps:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * _course(steps.done / settings.steps)
        picked = decks.draw(settings.batch_size)
        loss = _loss(module.train(), material, picked, settings, disturbed)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimiser.step()
        follow(average, module, settings.averaging, steps.done)
        steps.count()
    return average.eval()


def score(module: nn.Module, features: NDArray[np.float16]) -> tuple[NDArray[np.float64], Tensor]:
    """Logits (N,) of maps (N, C, h, w), and the cells' scores (N, h', w')."""
    logits, cells = [], []
    with torch.inference_mode():
        for start in range(0, len(features), BATCH):
            part = torch.from_numpy(features[start : start + BATCH].astype(np.float32))
            logit, scores = module(part)
            logits.append(logit.double().numpy())
            cells.append(scores)
    return np.concatenate(logits), torch.cat(cells)


def weights_of(head: PeakHead) -> PeakWeights:
    """What an exported model is given of a head."""
    values = {name: value.detach().numpy() for name, value in head.named_parameters()}
    return PeakWeights(
        values["mean.weight"],
        values["mean.bias"],
        values["cell.weight"],
        float(values["cell.bias"][0]),
        float(values["weight"]),
        SHARPNESS,
    )


def _kinds(
    material: PeakMaterial, rows: NDArray[np.int64], settings: PeakSettings
) -> list[tuple[NDArray[np.int64], float]]:
    """Rows by source and label, the drawn ones apart, with the share of each in what is shown."""
    drawn = rows[material.drawn[rows]]
    rest = rows[~material.drawn[rows]]
    names, counts = np.unique(material.sources[rest], return_counts=True)
    weights = counts**settings.source_power / (counts**settings.source_power).sum()
    kinds = [(drawn, settings.drawn_share)]
    for name, weight in zip(names, weights, strict=True):
        of_source = rest[material.sources[rest] == name]
        for label, share in ((0, 1 - settings.positive_share), (1, settings.positive_share)):
            kinds.append((of_source[material.labels[of_source] == label], float(weight) * share))
    there = [(part, share) for part, share in kinds if len(part)]
    total = sum(share for _, share in there)
    return [(part, share / total) for part, share in there]


def _groups(head: PeakHead, settings: PeakSettings) -> list[dict[str, Any]]:
    """What is new moves at the whole rate, the old linear head at a part of it."""
    old = list(head.mean.parameters())
    new = [*head.cell.parameters(), head.weight]
    slower = settings.learning_rate * settings.mean_factor
    decay = settings.weight_decay
    return [
        {"params": new, "peak": settings.learning_rate, "weight_decay": decay},
        {"params": old, "peak": slower, "weight_decay": 0.0},
    ]


def _course(share: float) -> float:
    """The learning rate after a share of all steps, as a share of its peak."""
    return max(0.02, min(1.0, share / 0.1) * (0.5 + 0.5 * math.cos(math.pi * share)))


def _loss(
    module: nn.Module,
    material: PeakMaterial,
    rows: NDArray[np.int64],
    settings: PeakSettings,
    disturbed: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]],
) -> Tensor:
    features = torch.from_numpy(material.features[rows].astype(np.float32))
    labels = torch.from_numpy(material.labels[rows]).float()
    masks = torch.from_numpy(material.masks[rows].astype(np.float32))
    features, masks = disturbed(features, masks)
    logits, cells = module(features)
    wanted = labels + settings.smoothing * (0.5 - labels)
    loss = functional.binary_cross_entropy_with_logits(logits, wanted)
    worth = torch.from_numpy(material.worth[rows])
    return loss + settings.map_weight * map_loss(cells, masks, worth)
