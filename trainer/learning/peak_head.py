"""PeakHead: what single cells of the last map say, beside what the mean of all cells says.

A thin bleed fills two cells of a hundred, and the mean dilutes it. The peak head gives each cell a
score of its own, and adds a soft maximum of them to the logit (log-sum-exp; Pinheiro and Collobert
2015). Where it is known which cells bleed, the scores are taught that, so that the map says where.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

SHARPNESS = 2.0
"""Of the soft maximum: 0 would be the mean, infinity the maximum."""
START_BIAS, START_WEIGHT = -3.0, 0.2
"""Of the cells' scores, and of their soft maximum in the logit: most cells of most slices are
free of blood, and the network starts as it was, nearly."""
BLEEDS, FREE = 0.25, 0.02
"""Shares of a cell that a mask must cover, at least or at most, for the cell to be taught."""

UNKNOWN, EXACT, BOX = 0, 1, 2
"""What a mask is worth: nothing; every cell; every cell outside, and one at least inside."""


class PeakHead(nn.Module):
    """The logit of feature maps (N, C, h, w), and each cell's score (N, h, w)."""

    def __init__(self, weight: Tensor, bias: Tensor, dropout: float = 0.2) -> None:
        """``weight`` (1, C), ``bias`` (1,): the linear head on the mean that it goes on from."""
        super().__init__()
        self.mean = nn.Linear(weight.shape[1], 1)
        self.cell = nn.Linear(weight.shape[1], 1)
        with torch.no_grad():
            self.mean.weight.copy_(weight)
            self.mean.bias.copy_(bias)
            self.cell.weight.copy_(weight)
            self.cell.bias.fill_(START_BIAS)
        self.weight = nn.Parameter(torch.tensor(START_WEIGHT))
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N,), cells' scores (N, h, w)."""
        pooled = self.dropout(features.mean(dim=(2, 3)))
        # One draw for all cells of an image: channels are dropped, as in the mean.
        channels = self.dropout(torch.ones_like(features[:, :, :1, :1]))
        cells = self.cell((features * channels).movedim(1, 3)).squeeze(3)
        return self.mean(pooled).squeeze(1) + self.weight * soft_maximum(cells), cells


def soft_maximum(cells: Tensor) -> Tensor:
    """Between the mean and the maximum of scores (N, h, w): (N,)."""
    flat = cells.flatten(1)
    total = torch.logsumexp(SHARPNESS * flat, dim=1) - math.log(flat.shape[1])
    return total / SHARPNESS


def map_loss(cells: Tensor, masks: Tensor, worth: Tensor) -> Tensor:
    """How badly the cells' scores (N, h, w) say where a finding is.

    ``masks`` (N, h, w): the share of each cell within it; ``worth`` (N,): UNKNOWN, EXACT or BOX.
    Cells that bleed, and cells that do not, count alike, however few they are.
    """
    free = (masks < FREE) & (worth != UNKNOWN)[:, None, None]
    bleeds = (masks > BLEEDS) & (worth == EXACT)[:, None, None]
    loss = _mean(functional.softplus(cells), free) + _mean(functional.softplus(-cells), bleeds)
    boxed = (worth == BOX) & (masks.amax((1, 2)) > 0)
    if not bool(boxed.any()):
        return loss
    most = masks[boxed].amax((1, 2), keepdim=True)
    inside = cells[boxed].masked_fill(masks[boxed] < most / 2, -torch.inf).amax((1, 2))
    return loss + functional.softplus(-inside).mean()


def _mean(values: Tensor, where: Tensor) -> Tensor:
    return (values * where).sum() / (where.sum() + 1)
