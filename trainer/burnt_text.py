"""Characters burnt into a corner of a picture, as screenshots and secondary captures have them."""

from __future__ import annotations

import string

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

CHARACTERS = string.ascii_uppercase + string.digits + " .:/-"


def burn(pictures: Tensor, probability: float) -> Tensor:
    """The grey pictures (N, 1, S, S), each with a line of text in a corner at that probability.

    Draws from torch's global random numbers.
    """
    random = np.random.default_rng(int(torch.randint(2**62, ())))
    masks = [
        _line(pictures.shape[2], random) if random.random() < probability else None
        for _ in range(len(pictures))
    ]
    if not any(mask is not None for mask in masks):
        return pictures
    burnt = pictures.clone()
    for picture, mask in zip(burnt, masks, strict=True):
        if mask is not None:
            ink = torch.from_numpy(mask).to(picture)
            picture[0] = torch.maximum(picture[0], ink)
    return burnt


def _line(
    side: int, random: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A picture with nothing but a short line of characters in one of its corners."""
    sheet = Image.new("L", (side, side))
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
