"""Bleeds drawn onto heads that have none, of every kind and size, wherever there is room.

A few hundred slices with a bleed do not show where and how bleeds can lie; thousands without one
do show heads. Shapes come from smooth noise, greys are those of blood in a brain window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.learning.head_parts import BONE, enclosed, noise, smooth
from trainer.learning.thin_bleeds import draw_thin_bleeds

FLUID = 65.0
"""Grey level of 255 in a brain window below which fluid lies."""
BLOOD = (160.0, 245.0)
LEAST_AREA, LEAST_CONTRAST = 0.0025, 25.0
"""A drawn bleed that is smaller (share of the image) or fainter (grey levels) is none."""
LEAST_BRAIN = 0.1
"""Share of the image that brain within bone must fill, or there is no room for a bleed."""


def draw_bleeds(images: Tensor) -> tuple[Tensor, Tensor]:
    """One bleed onto each grey image (N, 1, S, S) from 0 to 255, where there is room.

    Returns the images and, bool (N,), which of them have a bleed now; the others stay as they
    were. Draws from torch's global random numbers of the images' device.
    """
    head = _Head.of(images)
    shapes = torch.stack([_in_tissue(head), _along_bone(head), _in_furrows(head), _in_fluid(head)])
    kind = torch.randint(len(shapes), (len(images),), device=images.device)
    shape = shapes[kind, torch.arange(len(images), device=images.device)]
    shape = smooth(shape * (images < BONE), 0.8 * head.unit)
    grey = _number(head, *BLOOD) + 14 * head.waves + 6 * torch.randn_like(images)
    drawn = images - head.swelling * (kind == 0).view(-1, 1, 1, 1)
    drawn = drawn * (1 - shape) + torch.maximum(grey, drawn + 15) * shape
    contrast = ((drawn - images).abs() * shape).sum((1, 2, 3)) / (shape.sum((1, 2, 3)) + 1)
    visible = (shape.mean((1, 2, 3)) > LEAST_AREA) & (contrast > LEAST_CONTRAST)
    there = visible & (head.inside.mean((1, 2, 3)) > LEAST_BRAIN)
    return torch.where(there.view(-1, 1, 1, 1), drawn.clamp(0, 255), images), there


def draw_on_some(
    images: Tensor, labels: Tensor, share: float, thin: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Images (N, S, S) and labels (N,), a bleed drawn onto about ``share`` of those labelled 0.

    The images come back as float32; whoever got a bleed is labelled 1. About ``thin`` of the bleeds
    are thin ones along bone and falx.
    """
    images, labels = images.to(torch.float32), labels.clone()
    mask = torch.rand(len(labels), device=labels.device) < share
    rows = torch.nonzero((labels == 0) & mask).flatten()
    if len(rows):
        with torch.no_grad(), torch.autocast(images.device.type, enabled=False):
            is_thin = torch.rand(len(rows), device=labels.device) < thin
            for some, draw in ((rows[~is_thin], draw_bleeds), (rows[is_thin], draw_thin_bleeds)):
                if len(some):
                    drawn, there, *_ = draw(images[some].unsqueeze(1))
                    images[some], labels[some] = drawn.squeeze(1), there.to(labels.dtype)
    return images, labels


def room(images: Tensor, batch: int = 32) -> float:
    """On what share of the images (N, S, S) a bleed can be drawn. Always the same for the same."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        parts = [draw_bleeds(part.float().unsqueeze(1))[1] for part in torch.split(images, batch)]
    return float(torch.cat(parts).float().mean())


@dataclass(frozen=True)
class _Head:
    """What the shapes ask of the images, and of chance; all (N, 1, S, S) where not said."""

    images: Tensor
    unit: float
    """Pixels of this image for one of an image of 224."""
    tissue: Tensor
    """1 where the grey is that of soft tissue."""
    inside: Tensor
    """1 where brain lies within bone."""
    bone: Tensor
    """How near bone is, 0 to 1."""
    waves: Tensor
    """Smooth noise, about -1 to 1."""
    across: Tensor
    """Places from the left, -1, to the right, 1; (S, S)."""
    down: Tensor
    """The same from top to bottom."""
    centre: tuple[Tensor, Tensor]
    """A place inside, each (N, 1, 1, 1)."""
    swelling: Tensor
    """How much darker the tissue about a bleed is."""

    @classmethod
    def of(cls, images: Tensor) -> _Head:
        side = images.shape[2]
        unit = side / 224
        skull = (images > BONE).to(images.dtype)
        tissue = ((images > 60) & (images < 200)).to(images.dtype)
        bone = smooth(skull, 5 * unit)
        inside = (smooth(tissue, 9 * unit) > 0.55) * enclosed(skull)
        line = torch.linspace(-1, 1, side, device=images.device, dtype=images.dtype)
        down, across = torch.meshgrid(line, line, indexing="ij")
        free = (inside * (bone < 0.12)).flatten(1) + 1e-9
        place = torch.multinomial(free, 1).squeeze(1)
        centre = tuple(axis.flatten()[place].view(-1, 1, 1, 1) for axis in (across, down))
        waves = 0.5 * noise(images, 9) + 0.25 * noise(images, 20)
        soft = ((images > 15) & (images < 215)).to(images.dtype)
        swelling = soft * 30 * torch.rand_like(images[:, :, :1, :1])
        return cls(
            images,
            unit,
            tissue,
            inside,
            bone,
            waves,
            across,
            down,
            (centre[0], centre[1]),
            swelling,
        )


def _number(head: _Head, low: float, high: float) -> Tensor:
    """One for each image, (N, 1, 1, 1), evenly between the two."""
    return low + (high - low) * torch.rand_like(head.images[:, :, :1, :1])


def _in_tissue(head: _Head) -> Tensor:
    """Intraparenchymal: an uneven lump anywhere inside."""
    right, below = head.across - head.centre[0], head.down - head.centre[1]
    angle, flatness = _number(head, 0, math.pi), _number(head, 0.5, 1)
    along = right * angle.cos() + below * angle.sin()
    over = (below * angle.cos() - right * angle.sin()) / flatness
    distance = (along**2 + over**2).sqrt()
    return torch.sigmoid((_number(head, 0.05, 0.24) * (1 + 0.45 * head.waves) - distance) / 0.012)


def _along_bone(head: _Head) -> Tensor:
    """Subdural or epidural: a crescent within a sector, thinning towards its ends."""
    middle, width = _number(head, -math.pi, math.pi), _number(head, 0.25, 0.9)
    turn = torch.atan2(head.down, head.across) - middle
    apart = torch.atan2(turn.sin(), turn.cos()).abs()
    sector = torch.sigmoid((width * (1 + 0.2 * head.waves) - apart) / 0.06)
    reach = _number(head, 0.10, 0.32) + 0.05 * head.waves + 0.25 * (1 - sector)
    close = (smooth(head.tissue, 14 * head.unit) > 0.35) * (head.images < 225)
    return torch.sigmoid((head.bone - reach) / 0.02) * sector * close


def _in_furrows(head: _Head) -> Tensor:
    """Subarachnoid: what is darker than its surroundings, within a region."""
    distance = (head.across - head.centre[0]) ** 2 + (head.down - head.centre[1]) ** 2
    region = torch.sigmoid((noise(head.images, 5) - 0.3) / 0.15)
    region = region * torch.sigmoid((0.7 - distance.sqrt()) / 0.1)
    darker = smooth(head.images, 4 * head.unit) - head.images
    return torch.sigmoid((darker - 6) / 6) * region * (head.bone < 0.5) * head.inside


def _in_fluid(head: _Head) -> Tensor:
    """Intraventricular: the lower part of the fluid in the middle, for the patient lies."""
    middle = torch.sigmoid((0.55 - (head.across**2 + (0.9 * head.down) ** 2).sqrt()) / 0.05)
    fluid = torch.sigmoid((FLUID - smooth(head.images, 1.5 * head.unit)) / 6)
    level = torch.sigmoid((head.down - _number(head, -0.3, 0.3) + 0.15 * head.waves) / 0.03)
    return fluid * middle * (head.images > 3) * level
