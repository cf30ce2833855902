"""Training images, augmented: arrays in, arrays out, a whole batch at a time on its device."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as functional
from numpy.typing import NDArray
from PIL import Image as PilImage
from torch import Tensor

from imaging.input.head import TISSUE
from trainer.learning.burnt_text import burn
from trainer.settings import AugmentationSettings

ASPECT = (3 / 4, 4 / 3)
"""Of torchvision's RandomResizedCrop: width to height."""


def resized_crop(
    image: NDArray[np.uint8],
    size: int,
    shares: tuple[float, float],
    random: np.random.Generator,
) -> NDArray[np.uint8]:
    """A random part of an image (rows, columns[, 3]), resized to uint8 (size, size[, 3]).

    As torchvision's RandomResizedCrop: ten tries for a box with a share of the area and an aspect
    of 3/4 to 4/3 that fits, then the largest centred one of a permitted aspect.
    """
    rows, columns = image.shape[:2]
    for _ in range(10):
        area = rows * columns * random.uniform(*shares)
        aspect = math.exp(random.uniform(math.log(ASPECT[0]), math.log(ASPECT[1])))
        width, height = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < width <= columns and 0 < height <= rows:
            top = int(random.integers(0, rows - height + 1))
            left = int(random.integers(0, columns - width + 1))
            break
    else:
        aspect = min(max(columns / rows, ASPECT[0]), ASPECT[1])
        width = min(columns, round(rows * aspect))
        height = min(rows, round(columns / aspect))
        top, left = (rows - height) // 2, (columns - width) // 2
    part = PilImage.fromarray(image[top : top + height, left : left + width])
    return np.asarray(part.resize((size, size), PilImage.Resampling.BILINEAR))


def augment(images: Tensor, settings: AugmentationSettings) -> Tensor:
    """Augmented images (N, S, S[, 3]) from 0 to 255: float32 of that shape, clipped to that.

    Draws from torch's global random numbers of the images' device. Nothing here has a gradient, and
    half precision, where training has it, stays out: a grey level is one in 256.
    """
    with torch.no_grad(), torch.autocast(images.device.type, enabled=False):
        return _as_images(_augmented(_as_batch(images), settings))


def _as_batch(images: Tensor) -> Tensor:
    """Images (N, S, S) or (N, S, S, 3) as float32 (N, 1 or 3, S, S)."""
    channels = images.permute(0, 3, 1, 2) if images.ndim == 4 else images.unsqueeze(1)
    return channels.to(torch.float32)


def _as_images(batch: Tensor) -> Tensor:
    """Back again."""
    return batch.permute(0, 2, 3, 1) if batch.shape[1] > 1 else batch.squeeze(1)


def augment_with_masks(
    images: Tensor, masks: Tensor, settings: AugmentationSettings
) -> tuple[Tensor, Tensor]:
    """``augment``, and masks (N, S, S) of places in the images, moved as these are."""
    with torch.no_grad(), torch.autocast(images.device.type, enabled=False):
        grid = _grid(images.to(torch.float32).unsqueeze(1), settings)
        moved = _sampled(images.to(torch.float32).unsqueeze(1), grid)
        there = _sampled(masks.to(torch.float32).unsqueeze(1), grid)
        return _toned(moved, settings).squeeze(1), there.squeeze(1)


def _augmented(images: Tensor, settings: AugmentationSettings) -> Tensor:
    return _toned(_move(images, settings), settings)


def _toned(images: Tensor, settings: AugmentationSettings) -> Tensor:
    """All that moves nothing: blur, contrast, brightness, curve, noise, text."""
    if settings.blur > 0:
        images = _blur(images, settings.blur)
    if settings.contrast > 0:
        mean = images.mean(dim=(1, 2, 3), keepdim=True)
        images = mean + (images - mean) * (1 + _even(images, settings.contrast))
    if settings.brightness > 0:
        images = images * (1 + _even(images, settings.brightness))
    if settings.gamma > 0:
        exponent = torch.exp(_even(images, settings.gamma))
        images = 255 * (images.clamp(0, 255) / 255) ** exponent
    if settings.noise > 0:
        strength = settings.noise * torch.rand_like(images[:, :, :1, :1])
        images = images + strength * torch.randn_like(images)
    if settings.text > 0:
        images = burn(images, settings.text)
    return images.clamp(0, 255)


def shrink(images: Tensor, side: int) -> Tensor:
    """Images (N, S, S[, 3]), resized to float32 (N, side, side[, 3]) with antialiasing."""
    batch = _as_batch(images)
    small = functional.interpolate(batch, (side, side), mode="bilinear", antialias=True)
    return _as_images(small)


def _even(images: Tensor, half_width: float) -> Tensor:
    """One number for each image, (N, 1, 1, 1), evenly from minus to plus ``half_width``."""
    return (2 * torch.rand_like(images[:, :1, :1, :1]) - 1) * half_width


def _move(images: Tensor, settings: AugmentationSettings) -> Tensor:
    """Flip, turn, zoom and shift in one interpolation, black coming in from outside.

    No tissue leaves the frame, for it could be the bleed: the zoom gives way where it would.
    """
    flips = torch.rand_like(images[:, 0, 0, 0]) < settings.flip
    if (settings.rotation, settings.shift, settings.aspect) == (0, 0, 0) and settings.scale == (
        1.0,
        1.0,
    ):
        return torch.where(flips[:, None, None, None], images.flip(3), images)
    return _sampled(images, _grid(images, settings, flips))


def _grid(images: Tensor, settings: AugmentationSettings, flips: Tensor | None = None) -> Tensor:
    """Where each pixel of the moved images comes from, (N, S, S, 2)."""
    if flips is None:
        flips = torch.rand_like(images[:, 0, 0, 0]) < settings.flip
    mirror = torch.where(flips, -1.0, 1.0)
    angle = _even(images, math.radians(settings.rotation)).flatten()
    low, high = settings.scale
    zoom = low + (high - low) * torch.rand_like(angle)
    aspect = (1 + _even(images, settings.aspect).flatten()).sqrt()
    # The frame reaches from -1 to 1, so that a share of its side counts twice.
    right, down = (2 * _even(images, settings.shift).flatten() for _ in range(2))
    cosine, sine = torch.cos(angle), torch.sin(angle)
    wide, tall = _reach(images, cosine * mirror, -sine), _reach(images, sine * mirror, cosine)
    most = torch.minimum((1 - right.abs()) / (wide * aspect), (1 - down.abs()) * aspect / tall)
    zoom = torch.minimum(zoom, most)
    # Grid sampling asks for the way back: from a place in the new image to one in the old.
    wider, taller = zoom * aspect, zoom / aspect
    a, b = cosine / wider * mirror, sine / taller * mirror
    c, d = -sine / wider, cosine / taller
    rows = torch.stack([a, b, -(a * right + b * down), c, d, -(c * right + d * down)], dim=1)
    return functional.affine_grid(rows.view(-1, 2, 3), list(images.shape), align_corners=False)


def _sampled(images: Tensor, grid: Tensor) -> Tensor:
    return functional.grid_sample(images, grid, padding_mode="zeros", align_corners=False)


def _reach(images: Tensor, across: Tensor, along: Tensor) -> Tensor:
    """The largest |across * x + along * y| of any tissue, (N,); the frame lies at 1."""
    side = images.shape[2]
    places = (torch.arange(side, device=images.device) + 0.5) * 2 / side - 1
    distance = (across[:, None, None] * places + along[:, None, None] * places[:, None]).abs()
    tissue = images.amax(dim=1) >= TISSUE
    return (distance * tissue).amax(dim=(1, 2)) + 1 / side


def _blur(images: Tensor, most: float) -> Tensor:
    """A Gaussian blur of its own sigma, up to ``most`` pixels, for each image."""
    count, channels, rows, columns = images.shape
    reach = max(1, math.ceil(2 * most))
    places = torch.arange(-reach, reach + 1, device=images.device, dtype=images.dtype)
    sigma = (most * torch.rand_like(images[:, 0, 0, 0])).clamp(min=0.05)
    kernel = torch.exp(-0.5 * (places / sigma[:, None]) ** 2)
    kernel = (kernel / kernel.sum(dim=1, keepdim=True)).repeat_interleave(channels, dim=0)
    planes = count * channels
    line = images.reshape(1, planes, rows, columns)
    line = functional.conv2d(line, kernel[:, None, None, :], padding=(0, reach), groups=planes)
    line = functional.conv2d(line, kernel[:, None, :, None], padding=(reach, 0), groups=planes)
    return line.reshape(count, channels, rows, columns)
