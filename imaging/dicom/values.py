"""What stored DICOM values mean: selected from the header once, then applied to arrays.

A CT image becomes Hounsfield units (PS3.3 C.11.1.1.2), anything else 8-bit grey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from imaging.details import Detail
from imaging.dicom.attributes import Attributes, name_of
from imaging.dicom.messages import Value
from imaging.dicom.pixels import Layout, Stored, as_numbers
from imaging.errors import Code, ImageError, Problem
from imaging.formats.image_file_grey import Grey, luma
from imaging.hounsfield import bright_padding, doubt, shows_body, unusual
from imaging.image import Window
from imaging.messages import Message
from imaging.skull import Reduced

AIR = -1000.0
"""What padding outside the field of view becomes, in HU."""
_TISSUE = (-500.0, 3000.0)
"""Padding that would mean such HU is believed only where the corners of the image show it."""
STEEPEST, FURTHEST = 1e4, 1e6
"""Rescale slopes and intercepts beyond these belong to no CT."""
_HOUNSFIELD_TYPES = {
    *("", "HU", "US", "HOUNSFIELD", "HOUNSFIELDUNIT", "HOUNSFIELDUNITS", "HUHOUNSFIELD"),
    *("亨氏单位", "CT值"),
}
"""Rescale Types (0028,1054) that may mean HU: absent, HU in many spellings, and unspecified."""
LEAST_BITS = 9
"""Bits Stored below which values are grey of a display: HU need 11."""
_LEAST_WIDTH = 10
"""Fewest bits that signed HU can have been stored in."""
LEAST_IN_WINDOW = 0.1
"""Share of the pixels that a file's own window must show, or the full range is shown instead."""


@dataclass(frozen=True)
class Meaning:
    """What a header says of stored values."""

    slope: float | None
    intercept: float | None
    fault: Problem | None
    """Why the header makes no Hounsfield units of them."""
    padding: tuple[int, int] | None
    """The lowest and highest stored value that mean "outside the field of view"."""
    window: Window | None


@dataclass(frozen=True, eq=False)
class Units:
    """Hounsfield units, or the reason why there are none."""

    pixels: NDArray[np.float32] | None
    """(rows, columns) in HU."""
    problem: Problem | None
    small: Reduced | None = None
    """The units reduced."""
    notes: tuple[Problem, ...] = ()
    """What had to be read in another way than the header says, and what is rare in such values."""


def select_meaning(attributes: Attributes, layout: Layout) -> Meaning:
    """What the header says of a frame's values."""
    slope, bad_slope = _rescale_number(attributes, "RescaleSlope", STEEPEST)
    intercept, bad_intercept = _rescale_number(attributes, "RescaleIntercept", FURTHEST)
    fault = bad_slope or bad_intercept
    if fault is None and (slope is None or intercept is None):
        fault = Problem(Code.NO_RESCALE)
    kind = attributes.text("RescaleType")
    if fault is None and re.sub(r"[\W\d_]", "", kind.upper()) not in _HOUNSFIELD_TYPES:
        fault = Problem(Code.BAD_RESCALE, f"{name_of('RescaleType')}: {kind}")
    if fault is None and layout.stored < LEAST_BITS:
        fault = Problem(Code.BAD_RESCALE, Message(Value.FEW_BITS, bits=layout.stored))
    return Meaning(slope, intercept, fault, _select_padding(attributes), own_window(attributes))


def to_hounsfield(stored: Stored, header: Layout, meaning: Meaning) -> Units:
    """HU by the frame's own slope and intercept; padding becomes air.

    Values that cannot be HU are read again in the ways in which headers are known to be wrong. The
    first of them that gives HU is a repair; without one there are none. MONOCHROME1 changes
    nothing: it says how values are shown (PS3.3 C.7.6.3.1.2). Raises ImageError for values that
    are no finite numbers.
    """
    if meaning.fault is not None or meaning.slope is None or meaning.intercept is None:
        return Units(None, meaning.fault or Problem(Code.NO_RESCALE))
    first: Message | None = None
    for reading, repair in _readings(stored, header):
        units, outside = _rescaled(reading, meaning, meaning.slope, meaning.intercept)
        cleared: Problem | None = None
        if outside is None and (outside := bright_padding(units)) is not None:
            cleared = _repair(Value.PADDING, level=round(float(units[0, 0])))
            units[outside] = AIR
        small = Reduced.of(units)
        against = doubt(units, outside, small)
        if against is None and (repair is None or shows_body(units)):
            rare = unusual(units, outside, small)
            warning = None if rare is None else Problem(Code.UNUSUAL_VALUES, rare)
            return Units(units, None, small, tuple(filter(None, (repair, cleared, warning))))
        first = first or against
    if first is None:
        return Units(None, Problem(Code.NO_RESCALE))
    said = Message(Value.RESCALED, doubt=first, slope=meaning.slope, intercept=meaning.intercept)
    return Units(None, Problem(Code.BAD_RESCALE, said))


def _readings(stored: Stored, header: Layout) -> Iterator[tuple[Stored, Problem | None]]:
    """The stored values as header or codestream say, then as they may be meant instead."""
    layout = stored.layout
    as_said: Problem | None = None
    if layout.signed != header.signed:
        as_said = _repair(Value.SIGNED_SAID_UNSIGNED)
    elif layout.signed and layout.stored < header.stored:
        as_said = _repair(Value.FEWER_BITS, bits=layout.stored, said=header.stored)
    if stored.values.dtype.kind == "f":
        yield stored, None
        return
    highest = int(stored.values.max()) if stored.values.size else 0
    if layout.high_bit >= layout.stored and highest >> layout.stored == 0:
        # Values that were meant for the upper bits would leave the lowest empty.
        low = replace(layout, high_bit=layout.stored - 1)
        if (stored.values & ((1 << (layout.high_bit + 1 - layout.stored)) - 1)).any():
            yield (
                replace(stored, layout=low),
                _repair(Value.LOW_BITS, bits=layout.stored, said=layout.high_bit),
            )
    if _is_smoother_whole(stored, highest):
        more = replace(layout, stored=layout.allocated, high_bit=layout.allocated - 1)
        bits = highest.bit_length()
        yield replace(stored, layout=more), _repair(Value.MORE_BITS, bits=bits, said=layout.stored)
    yield stored, as_said
    other = replace(layout, signed=not layout.signed)
    code = Value.UNSIGNED_SAID_SIGNED if layout.signed else Value.SIGNED_SAID_UNSIGNED
    yield replace(stored, layout=other), _repair(code)
    bits = highest.bit_length()
    if stored.values.dtype.kind == "u" and _LEAST_WIDTH <= bits < layout.stored:
        fewer = replace(layout, signed=True, stored=bits, high_bit=bits - 1)
        yield (
            replace(stored, layout=fewer),
            _repair(Value.FEWER_BITS, bits=bits, said=layout.stored),
        )


def _is_smoother_whole(stored: Stored, highest: int) -> bool:
    """Whether bits above those that the header names belong to the values.

    Cut off values jump where they should not; overlays in such bits jump where they are kept.
    """
    layout = stored.layout
    if layout.high_bit != layout.stored - 1 or highest >> layout.stored == 0:
        return False
    whole = replace(layout, stored=layout.allocated, high_bit=layout.allocated - 1)
    return _roughness(replace(stored, layout=whole)) < _roughness(stored)


def _roughness(stored: Stored) -> float:
    """How far neighbours in a row differ: the sum of squares, which great jumps decide."""
    return float(np.square(np.diff(as_numbers(stored).astype(np.float64), axis=1)).sum())


def _repair(code: Value, **values: int) -> Problem:
    return Problem(Code.REPAIRED, Message(code, **values))


def _rescaled(
    stored: Stored, meaning: Meaning, slope: float, intercept: float
) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
    """HU, and the pixels that are padding and therefore air."""
    values = as_numbers(stored)
    units = values.astype(np.float32)
    units *= np.float32(slope)
    units += np.float32(intercept)
    if values.dtype.kind == "f" and not np.isfinite(units).all():
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Detail.NOT_FINITE))
    outside = _outside(values, meaning.padding, stored.layout)
    if outside is not None and _is_believable(outside, units):
        units[outside] = AIR
        return units, outside
    return units, None


def to_grey_image(stored: Stored, meaning: Meaning, dataset: Dataset) -> Grey:
    """8-bit grey (rows, columns) for viewing, by the frame's own window or its full range.

    ``dataset`` holds the palette of a colour image. Raises ImageError.
    """
    values, layout = as_numbers(stored), stored.layout
    if layout.photometric == "PALETTE COLOR":
        return _colours(np.asarray(apply_color_lut(values, dataset)))
    if values.ndim == 3:
        return _colours(_top_bits(values, layout.stored))
    warnings: tuple[Problem, ...] = ()
    grey = values
    if values.dtype != np.uint8 or layout.stored != 8 or meaning.window is not None:
        grey, warnings = _windowed(values, meaning, layout)
    return (255 - grey if layout.photometric == "MONOCHROME1" else grey), warnings


def _rescale_number(
    attributes: Attributes, keyword: str, limit: float
) -> tuple[float | None, Problem | None]:
    """The number, None where it is absent; and the problem where it is senseless."""
    number = attributes.number(keyword)
    if number is None and attributes.text(keyword) == "" and not _is_there(attributes, keyword):
        return None, None
    several = attributes.numbers(keyword, 2) is not None
    if (
        number is None
        or several
        or abs(number) > limit
        or (keyword == "RescaleSlope" and number == 0)
    ):
        said = attributes.text(keyword)[:24]
        return None, Problem(Code.BAD_RESCALE, f"{name_of(keyword)}: {said}".rstrip(": "))
    return number, None


def _is_there(attributes: Attributes, keyword: str) -> bool:
    try:
        return attributes.raw(keyword) is not None
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return True


def own_window(attributes: Attributes) -> Window | None:
    """The first window of the frame, or None where it has none that makes sense."""
    level, width = attributes.number("WindowCenter"), attributes.number("WindowWidth")
    if level is None or width is None or not 0 < width < FURTHEST or abs(level) > FURTHEST:
        return None
    return Window(width, level)


def _select_padding(attributes: Attributes) -> tuple[int, int] | None:
    """Pixel Padding Value, or its range (PS3.3 C.7.5.1.1.2), as the header writes it."""
    first = attributes.number("PixelPaddingValue")
    if first is None:
        return None
    last = attributes.number("PixelPaddingRangeLimit")
    return int(first), int(first if last is None else last)


def _outside(
    values: NDArray[Any], padding: tuple[int, int] | None, layout: Layout
) -> NDArray[np.bool_] | None:
    """Where padding lies among integer values; None without any."""
    if padding is None or values.dtype.kind not in "iu":
        return None
    ends = [_as_stored(end, layout) for end in padding]
    low, high = min(ends), max(ends)
    if low == high:
        if not np.iinfo(values.dtype).min <= low <= np.iinfo(values.dtype).max:
            return None
        equal: NDArray[np.bool_] = values == low
        return equal
    between: NDArray[np.bool_] = (values >= low) & (values <= high)
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


def _windowed(values: NDArray[Any], meaning: Meaning, layout: Layout) -> Grey:
    scaled = values.astype(np.float64)
    if meaning.slope is not None and meaning.intercept is not None:
        scaled = scaled * meaning.slope + meaning.intercept
    low, width = _shown_range(scaled, values, meaning, layout)
    grey = np.clip(np.rint((scaled - low) * (255.0 / width)), 0, 255).astype(np.uint8)
    return grey, (Problem(Code.REDUCED_DEPTH, Message(Detail.RANGE, low=low, high=low + width)),)


def _shown_range(
    scaled: NDArray[np.float64], values: NDArray[Any], meaning: Meaning, layout: Layout
) -> tuple[float, float]:
    """Lowest value and width of what is shown: the file's own window, or the full range."""
    if meaning.window is not None:
        low, width = meaning.window.level - meaning.window.width / 2, meaning.window.width
        # A CT whose rescale is wrong has a window that shows nothing.
        within = float(((scaled > low) & (scaled < low + width)).mean())
        if meaning.fault is None or within >= LEAST_IN_WINDOW:
            return low, width
    outside = _outside(values, meaning.padding, layout)
    shown = scaled if outside is None or outside.all() else scaled[~outside]
    low, high = float(shown.min()), float(shown.max())
    if not np.isfinite(high - low):
        raise ImageError(Code.UNSUPPORTED_PIXELS, Message(Detail.NOT_FINITE))
    return low, max(high - low, 1.0 if values.dtype.kind in "iu" else 1e-300)


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
