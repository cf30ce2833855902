"""How an image becomes the network's input, the same in training and in the program."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging import json_values
from imaging.errors import ImageError
from imaging.image import Image, Unit, Window
from imaging.input.head import Box, head_box
from imaging.window import BRAIN, to_grey

LONGEST = 6000
"""Pixels of an image's longer side beyond which it is reduced before anything else: its square,
with the margin, stays as small as the largest image that is read."""


SQUARE = 1.01
"""Height over width, or its inverse, up to which a pixel counts as square."""


class Fit(StrEnum):
    """How an image that is not square meets a square input."""

    PAD = "pad"
    """The whole image, centred on black."""
    CENTRE_CROP = "centre_crop"
    """The shorter side fills the input, the rest of the longer side is cut (the article's way)."""


@dataclass(frozen=True)
class InputRecipe:
    """Everything that decides the network's input. It travels with the weights."""

    size: int = 160
    """Side of the square input in pixels."""
    window: Window = BRAIN
    """Applied to HU only; an image file comes already windowed and keeps its grey values."""
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
            return json_values.read(cls, values, whole=True)
        except ValueError as error:
            raise ValueError(f"not an input recipe: {error}") from error


Square = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class NetworkInput:
    """What the network sees of an image, and where it lies in it."""

    pixels: NDArray[np.uint8]
    """(size, size), grey."""
    box: Square
    """Left, top, right and bottom of what the input covers, in the image's own pixels. It may
    reach over the edge, where the input is black."""


def network_input(image: Image, recipe: InputRecipe) -> NetworkInput:
    """The network's input for an image.

    Square pixels, window, grey, crop to the head, pad (or crop) to a square, resize with
    antialiasing. Raises ImageError for a CT whose values are no HU.
    """
    grey, across, down = _recipe_grey(image, recipe)
    left, top, right, bottom = _head_or_all(grey, recipe)
    inner = _square(right - left, bottom - top, recipe.fit)
    box = left + inner[0], top + inner[1], left + inner[2], top + inner[3]
    head = np.asarray(PilImage.fromarray(grey).crop((left, top, right, bottom)))
    return NetworkInput(
        fit_square(head, recipe.size, recipe.fit),
        (box[0] * across, box[1] * down, box[2] * across, box[3] * down),
    )


def to_recipe_grey(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    """The image in the recipe's window, cropped to the head where the recipe says so.

    uint8 (rows, columns) of square pixels at the image's own resolution (one over ``LONGEST`` is
    reduced); what lies outside the image is black. Raises ImageError for a CT whose values are no
    HU.
    """
    grey, _, _ = _recipe_grey(image, recipe)
    box = _head_or_all(grey, recipe)
    return np.asarray(PilImage.fromarray(grey).crop(box))


def _recipe_grey(image: Image, recipe: InputRecipe) -> tuple[NDArray[np.uint8], float, float]:
    """Grey of square pixels, and how many of the image's make one of them across and down."""
    if image.header.not_hounsfield is not None:
        raise ImageError(image.header.not_hounsfield.code, image.header.not_hounsfield.detail)
    rows, columns = image.pixels.shape
    squared = _of_square_pixels(image)
    grey, step = _reduced(_windowed(squared, recipe))
    across = step * columns / squared.pixels.shape[1]
    return grey, across, step * rows / squared.pixels.shape[0]


def _of_square_pixels(image: Image) -> Image:
    """The image resampled so that its pixels are square; as it is where they are nearly so.

    The finer of both directions is kept, unless that would make a side longer than ``LONGEST``.
    """
    height, width = image.header.geometry.pixel
    ratio = height / width
    if abs(math.log(ratio)) <= math.log(SQUARE):
        return image
    rows, columns = image.pixels.shape
    size = (columns, rows * ratio) if ratio > 1 else (columns / ratio, rows)
    shrink = min(1.0, LONGEST / max(size))
    wide, high = (max(1, round(side * shrink)) for side in size)
    resized = PilImage.fromarray(image.pixels).resize((wide, high), PilImage.Resampling.BILINEAR)
    return Image(image.header, np.asarray(resized))


def _windowed(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    if image.header.unit is Unit.GREY:
        return image.pixels.astype(np.uint8, copy=False)
    return to_grey(image, recipe.window)


def _reduced(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """The image with no side over ``LONGEST``, and how many of its pixels make one."""
    step = -(-max(grey.shape) // LONGEST)
    return (grey if step == 1 else np.asarray(PilImage.fromarray(grey).reduce(step))), step


def _head_or_all(grey: NDArray[np.uint8], recipe: InputRecipe) -> Box:
    box = head_box(grey, recipe.margin) if recipe.crop_to_head else None
    return box or (0, 0, grey.shape[1], grey.shape[0])


def fit_square(grey: NDArray[np.uint8], size: int, fit: Fit) -> NDArray[np.uint8]:
    """Resize a grey image (rows, columns) to uint8 (size, size) with antialiasing."""
    rows, columns = grey.shape
    square = PilImage.fromarray(grey).crop(_square(columns, rows, fit))
    return np.asarray(square.resize((size, size), PilImage.Resampling.BILINEAR))


def _square(columns: int, rows: int, fit: Fit) -> Box:
    side = max(rows, columns) if fit is Fit.PAD else min(rows, columns)
    left, top = (columns - side) // 2, (rows - side) // 2
    return left, top, left + side, top + side
