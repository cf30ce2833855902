"""How an image becomes the network's input, the same in training and in the program."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging import json_values, reduction
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


class Channels(StrEnum):
    """What the network sees of an image's colours."""

    GREY = "grey"
    RGB = "rgb"
    """Red, green and blue; a grey image gives all three the same."""


class Subject(StrEnum):
    """What the images show, as far as it decides how they are prepared and checked."""

    HEAD_CT = "head_ct"
    """Axial CT of heads: whatever is none by header or shape is not assessable."""
    OTHER = "other"
    """Anything else: no image is checked for what a head looks like."""


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
    channels: Channels = Channels.GREY
    """``grey`` or ``rgb``, which the crop to the head excludes. ``data.channels`` decides it."""
    subject: Subject = Subject.HEAD_CT
    """``head_ct``, or ``other`` for images of anything else, which the crop to the head excludes
    and which no check of heads is applied to."""

    def __post_init__(self) -> None:
        if not 16 <= self.size <= 1024:
            raise ValueError(f"input size {self.size} is not between 16 and 1024")
        if not 0.0 <= self.margin <= 0.5:
            raise ValueError(f"margin {self.margin} is not between 0 and 0.5")
        if self.crop_to_head and self.subject is not Subject.HEAD_CT:
            raise ValueError("images of no heads cannot be cropped to the head")
        if self.crop_to_head and self.channels is not Channels.GREY:
            raise ValueError("heads are cropped by their grey values; colour excludes that")

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one network input: (size, size), in colour (size, size, 3)."""
        grey = (self.size, self.size)
        return grey if self.channels is Channels.GREY else (*grey, 3)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold; ``from_dict`` reads them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> InputRecipe:
        """Read ``to_dict``'s values. Raises ValueError for missing, unknown or senseless ones.

        Recipes of version 0.1 say nothing of channels and subject: they are of heads, in grey.
        """
        given = {**_SINCE_0_1, **values} if isinstance(values, dict) else values
        try:
            return json_values.read(cls, given, whole=True)
        except ValueError as error:
            raise ValueError(f"not an input recipe: {error}") from error


_SINCE_0_1: dict[str, Any] = {"channels": "grey", "subject": "head_ct"}

Pixels = NDArray[np.uint8]
"""(rows, columns) of grey, or (rows, columns, 3) of red, green and blue."""
Square = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class NetworkInput:
    """What the network sees of an image, and where it lies in it."""

    pixels: Pixels
    """(size, size) grey, or (size, size, 3) in colour, by the recipe's channels."""
    box: Square
    """Left, top, right and bottom of what the input covers, in the image's own pixels. It may
    reach over the edge, where the input is black."""


def network_input(image: Image, recipe: InputRecipe) -> NetworkInput:
    """The network's input for an image.

    Square pixels, window, grey or colour, crop to the head, pad (or crop) to a square, resize with
    antialiasing. Raises ImageError for a CT whose values are no HU.
    """
    seen, across, down = _recipe_pixels(image, recipe)
    left, top, right, bottom = _head_or_all(seen, recipe)
    inner = _square(right - left, bottom - top, recipe.fit)
    box = left + inner[0], top + inner[1], left + inner[2], top + inner[3]
    part = np.asarray(PilImage.fromarray(seen).crop((left, top, right, bottom)))
    return NetworkInput(
        fit_square(part, recipe.size, recipe.fit),
        (box[0] * across, box[1] * down, box[2] * across, box[3] * down),
    )


def to_recipe_pixels(image: Image, recipe: InputRecipe) -> Pixels:
    """The image in the recipe's window, cropped to the head where the recipe says so.

    uint8 (rows, columns), or (rows, columns, 3) in colour, of square pixels at the image's own
    resolution (one over ``LONGEST`` is reduced); what lies outside the image is black. Raises
    ImageError for a CT whose values are no HU.
    """
    seen, _, _ = _recipe_pixels(image, recipe)
    return np.asarray(PilImage.fromarray(seen).crop(_head_or_all(seen, recipe)))


def _recipe_pixels(image: Image, recipe: InputRecipe) -> tuple[Pixels, float, float]:
    """Square pixels, and how many of the image's make one of them across and down."""
    if image.header.not_hounsfield is not None:
        raise ImageError(image.header.not_hounsfield.code, image.header.not_hounsfield.detail)
    rows, columns = image.pixels.shape
    squared = _of_square_pixels(image)
    whole = _windowed(squared, recipe)
    seen, step = reduction.reduce(whole, LONGEST), reduction.factor(whole.shape, LONGEST)
    across = step * columns / squared.pixels.shape[1]
    return seen, across, step * rows / squared.pixels.shape[0]


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


def _windowed(image: Image, recipe: InputRecipe) -> Pixels:
    if recipe.channels is Channels.GREY:
        return _grey(image, recipe)
    if image.colour is not None:
        return image.colour
    return np.repeat(_grey(image, recipe)[..., None], 3, axis=2)


def _grey(image: Image, recipe: InputRecipe) -> NDArray[np.uint8]:
    if image.header.unit is Unit.GREY:
        return image.pixels.astype(np.uint8, copy=False)
    return to_grey(image, recipe.window)


def _head_or_all(seen: Pixels, recipe: InputRecipe) -> Box:
    box = head_box(seen, recipe.margin) if recipe.crop_to_head else None
    return box or (0, 0, seen.shape[1], seen.shape[0])


def fit_square(image: Pixels, size: int, fit: Fit) -> Pixels:
    """Resize an image (rows, columns[, 3]) to uint8 (size, size[, 3]) with antialiasing."""
    rows, columns = image.shape[:2]
    square = PilImage.fromarray(image).crop(_square(columns, rows, fit))
    return np.asarray(square.resize((size, size), PilImage.Resampling.BILINEAR))


def _square(columns: int, rows: int, fit: Fit) -> Box:
    side = max(rows, columns) if fit is Fit.PAD else min(rows, columns)
    left, top = (columns - side) // 2, (rows - side) // 2
    return left, top, left + side, top + side
