"""What drawing a bleed asks of an image of a head: its bone, what bone encloses, smooth noise."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

BONE = 235.0
"""Grey level of 255 above which bone lies, in a brain window or a wider one."""


def smooth(images: Tensor, sigma: float) -> Tensor:
    """Images (N, 1, S, S) after a Gaussian blur of ``sigma`` pixels, black coming in."""
    reach = max(1, int(2.5 * sigma))
    places = torch.arange(-reach, reach + 1, device=images.device, dtype=images.dtype)
    kernel = torch.exp(-0.5 * (places / sigma) ** 2)
    kernel = kernel / kernel.sum()
    lines = functional.conv2d(images, kernel.view(1, 1, 1, -1), padding=(0, reach))
    return functional.conv2d(lines, kernel.view(1, 1, -1, 1), padding=(reach, 0))


def enclosed(skull: Tensor) -> Tensor:
    """1 where bone lies to the left, to the right, above and below."""
    sides = [skull.cummax(axis)[0] for axis in (2, 3)]
    sides += [skull.flip(axis).cummax(axis)[0].flip(axis) for axis in (2, 3)]
    return torch.stack(sides).amin(0)


def noise(images: Tensor, cells: int) -> Tensor:
    """Smooth noise around 0, (N, 1, S, S): ``cells`` a side of deviation 1, curves between them.

    Between the cells it deviates less, 0.87 in the mean.
    """
    coarse = torch.randn(len(images), 1, cells, cells, device=images.device)
    size = (images.shape[2], images.shape[3])
    return functional.interpolate(coarse, size, mode="bicubic", align_corners=False)
