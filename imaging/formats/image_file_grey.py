"""Every pixel format of image files as 8-bit grey, with a warning wherever something is lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from PIL import ImageChops, TiffImagePlugin

from imaging.details import Detail
from imaging.errors import Code, ImageError, Problem
from imaging.messages import Message

COLOUR_TOLERANCE = 16
"""Channels that differ by no more are grey: JPEG's chroma noise in grey images stays below."""

_INVERTED = 0
"""TIFF's PhotometricInterpretation WhiteIsZero."""

Grey = tuple[NDArray[np.uint8], tuple[Problem, ...]]


def to_grey_levels(image: PilImage.Image, bits: int) -> Grey:
    """A loaded image as uint8 (rows, columns), and what its reader should know.

    Colour becomes ITU-R 601 luma, transparency is laid over black, more than 8 bits are scaled by
    ``wide_to_grey``. ``bits`` is the depth in the file, where it differs from the loaded image's.
    Raises ImageError for formats without a known grey scale.
    """
    mode = image.mode
    if mode == "1":
        return np.asarray(image.convert("L")), (_scaled(Message(Detail.ONE_BIT)),)
    if mode.startswith(("I", "F")):
        values = np.asarray(image)
        return wide_to_grey(values, _is_inverted(image))  # Pillow turns 8 bits alone
    depth = (_scaled(Message(Detail.BITS, bits=bits)),) if bits > 8 else ()
    if "transparency" in image.info or mode in ("LA", "PA", "RGBA", "La", "RGBa"):
        pixels, warnings = _over_black(image)
    elif mode == "L":
        pixels, warnings = image, ()
    elif mode in ("RGB", "P", "CMYK", "YCbCr", "HSV", "RGBX"):
        pixels, warnings = luma(image if mode == "RGB" else image.convert("RGB"))
    else:
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Detail.PIXEL_FORMAT, mode=mode))
    return np.asarray(pixels), (*warnings, *depth)


def wide_to_grey(values: NDArray[np.generic], inverted: bool = False) -> Grey:
    """Integers or floats of more than 8 bits as 8-bit grey.

    The scale is the least of 1 (floats only), 255, 4095 and 65535 that holds the largest value, so
    that 8 or 12 bits stored in 16 keep their brightness; it is never stretched to the image's own
    range. Raises ImageError for negative, greater or non-finite values: their scale is not known.
    """
    numbers = values.astype(np.float64)
    low, high = float(numbers.min()), float(numbers.max())
    scales = (1.0, 255.0, 4095.0, 65535.0)[0 if values.dtype.kind == "f" else 1 :]
    scale = next((scale for scale in scales if high <= scale), None)
    if scale is None or not low >= 0.0:
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Detail.VALUES, low=low, high=high))
    grey: NDArray[np.uint8] = np.rint(numbers * (255.0 / scale)).astype(np.uint8)
    if inverted:
        grey = 255 - grey
    return grey, (_scaled(Message(Detail.NO_WINDOW, low=0, high=scale)),)


def luma(rgb: PilImage.Image) -> tuple[PilImage.Image, tuple[Problem, ...]]:
    """An RGB image in grey, with a warning if it was coloured."""
    red, green, blue = rgb.split()
    if red.tobytes() == green.tobytes() == blue.tobytes():  # nearly all slices stored as colour
        return green, ()
    tint = 0
    for channel in (red, blue):
        histogram = ImageChops.difference(channel, green).histogram()
        tint = max(tint, max(level for level, count in enumerate(histogram) if count))
    warnings = (Problem(Code.COLOUR),) if tint > COLOUR_TOLERANCE else ()
    return rgb.convert("L"), warnings


def _over_black(image: PilImage.Image) -> tuple[PilImage.Image, tuple[Problem, ...]]:
    coloured = image.convert("RGBA")
    alpha = coloured.getchannel("A")
    grey, warnings = luma(coloured.convert("RGB"))
    lowest, _ = alpha.getextrema()
    if lowest == 255:
        return grey, warnings
    return ImageChops.multiply(grey, alpha), (*warnings, Problem(Code.ALPHA))


def _is_inverted(image: PilImage.Image) -> bool:
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    return bool(image.tag_v2.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == _INVERTED)


def _scaled(detail: Message) -> Problem:
    return Problem(Code.REDUCED_DEPTH, detail)
