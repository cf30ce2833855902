"""Stored DICOM values as Hounsfield units, or as 8-bit grey where they are no CT."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from pydicom.pixels.processing import apply_color_lut

from imaging.dicom.attributes import Attributes, name_of
from imaging.dicom.pixels import Layout
from imaging.errors import Code, ImageError, Problem
from imaging.formats.picture_grey import Grey, luma
from imaging.image import Window

AIR = -1000.0
"""What padding outside the field of view becomes, in HU."""
_TISSUE = (-500.0, 3000.0)
"""Padding that would mean such HU is believed only where the corners of the picture show it."""
_STEEPEST, _FURTHEST = 1e4, 1e6
"""Rescale slopes and intercepts beyond these belong to no CT."""
_HOUNSFIELD_TYPES = {"", "HU", "US"}
"""Rescale Types (0028,1054) that may mean HU: absent, HU, and unspecified."""


def to_hounsfield(
    stored: NDArray[Any], attributes: Attributes, layout: Layout
) -> NDArray[np.float32]:
    """HU, float32 (rows, columns), by this frame's own slope and intercept (PS3.3 C.7.6.16-2.9).

    Padding becomes air. In MONOCHROME1 with a positive slope the values run from white to black,
    so they are turned round within Bits Stored. Raises ScanError where the rescale is absent or
    senseless, naming the attribute.
    """
    rescale = _rescale(attributes)
    if rescale is None:
        raise ImageError(Code.NO_RESCALE)
    slope, intercept = rescale
    kind = attributes.text("RescaleType")
    if kind not in _HOUNSFIELD_TYPES:
        raise ImageError(Code.BAD_RESCALE, f"{name_of('RescaleType')}: {kind}")
    inverted = layout.photometric == "MONOCHROME1" and slope > 0 and stored.dtype.kind in "iu"
    values = _turned_round(stored, layout) if inverted else stored
    units = values.astype(np.float32)
    units *= np.float32(slope)
    units += np.float32(intercept)
    if stored.dtype.kind == "f" and not np.isfinite(units).all():
        raise ImageError(Code.UNSUPPORTED_PIXELS, "values that are no finite numbers")
    outside = _padding(stored, attributes, layout)
    if outside is not None and _is_believable(outside, units):
        units[outside] = AIR
    return units


def to_grey_picture(stored: NDArray[Any], attributes: Attributes, layout: Layout) -> Grey:
    """8-bit grey (rows, columns) for viewing, by the frame's own window or its full range.

    ``stored`` is (rows, columns), or RGB (rows, columns, 3). Raises ScanError.
    """
    if layout.photometric == "PALETTE COLOR":
        return _colours(np.asarray(apply_color_lut(stored, attributes.dataset)))
    if stored.ndim == 3:
        return _colours(_top_bits(stored, layout.stored))
    warnings: tuple[Problem, ...] = ()
    grey = stored
    if stored.dtype != np.uint8 or layout.stored != 8 or own_window(attributes) is not None:
        grey, warnings = _windowed(stored, attributes, layout)
    return (255 - grey if layout.photometric == "MONOCHROME1" else grey), warnings


def _rescale(attributes: Attributes) -> tuple[float, float] | None:
    values: list[float] = []
    for keyword, limit in (("RescaleSlope", _STEEPEST), ("RescaleIntercept", _FURTHEST)):
        number = attributes.number(keyword)
        if number is None and attributes.text(keyword) == "" and not _is_there(attributes, keyword):
            continue
        if number is None or abs(number) > limit or (keyword == "RescaleSlope" and number == 0):
            said = attributes.text(keyword)[:24]
            raise ImageError(Code.BAD_RESCALE, f"{name_of(keyword)}: {said}".rstrip(": "))
        values.append(number)
    return (values[0], values[1]) if len(values) == 2 else None


def _is_there(attributes: Attributes, keyword: str) -> bool:
    try:
        return attributes.raw(keyword) is not None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return True


def own_window(attributes: Attributes) -> Window | None:
    """The first window of the frame, or None where it has none that makes sense."""
    level, width = attributes.number("WindowCenter"), attributes.number("WindowWidth")
    if level is None or width is None or not 0 < width < _FURTHEST or abs(level) > _FURTHEST:
        return None
    return Window(width, level)


def _turned_round(stored: NDArray[Any], layout: Layout) -> NDArray[Any]:
    highest = -1 if layout.signed else (1 << layout.stored) - 1
    return highest - stored.astype(np.int64)


def _padding(
    stored: NDArray[Any], attributes: Attributes, layout: Layout
) -> NDArray[np.bool_] | None:
    """Where Pixel Padding Value, or its range, lies (PS3.3 C.7.5.1.1.2); None without one."""
    first, last = attributes.number("PixelPaddingValue"), None
    if first is None or stored.dtype.kind not in "iu":
        return None
    last = attributes.number("PixelPaddingRangeLimit")
    ends = [_as_stored(int(end), layout) for end in (first, first if last is None else last)]
    low, high = min(ends), max(ends)
    if low == high:
        if not np.iinfo(stored.dtype).min <= low <= np.iinfo(stored.dtype).max:
            return None
        equal: NDArray[np.bool_] = stored == low
        return equal
    between: NDArray[np.bool_] = (stored >= low) & (stored <= high)
    return between


def _as_stored(value: int, layout: Layout) -> int:
    """The value in the pixels' own representation; headers write -2000 as 63536 and back."""
    value %= 1 << layout.stored
    if layout.signed and value >> (layout.stored - 1):
        value -= 1 << layout.stored
    return value


def _is_believable(outside: NDArray[np.bool_], units: NDArray[np.float32]) -> bool:
    corners = outside[[0, 0, -1, -1], [0, -1, 0, -1]]
    if corners.sum() >= 3:
        return True
    inside_tissue = (units[outside] > _TISSUE[0]) & (units[outside] < _TISSUE[1])
    return not inside_tissue.any()


def _windowed(stored: NDArray[Any], attributes: Attributes, layout: Layout) -> Grey:
    values = stored.astype(np.float64)
    rescale = _rescale(attributes)
    if rescale is not None:
        values = values * rescale[0] + rescale[1]
    window = own_window(attributes)
    if window is not None:
        low, width = window.level - window.width / 2, window.width
    else:
        outside = _padding(stored, attributes, layout)
        shown = values if outside is None or outside.all() else values[~outside]
        low, high = float(shown.min()), float(shown.max())
        if not np.isfinite(high - low):
            raise ImageError(Code.UNSUPPORTED_PIXELS, "values that are no finite numbers")
        width = max(high - low, 1.0 if stored.dtype.kind in "iu" else 1e-300)
    grey = np.clip(np.rint((values - low) * (255.0 / width)), 0, 255).astype(np.uint8)
    return grey, (Problem(Code.REDUCED_DEPTH, f"{low:g} to {low + width:g}"),)


def _top_bits(values: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    unsigned = values.view(f"u{values.dtype.itemsize}") if values.dtype.kind == "i" else values
    if bits == 8 and unsigned.dtype == np.uint8:
        return np.asarray(unsigned)
    scaled = unsigned.astype(np.float64) * (255.0 / ((1 << bits) - 1))
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def _colours(colours: NDArray[Any]) -> Grey:
    eight = _top_bits(colours, colours.dtype.itemsize * 8)
    pixels, warnings = luma(PilImage.fromarray(np.ascontiguousarray(eight), "RGB"))
    return np.asarray(pixels), warnings
