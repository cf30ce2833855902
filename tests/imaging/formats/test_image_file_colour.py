"""Colours are those of the grey image beside them: its luma, and laid over the same black."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.formats.image_file_colour import to_colour_levels
from imaging.formats.image_file_grey import to_grey_levels

SHAPE = (9, 13)


def coloured(mode: str) -> PilImage.Image:
    """Every channel at random."""
    random = np.random.default_rng(5)
    if mode in ("RGBA", "RGB"):
        channels = random.integers(0, 256, (*SHAPE, len(mode)), dtype=np.uint8)
        return PilImage.fromarray(channels)
    whole = coloured("RGBA" if mode == "RGBa" else "RGB")
    return whole.quantize(16) if mode == "P" else whole.convert(mode)


def reopened(image: PilImage.Image, kind: str, **options: Any) -> PilImage.Image:
    """As it comes from a file."""
    held = io.BytesIO()
    image.save(held, kind, **options)
    opened = PilImage.open(held)
    opened.load()
    return opened


def luma(colour: NDArray[np.uint8]) -> NDArray[np.float64]:
    """ITU-R 601, float64 (rows, columns)."""
    red, green, blue = np.moveaxis(colour.astype(np.float64), 2, 0)
    mixed: NDArray[np.float64] = 0.299 * red + 0.587 * green + 0.114 * blue
    return mixed


@pytest.mark.parametrize(
    "image",
    [
        coloured("RGB"),
        coloured("RGBA"),
        coloured("RGBa"),
        coloured("CMYK"),
        coloured("YCbCr"),
        coloured("HSV"),
        coloured("P"),
        reopened(coloured("P"), "PNG", transparency=3),
        reopened(coloured("P"), "PNG", transparency=bytes(range(0, 256, 16))),
        reopened(coloured("RGB"), "PNG", transparency=coloured("RGB").getpixel((4, 4))),
        reopened(coloured("P"), "GIF", transparency=3),
        reopened(coloured("RGBA"), "WEBP", lossless=True),
        reopened(coloured("RGBA"), "TIFF"),
        reopened(coloured("CMYK"), "JPEG"),
    ],
    ids=lambda image: f"{image.format} {image.mode}",
)
def test_the_luma_of_the_colours_is_the_grey_image(image: PilImage.Image) -> None:
    colour = to_colour_levels(image)
    grey, _ = to_grey_levels(image, 8)
    assert colour.shape == (*SHAPE, 3)
    assert colour.dtype == np.uint8
    assert np.abs(luma(colour) - grey).max() <= 2
    assert np.ptp(colour.max(axis=2).astype(int) - colour.min(axis=2)) > 16


def test_red_comes_first_and_transparency_lies_over_black() -> None:
    image = PilImage.new("RGBA", (2, 1), (200, 100, 50, 255))
    image.putpixel((1, 0), (200, 100, 50, 51))
    assert to_colour_levels(image).tolist() == [[[200, 100, 50], [40, 20, 10]]]


def test_a_mode_that_pillow_cannot_turn_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="La"):
        to_colour_levels(PilImage.new("La", (2, 2)))
