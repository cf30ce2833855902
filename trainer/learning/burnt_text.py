"""Characters burnt into a corner of an image, as screenshots and secondary captures have them."""

from __future__ import annotations

import string
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont
from torch import Tensor

CHARACTERS = string.ascii_uppercase + string.digits + " .:/-"
LINES = 64
"""Different ones for each size of image, written once."""


def burn(images: Tensor, probability: float) -> Tensor:
    """The grey images (N, 1, S, S), each with a line of text in a corner at that probability.

    Draws from torch's global random numbers of the images' device.
    """
    mask = torch.rand_like(images[:, 0, 0, 0]) < probability
    rows = torch.nonzero(mask).flatten()
    if len(rows) == 0:
        return images
    chosen = torch.randint(LINES, (len(rows),))
    ink = _lines(images.shape[2])[chosen].to(images).unsqueeze(1)
    burnt = images.clone()
    burnt[rows] = torch.maximum(images[rows], ink)
    return burnt


@lru_cache(maxsize=16)
def _lines(side: int) -> Tensor:
    """uint8 (LINES, side, side), each with nothing but a line of text."""
    random = np.random.default_rng(side)
    return torch.from_numpy(np.stack([_line(side, random) for _ in range(LINES)]))


def _line(side: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """An image with nothing but a short line of characters in one of its corners."""
    sheet = PilImage.new("L", (side, side))
    text = "".join(random.choice(list(CHARACTERS), size=random.integers(1, 13)))
    font = ImageFont.load_default(size=float(side * random.uniform(0.035, 0.07)))
    across, down = (int(random.integers(0, max(1, side // 40))) for _ in range(2))
    right, bottom = random.integers(0, 2, size=2)
    place = (side - across if right else across, side - down if bottom else down)
    anchor = ("r" if right else "l") + ("d" if bottom else "a")
    ImageDraw.Draw(sheet).text(
        place, text, fill=int(random.integers(120, 256)), font=font, anchor=anchor
    )
    return np.array(sheet)
