"""Image files with whole Hounsfield units in place of grey: 16-bit PNG and TIFF of data sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.details import Detail
from imaging.errors import Code, Problem
from imaging.hounsfield import doubt, unusual
from imaging.messages import Message, MessageCode
from imaging.skull import Reduced

OFFSETS = (0, 1024, 32768, 1000, 2048, 2000, 8192)
"""What is added to the units so that they fit, by the data sets that do so; 0 for signed values.
The first that gives usual units is taken, else the first that gives units at all."""
LOWEST, HIGHEST = -2100.0, 31767.0
"""HU between which all values lie then: padding is the lowest, metal of 16 bits the highest."""
HIGHEST_MINIMUM = -900.0
"""HU that the darkest value lies below: every CT image shows air."""
LEAST_RANGE = 1000.0
"""HU from the darkest to the brightest value at least: from air to bone."""


_LEAST_SHARE = 0.02
"""Share of the pixels that the most common value of air has at least, where an offset is sought."""


class Offset(MessageCode):
    """Why an image file of Hounsfield units cannot be read as such."""

    UNKNOWN = (
        "unknown_offset",
        "they may be, with about {offset:.0f} added, and no window was applied",
    )


@dataclass(frozen=True, eq=False)
class HounsfieldImage:
    """The units of an image, float32 (rows, columns), with the warnings that tell of them."""

    pixels: NDArray[np.float32]
    small: Reduced
    warnings: tuple[Problem, ...]


def to_hounsfield(image: PilImage.Image) -> HounsfieldImage | None:
    """A loaded image in HU where its values are that and can be nothing else, else None.

    An offset is taken where air, soft tissue and range are then those of a CT image. A windowed
    image has none of them: its background is no air and its brain lies elsewhere.
    """
    if not image.mode.startswith(("I", "F")):
        return None
    values = np.asarray(image).astype(np.float64)
    low, high = float(values.min()), float(values.max())
    if not high - low >= LEAST_RANGE:
        return None
    found: HounsfieldImage | None = None
    for offset in OFFSETS:
        if low - offset < LOWEST or high - offset > HIGHEST or low - offset > HIGHEST_MINIMUM:
            continue
        units = (values - offset).astype(np.float32)
        small = Reduced.of(units)
        if doubt(units, small=small) is not None:
            continue
        said = Message(Detail.OFFSET, offset=offset) if offset else ""
        warning = Problem(Code.HOUNSFIELD_IMAGE, said)
        if (rare := unusual(units, small=small)) is None:
            return HounsfieldImage(units, small, (warning,))
        warnings = (warning, Problem(Code.UNUSUAL_VALUES, rare))
        found = found or HounsfieldImage(units, small, warnings)
    return found


def unknown_offset(image: PilImage.Image) -> Problem | None:
    """What a loaded image holds that would be HU but for an offset that nobody knows; else None.

    It is not windowed, and to guess the offset could be wrong by as much as blood differs.
    """
    if not image.mode.startswith(("I", "F")):
        return None
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all() or np.ptp(values) < LEAST_RANGE:
        return None
    low = float(values.min())
    near = np.rint(values[values < low + LEAST_RANGE] - low).astype(np.int64)
    counts = np.bincount(near)
    for air in np.argsort(counts)[:-3:-1]:
        offset = low + float(air) + 1000.0
        is_enough = counts[air] >= _LEAST_SHARE * values.size
        if is_enough and doubt((values - offset).astype(np.float32)) is None:
            return Problem(Code.BAD_RESCALE, Message(Offset.UNKNOWN, offset=offset))
    return None
