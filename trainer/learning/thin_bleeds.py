"""Thin bleeds drawn along bone and falx, with the exact mask of each.

These are what networks miss: crescents and lenses of 1 to 15 mm that a heat map of ten cells a side
hardly sees. They are drawn relative to the brain's own grey, so that every window will do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from trainer.learning.head_parts import BONE, enclosed, noise, smooth

HEAD_MM = 206.0
"""Millimetres that the side of a network's input covers: a head of 190 and its margin."""
CRESCENT, LENS, BAND = 0, 1, 2
"""Subdural, epidural, and along the falx."""
KINDS = (CRESCENT, CRESCENT, LENS, LENS, BAND)
"""As often as this."""
BRIGHTER = (25.0, 105.0)
"""Grey levels of 255 by which blood is brighter than the brain."""
BRIGHTEST = 247.0
FARTHEST_MM = 16.0
"""From bone that a bleed along it reaches, whatever the waves on its surface."""
LEAST_AREA_MM2, LEAST_CONTRAST, LEAST_INSIDE = 40.0, 16.0, 0.2
"""A smaller or fainter bleed is none; so is any where less of the image is inside of a skull."""


def draw_thin_bleeds(images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One thin bleed onto each grey image (N, 1, S, S) from 0 to 255, where there is room.

    Returns the images; bool (N,), which of them have a bleed now; and masks (N, 1, S, S) from 0
    to 1 of what was drawn. Draws from torch's global random numbers of the images' device.
    """
    inside = _Inside.of(images)
    kinds = torch.tensor(KINDS, device=images.device)
    kind = kinds[torch.randint(len(kinds), (len(images),), device=images.device)]
    kind = kind.view(-1, 1, 1, 1)
    shape = torch.where(kind == BAND, _along_falx(inside), _along_bone(inside, kind == CRESCENT))
    shape = smooth(shape, 0.7 * images.shape[2] / 224) * (images < BONE)
    grey = (inside.brain + _number(images, *BRIGHTER)).clamp(max=BRIGHTEST)
    grey = grey + 8 * inside.waves + 5 * torch.randn_like(images)
    drawn = images * (1 - shape) + torch.maximum(grey, images) * shape
    area = shape.sum((1, 2, 3))
    contrast = ((drawn - images) * shape).sum((1, 2, 3)) / (area + 1)
    there = (area > LEAST_AREA_MM2 * inside.pixels_per_mm**2) & (contrast > LEAST_CONTRAST)
    there = there & (inside.inner.mean((1, 2, 3)) > LEAST_INSIDE)
    chosen = there.view(-1, 1, 1, 1)
    return torch.where(chosen, drawn.clamp(0, 255), images), there, shape * chosen


@dataclass(frozen=True)
class _Inside:
    """What the shapes ask of the images; (N, 1, S, S) where not said."""

    inner: Tensor
    """1 where brain lies within bone."""
    brain: Tensor
    """The brain's mean grey, (N, 1, 1, 1)."""
    right: Tensor
    """Places from the middle of the inside, as shares of half the side."""
    below: Tensor
    away: Tensor
    """Pixels to the nearest bone; infinitely many where that is farther than FARTHEST_MM."""
    waves: Tensor
    """Smooth noise, about -1 to 1."""
    pixels_per_mm: float

    @classmethod
    def of(cls, images: Tensor) -> _Inside:
        side = images.shape[2]
        scale = side / HEAD_MM
        skull = (images > BONE).to(images.dtype)
        tissue = ((images > 60) & (images < 200)).to(images.dtype)
        inner = enclosed(skull) * (smooth(tissue, 6 * side / 224) > 0.4) * (images < BONE)
        line = torch.linspace(-1, 1, side, device=images.device, dtype=images.dtype)
        down, across = torch.meshgrid(line, line, indexing="ij")
        soft = inner * ((images > 60) & (images < 175))
        return cls(
            inner,
            _mean(images, soft),
            across - _mean(across.expand_as(images), inner),
            down - _mean(down.expand_as(images), inner),
            _distance(skull, math.ceil(FARTHEST_MM * scale)),
            0.5 * noise(images, 9) + 0.25 * noise(images, 20),
            scale,
        )


def _mean(values: Tensor, where: Tensor) -> Tensor:
    """The mean of ``values`` over ``where``, (N, 1, 1, 1)."""
    return (values * where).sum((1, 2, 3), True) / (where.sum((1, 2, 3), True) + 1)


def _distance(skull: Tensor, most: int) -> Tensor:
    """Pixels to the nearest pixel of bone, below ``most``, by growing the bone in octagons."""
    grown, distance = skull, torch.zeros_like(skull)
    for step in range(most):
        distance = distance + (1 - grown)
        if step % 2:
            grown = functional.max_pool2d(grown, 3, 1, 1)
        else:
            up = functional.max_pool2d(grown, (3, 1), 1, (1, 0))
            grown = torch.maximum(up, functional.max_pool2d(grown, (1, 3), 1, (0, 1)))
    return distance.masked_fill(distance >= most, math.inf)


def _along_bone(inside: _Inside, is_crescent: Tensor) -> Tensor:
    """Subdural: long, even and thin; epidural: short, and thick in its middle."""
    like = inside.inner
    width = torch.where(is_crescent, _number(like, 0.35, 1.4), _number(like, 0.12, 0.5))
    thick = torch.where(is_crescent, _number(like, 1.5, 8), _number(like, 3, 15))
    power = torch.where(is_crescent, _number(like, 2, 5), _number(like, 1.6, 2.4))
    turn = torch.atan2(inside.below, inside.right) - _number(like, -math.pi, math.pi)
    apart = torch.atan2(turn.sin(), turn.cos()).abs() / width
    thin_at_the_ends = 1 - apart.clamp(max=1) ** power
    reach = thick * inside.pixels_per_mm * thin_at_the_ends * (1 + 0.2 * inside.waves)
    return torch.sigmoid((reach - inside.away) / 0.8) * (apart < 1) * inside.inner


def _along_falx(inside: _Inside) -> Tensor:
    """A straight band near the middle line, from front to back, with two ends."""
    like = inside.inner
    tilt, aside = _number(like, -0.12, 0.12), _number(like, -0.03, 0.03)
    across = inside.right * tilt.cos() + inside.below * tilt.sin() - aside
    half = _number(like, 0.8, 2.6) * 2 / HEAD_MM * (1 + 0.3 * inside.waves)
    start, length = _number(like, -0.75, 0.3), _number(like, 0.25, 0.8)
    band = torch.sigmoid((half - across.abs()) * like.shape[2])
    ends = torch.sigmoid((inside.below - start) / 0.03)
    ends = ends * torch.sigmoid((start + length - inside.below) / 0.03)
    return band * ends * inside.inner


def _number(like: Tensor, low: float, high: float) -> Tensor:
    """One for each image, (N, 1, 1, 1), evenly between the two."""
    return low + (high - low) * torch.rand_like(like[:, :1, :1, :1])
