"""InputRecipe: how a scan becomes the network's input, the same in training and in the program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging import json_values as plain
from imaging.errors import ImageError
from imaging.image import Image, Unit, Window
from imaging.input.head import Box, head_box
from imaging.window import BRAIN, to_grey

LONGEST = 6000
"""Pixels of a picture's longer side beyond which it is reduced before anything else: its square,
with the margin, stays as small as the largest picture that is read."""


class Fit(StrEnum):
    """How a picture that is not square meets a square input."""

    PAD = "pad"
    """The whole picture, centred on black."""
    CENTRE_CROP = "centre_crop"
    """The shorter side fills the input, the rest of the longer side is cut (the article's way)."""


@dataclass(frozen=True)
class InputRecipe:
    """Everything that decides the network's input. It travels with the weights."""

    size: int = 160
    """Side of the square input in pixels."""
    window: Window = BRAIN
    """Applied to HU only; a picture comes already windowed and keeps its grey values."""
    crop_to_head: bool = True
    """Crop to the largest body of tissue, so that scale is no shortcut."""
    margin: float = 0.04
    """Margin around the head, as a share of its longer side."""
    fit: Fit = Fit.PAD
    """``pad`` or ``centre_crop``: how an image that is not square becomes square."""

    def __post_init__(self) -> None:
        if not 16 <= self.size <= 1024:
            raise ValueError(f"input size {self.size} is not between 16 and 1024")
        if not 0.0 <= self.margin <= 0.5:
            raise ValueError(f"margin {self.margin} is not between 0 and 0.5")

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold; ``from_dict`` reads them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> InputRecipe:
        """Read ``to_dict``'s values. Raises ValueError for missing, unknown or senseless ones."""
        try:
            return plain.read(cls, values, whole=True)
        except ValueError as error:
            raise ValueError(f"not an input recipe: {error}") from error


def to_recipe_grey(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    """The scan in the recipe's window, cropped to the head where the recipe says so.

    uint8 (rows, columns) at the image's own resolution (one over ``LONGEST`` is reduced); what
    lies outside the image is black. Raises ImageError for a CT whose values are no HU.
    """
    if image.header.not_hounsfield is not None:
        raise ImageError(image.header.not_hounsfield.code, image.header.not_hounsfield.detail)
    grey, _ = _reduced(_windowed(image, recipe))
    box = head_box(grey, recipe.margin) if recipe.crop_to_head else None
    if box is None:
        return grey
    return np.asarray(PilImage.fromarray(grey).crop(box))


def _windowed(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    if image.header.unit is Unit.GREY:
        return image.pixels.astype(np.uint8, copy=False)
    return to_grey(image, recipe.window)


def _reduced(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """The picture with no side over ``LONGEST``, and how many of its pixels make one."""
    step = -(-max(grey.shape) // LONGEST)
    return (grey if step == 1 else np.asarray(PilImage.fromarray(grey).reduce(step))), step


def to_network_input(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    """The network's input for a scan: uint8 (size, size), grey.

    Window, grey, crop to the head, pad (or crop) to a square, resize with antialiasing. Raises
    ImageError for a CT whose values are no HU.
    """
    return fit_square(to_recipe_grey(image, recipe), recipe.size, recipe.fit)


def network_box(image: Image, recipe: InputRecipe) -> Box:
    """The square (left, top, right, bottom) of the scan that the network's input covers.

    In the scan's own pixels; it may reach over the edge, where the input is black.
    """
    grey, step = _reduced(_windowed(image, recipe))
    box = head_box(grey, recipe.margin) if recipe.crop_to_head else None
    left, top, right, bottom = box or (0, 0, grey.shape[1], grey.shape[0])
    inner = _square(right - left, bottom - top, recipe.fit)
    square = left + inner[0], top + inner[1], left + inner[2], top + inner[3]
    return square[0] * step, square[1] * step, square[2] * step, square[3] * step


def fit_square(grey: NDArray[np.uint8], size: int, fit: Fit) -> NDArray[np.uint8]:
    """Resize a grey picture (rows, columns) to uint8 (size, size) with antialiasing."""
    rows, columns = grey.shape
    square = PilImage.fromarray(grey).crop(_square(columns, rows, fit))
    return np.asarray(square.resize((size, size), PilImage.Resampling.BILINEAR))


def _square(columns: int, rows: int, fit: Fit) -> Box:
    side = max(rows, columns) if fit is Fit.PAD else min(rows, columns)
    left, top = (columns - side) // 2, (rows - side) // 2
    return left, top, left + side, top + side
