"""FineMap: what each cell of a heat map says of the score, placed more finely and where it belongs.

What a cell adds to the score is divided among the finer cells that lie in what it saw, in
proportion to what one convolution on the map before finds in each and to how much of it shows the
head. Each is drawn around the point that it was computed around. Nothing is added or lost: the
fine map sums to what the coarse one sums to, and the score knows nothing of it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.learning.averaging import follow
from trainer.learning.kept_steps import Decks
from trainer.results.fine_graph import AIR, LIMIT, FineWeights
from trainer.results.fine_places import Places
from trainer.settings import FineMapSettings

SHARPNESS = 2.0
"""Power of the map in the loss: cells that stand out count more than the spread of the rest."""
TINY = 1e-12


@dataclass(frozen=True, eq=False)
class FineMaterial:
    """Images whose finding is known to lie somewhere, one entry for each view of one."""

    maps: NDArray[np.float16]
    """(n, C, 2 h, 2 h): what the last stage is given."""
    coarse: NDArray[np.float32]
    """(n, h, h): the heat map as it is."""
    logits: NDArray[np.float32]
    """(n,)"""
    tissue: NDArray[np.float32]
    """(n, 2 h, 2 h): the share of each fine cell that shows tissue."""
    masks: NDArray[np.float32]
    """(n, 4 h, 4 h): the share of each cell of the map, as it is drawn, within the finding."""
    outlines: NDArray[np.bool_]
    """(n, S, S): whether each pixel of the input is within it."""
    sources: NDArray[np.str_]
    """(n,) where the image came from."""
    groups: NDArray[np.str_]
    """(n,) its patient, with the source."""
    plain: NDArray[np.bool_]
    """(n,) whether it is an image as it came; else its bleed was drawn: learnt from only."""

    def __len__(self) -> int:
        return len(self.maps)


class FineMap(nn.Module):
    """Fine heat maps (N, 4 h, 4 h) of coarse ones (N, h, h)."""

    def __init__(self, channels: int, places: Places) -> None:
        """``channels`` of the maps that are given. At first every cell weighs the same."""
        super().__init__()
        self.cell = nn.Conv2d(channels, 1, 1, bias=False)
        nn.init.zeros_(self.cell.weight)
        self.reach = torch.from_numpy(places.reach)
        self.drawn = torch.from_numpy(places.drawn)

    def forward(self, maps: Tensor, coarse: Tensor, tissue: Tensor) -> Tensor:
        """``maps`` (N, C, 2 h, 2 h), ``tissue`` (N, 2 h, 2 h) from 0 to 1."""
        found = self.cell(maps)[:, 0].clamp(-LIMIT, LIMIT).exp()
        part = found * (tissue + AIR)
        rate = coarse / (self.reach.T @ part @ self.reach)
        fine: Tensor = part * (self.reach @ rate @ self.reach.T)
        return self.drawn @ fine @ self.drawn.T


def learn(
    material: FineMaterial, rows: NDArray[np.int64], places: Places, settings: FineMapSettings
) -> FineMap:
    """A fine map learnt from those rows: the running average of the one that learns."""
    torch.manual_seed(settings.seed)
    module = FineMap(material.maps.shape[1], places)
    average = copy.deepcopy(module).requires_grad_(False)
    optimiser = torch.optim.AdamW(
        module.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    course = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
    decks = Decks(_kinds(material, rows, settings), settings.seed)
    for step in range(settings.steps):
        picked = decks.draw(settings.batch_size)
        fine = module.train()(*_given(material, picked))
        loss = place_loss(fine, torch.from_numpy(material.masks[picked]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        course.step()
        follow(average, module, settings.averaging, step)
    return average.eval()


def place_loss(fine: Tensor, masks: Tensor) -> Tensor:
    """How little of the maps (N, h, w) lies within the masks (N, h, w): 0 where all of it does.

    A map of nothing but zeros teaches nothing.
    """
    sharp = (fine / fine.amax((1, 2), keepdim=True).clamp(min=TINY)) ** SHARPNESS
    total = sharp.sum((1, 2))
    inside = (sharp * masks).sum((1, 2))
    there = (total > 0) & (masks.amax((1, 2)) > 0)
    losses = -torch.log((inside / total.clamp(min=TINY)).clamp(min=1e-4))
    return (losses * there).sum() / (there.sum() + TINY)


@torch.inference_mode()
def fine_maps(
    module: FineMap, material: FineMaterial, rows: NDArray[np.int64], batch: int = 64
) -> NDArray[np.float32]:
    """Of those rows: (n, 4 h, 4 h)."""
    parts = [
        module(*_given(material, rows[start : start + batch])).numpy()
        for start in range(0, len(rows), batch)
    ]
    return np.concatenate(parts)


def weights_of(module: FineMap, maps: str, places: Places) -> FineWeights:
    """What an exported model is given; ``maps``: name of the tensor that is looked at."""
    return FineWeights(maps, module.cell.weight.detach().numpy(), places)


def _given(material: FineMaterial, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
    maps = torch.from_numpy(material.maps[rows].astype(np.float32))
    return maps, torch.from_numpy(material.coarse[rows]), torch.from_numpy(material.tissue[rows])


def _kinds(
    material: FineMaterial, rows: NDArray[np.int64], settings: FineMapSettings
) -> list[tuple[NDArray[np.int64], float]]:
    """Rows by source, the drawn ones apart, with the share of each in what is shown."""
    drawn, boxed = rows[~material.plain[rows]], rows[material.plain[rows]]
    names = np.unique(material.sources[boxed])
    share = (1 - settings.drawn_share) / max(len(names), 1)
    kinds = [(boxed[material.sources[boxed] == name], share) for name in names]
    if len(drawn):
        kinds.append((drawn, settings.drawn_share))
    total = sum(share for _, share in kinds)
    return [(part, share / total) for part, share in kinds]
