"""Whether values are Hounsfield units, told by what every CT image shows: air and soft tissue.

A header can be wrong in ways that no attribute betrays: a slope of 10, a lost intercept, a window
that was applied before. Such values look like an image and mean nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaging.messages import Message, MessageCode

AIR_BAND = (-1050.0, -950.0)
"""HU between which the most common value of the air lies. By definition it is -1000; scanners that
store nothing lower than -1024 put most of it there."""
_AIR_SOUGHT = (-1100.0, -500.0)
"""HU between which air is looked for; below lies padding."""
LEAST_AIR = 0.002
"""Share of the pixels that air takes up at least."""
TISSUE_BAND = (-150.0, 150.0)
"""HU of fat, water, brain and blood."""
_BODY = -800.0
"""HU above which a pixel counts as body."""
LEAST_BODY = 0.01
"""Share of the pixels below which too little of a body is in the image to tell its unit."""
LEAST_TISSUE = 0.05
"""Share of the body that lies within ``TISSUE_BAND`` at least, also near the vertex."""
LEAST_TISSUE_TO_LOWER = 0.5
"""How much tissue there is at least for each pixel between air and tissue, where only edges and
foam lie."""
LOWEST = -1500.0
"""HU below which nothing lies inside a body; scanners pad with such values around the image."""
MOST_BELOW = 0.005
"""Share of the field of view that may lie below ``LOWEST``, its most common value apart."""
_FIELD = 0.8
"""Square of the radius, in half image widths, within which no scanner pads its images."""
HIGHEST = 4000.0
"""HU above which lies metal alone."""
MOST_ABOVE = 0.05
"""Share of the body that metal may take up."""
BONE = 300.0
"""HU above which lies bone, or something that is no body."""
MOST_BONE_AT_BORDER = 0.5
"""Share of the image's border that may be so bright: heads end before, and bodies are soft."""
FLAT = 2.0
"""Standard deviation in HU up to which an image shows nothing to tell by."""
_ENOUGH = 256
"""Pixels a side that suffice to tell by."""
_BIN = 10.0


class Doubt(MessageCode):
    """What in the values speaks against Hounsfield units."""

    NO_AIR = "no_air", "no air: nothing near −1000 HU"
    AIR_ELSEWHERE = "air_elsewhere", "air at {level:.0f} HU instead of −1000"
    NO_TISSUE = "no_tissue", "no soft tissue: {share:.1f} % of the body within ±150 HU"
    BRIGHT_BORDER = "bright_border", "{share:.0f} % of the border above 300 HU"
    TOO_LOW = "too_low", "{share:.1f} % of the image below −1500 HU"
    TOO_HIGH = "too_high", "{share:.1f} % of the body above 4000 HU"


def doubt(units: NDArray[np.float32], outside: NDArray[np.bool_] | None = None) -> Message | None:
    """Why values (rows, columns) are no Hounsfield units of a body, or None.

    ``outside``: pixels that are padding by the header, which prove nothing. An image of nearly one
    value, or of air alone, is not doubted.
    """
    step = max(1, max(units.shape) // _ENOUGH)
    seen = units[::step, ::step]
    inside = np.ones(seen.shape, dtype=np.bool_) if outside is None else ~outside[::step, ::step]
    inside &= ~_corner_padding(seen)
    values = seen[inside]
    if values.size == 0 or float(values.std()) <= FLAT:
        return None
    return (
        _doubt_about_air(values)
        or _doubt_about_body(values)
        or _doubt_about_border(seen, inside)
        or _doubt_about_lows(seen, inside)
    )


def _corner_padding(seen: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pixels of the one value that fills the corners and lies nowhere within the field of view."""
    corners = seen[[0, 0, -1, -1], [0, -1, 0, -1]]
    same: NDArray[np.bool_] = seen == corners[0]
    if (corners != corners[0]).any() or same[_field(seen)].mean() > MOST_BELOW:
        same[:] = False
    return same


def _field(seen: NDArray[np.float32]) -> NDArray[np.bool_]:
    rows, columns = seen.shape
    y, x = np.ogrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    within: NDArray[np.bool_] = x * x + y * y < _FIELD
    return within


def _doubt_about_air(values: NDArray[np.float32]) -> Message | None:
    low, high = _AIR_SOUGHT
    air = values[(values > low) & (values < high)]
    if air.size < LEAST_AIR * values.size:
        return Message(Doubt.NO_AIR)
    counts, edges = np.histogram(air, bins=np.arange(low, high + _BIN, _BIN))
    at = int(np.convolve(counts, np.ones(3), "same").argmax())
    commonest = air[(air >= edges[at] - _BIN) & (air < edges[at] + 2 * _BIN)]
    level = float(commonest.mean(dtype=np.float64))
    if AIR_BAND[0] <= level <= AIR_BAND[1]:
        return None
    return Message(Doubt.AIR_ELSEWHERE, level=level)


def _doubt_about_body(values: NDArray[np.float32]) -> Message | None:
    body = values[values > _BODY]
    if body.size < LEAST_BODY * values.size:
        return None
    lower = float((body < TISSUE_BAND[0]).mean())
    tissue = float((body <= TISSUE_BAND[1]).mean()) - lower
    if tissue < max(LEAST_TISSUE, LEAST_TISSUE_TO_LOWER * lower):
        return Message(Doubt.NO_TISSUE, share=100 * tissue)
    above = float((body > HIGHEST).mean())
    return Message(Doubt.TOO_HIGH, share=100 * above) if above > MOST_ABOVE else None


def _doubt_about_border(seen: NDArray[np.float32], inside: NDArray[np.bool_]) -> Message | None:
    border = np.ones(seen.shape, dtype=np.bool_)
    border[1:-1, 1:-1] = False
    values = seen[border & inside]
    bright = float((values > BONE).mean()) if values.size else 0.0
    if bright <= MOST_BONE_AT_BORDER:
        return None
    return Message(Doubt.BRIGHT_BORDER, share=100 * bright)


def _doubt_about_lows(seen: NDArray[np.float32], inside: NDArray[np.bool_]) -> Message | None:
    """Bone whose values ran over their bits lies far below air, scattered over the image."""
    field = seen[_field(seen) & inside]
    low = field[field < LOWEST]
    if low.size <= MOST_BELOW * field.size:
        return None
    _, counts = np.unique(np.rint(low), return_counts=True)
    share = float(low.size - counts.max()) / field.size
    return Message(Doubt.TOO_LOW, share=100 * share) if share > MOST_BELOW else None
