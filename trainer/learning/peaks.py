"""Learning a peak head on the last maps of a network that stays as it is.

The maps are computed once, so that five folds and a left-out hospital take minutes on a CPU.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

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

Kind = tuple[NDArray[np.int64], float]

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


@dataclass(frozen=True, eq=False)
class Batch:
    """What one step of learning is shown."""

    maps: Tensor
    """(N, C, h, w)"""
    labels: Tensor
    """(N,) of 0 and 1, as numbers."""
    masks: Tensor
    """(N, h', w'): the share of each cell of the last map within the finding."""
    worth: Tensor
    """(N,) of a mask: UNKNOWN, EXACT or BOX."""


class Shown(Protocol):
    """Whoever says what is shown, and makes it."""

    def kinds(self) -> list[Kind]:
        """Numbers of views that are alike, with the share of each kind in what is shown."""
        ...

    def batch(self, picked: NDArray[np.int64]) -> Batch:
        """The views of these numbers (N,). May draw from torch's global random numbers."""
        ...


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
    return taught(head, _groups(head, settings), KeptViews(material, rows, settings), settings)


def _as_it_is(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    return maps, masks


@dataclass(frozen=True, eq=False)
class KeptViews:
    """Views whose maps were computed once."""

    material: PeakMaterial
    rows: NDArray[np.int64]
    """(n,) of the material that may be shown."""
    settings: PeakSettings
    disturbed: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = _as_it_is
    """Changes maps (N, C, h, w) and masks (N, h', w') of each batch alike."""

    def kinds(self) -> list[Kind]:
        """See ``kinds``."""
        given = self.material
        return kinds(self.rows, given.labels, given.sources, given.drawn, self.settings)

    def batch(self, picked: NDArray[np.int64]) -> Batch:
        """Maps of the material's rows (N,)."""
        given = self.material
        maps = torch.from_numpy(given.features[picked].astype(np.float32))
        labels = torch.from_numpy(given.labels[picked]).float()
        masks = torch.from_numpy(given.masks[picked].astype(np.float32))
        maps, masks = self.disturbed(maps, masks)
        return Batch(maps, labels, masks, torch.from_numpy(given.worth[picked]))


def taught(
    module: Taught,
    groups: Sequence[dict[str, Any]],
    shown: Shown,
    settings: PeakSettings,
    kept: KeptSteps | None = None,
) -> Taught:
    """The running average of a module that learns from what it is shown, ready to score.

    ``groups``: its parameters with their highest rates, ``peak``, as an optimiser takes them.
    ``kept``: where it goes on from when it was stopped; the result is the same to the last bit.
    """
    average = copy.deepcopy(module).requires_grad_(False)
    optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate)
    decks = Decks(shown.kinds(), settings.seed)
    steps = Steps(kept, (module, average), optimiser, decks)
    while steps.done < settings.steps:
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * _course(steps.done / settings.steps)
        batch = shown.batch(decks.draw(settings.batch_size))
        loss = _loss(module.train(), batch, settings)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimiser.step()
        follow(average, module, settings.averaging, steps.done)
        steps.count()
    return average.eval()


def kinds(
    rows: NDArray[np.int64],
    labels: NDArray[np.int64],
    sources: NDArray[np.str_],
    drawn: NDArray[np.bool_],
    settings: PeakSettings,
) -> list[Kind]:
    """Rows by source and label, the drawn ones apart, with the share of each in what is shown.

    ``labels``, ``sources`` and ``drawn`` are of all views (n,), ``rows`` are of these.
    """
    on, rest = rows[drawn[rows]], rows[~drawn[rows]]
    names, counts = np.unique(sources[rest], return_counts=True)
    weights = counts**settings.source_power / (counts**settings.source_power).sum()
    found = [(on, settings.drawn_share)]
    for name, weight in zip(names, weights, strict=True):
        of_source = rest[sources[rest] == name]
        for label, share in ((0, 1 - settings.positive_share), (1, settings.positive_share)):
            found.append((of_source[labels[of_source] == label], float(weight) * share))
    there = [(part, share) for part, share in found if len(part)]
    total = sum(share for _, share in there)
    return [(part, share / total) for part, share in there]


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


def _loss(module: nn.Module, batch: Batch, settings: PeakSettings) -> Tensor:
    logits, cells = module(batch.maps)
    wanted = batch.labels + settings.smoothing * (0.5 - batch.labels)
    loss = functional.binary_cross_entropy_with_logits(logits, wanted)
    return loss + settings.map_weight * map_loss(cells, batch.masks, batch.worth)
