"""Whether values are Hounsfield units, told by what CT shows: air, soft tissue and brain.

A header can be wrong in ways that no attribute betrays: a slope of 10, a lost intercept, a window
that was applied before. Such values look like an image and mean nothing. Air and brain have known
values. What lies far from them is refused; what lies at the edge of what real scanners give is
said. An intercept that is wrong by 11 HU moves the air, and is said; one that is wrong by 10 is no
more than scanners differ by.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from imaging.messages import Message, MessageCode
from imaging.skull import BODY, Reduced
from imaging.skull import BONE as SKULL_BONE

_Value = TypeVar("_Value", bound=np.generic)

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
LEAST_BODY = 0.02
"""Share of the pixels above -300 HU below which too little of a body is in the image to tell its
unit: the last slices of a head are hair, and borders of skin and air."""
LEAST_HAIR = 0.06
"""Share of the pixels above -800 HU from which the unit is told though few of them are above -300:
more than hair and borders, as where all values lie too low.
"""
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
MOST_OF_BRAIN = 0.3
"""Share of the head that a skull must enclose before its content is checked."""
BRAIN_BAND = (17.0, 48.0)
"""HU between which brain lies: a seventh of it and more above the first, a fifth and more below the
second. None of 3,317 real slices of four collections lies outside, 946 of them with blood."""
STRETCHED = (36.0, 60.0)
"""HU that a fifth of the brain is below, and a seventh above, where its contrast was not stretched:
none of those slices exceeds both."""
USUAL_BRAIN = (22.0, 42.0)
"""As ``BRAIN_BAND``: outside, the values are unusual, as in 18 of those slices."""
USUAL_AIR = (-1010.0, -990.0)
"""HU between which the most common value of air lies in scanners that are calibrated: -1000 ± 1 in
30 slices of three scanners."""
USUAL_FLOORS = (-1024.0, -1000.0)
"""HU that scanners put all air to which store nothing lower; up to ``_NEAR_FLOOR`` beside them."""
_NEAR_FLOOR = 1.0
FLOORED = 0.3
"""Share of the air at its one lowest value from which that is such a floor; in the others 0.02."""
_PERCENTILES = (20, 50, 85)
SOFT_BAND = (0.0, 90.0)
"""HU of muscle, brain and blood without fat."""
LEAST_SOFT = 0.1
"""Share of a body in ``SOFT_BAND`` at least; real slices below the vertex have a quarter."""
CHECKED_FOR_SOFT = 0.12
"""Share of the image that a body takes up at least before its soft tissue is checked."""
LEAST_BONE = 0.1
"""Share of a body that bone takes up at least before its soft tissue is checked."""
PEAK_BAND = (5.0, 70.0)
"""HU between which the most common value of soft tissue lies where no skull encloses the brain; in
real faces and skull bases from 22 to 48."""
USUAL_PEAK = (14.0, 54.0)
"""As ``PEAK_BAND``: outside, the values are unusual."""
MOSTLY_SOFT = 0.45
"""Share of a body that lies within ``_PEAK_SOUGHT`` where its most common value is checked."""
_PEAK_SOUGHT = (-60.0, 150.0)
_PEAK_BIN = 5.0
CLIPPED = 0.003
"""Share of the bone that has one highest value, in an image whose air has one lowest value, from
which a window may have been applied; either alone proves nothing."""
MOST_AIR_ABOVE = 0.01
"""Share of the air that may lie above the lowest value then; in real slices half and more does."""
_FULL = 3000.0
"""HU from which a highest value can be that of a range filled to its end."""
_TISSUE_STEPS = (-200.0, 200.0)
"""HU within which steps between values are looked for."""
LEAST_STEP = 4.0
"""HU between neighbouring values from which an image holds too few of them: a brain window of 80 HU
would have 20 greys. Scanners store whole HU."""
LEAST_LEVELS = 12
"""Distinct values in soft tissue below which an image was drawn, and its steps tell nothing."""
WELL_FILLED = 8
"""Pixels of a value, and of the next one, from which it is no chance that none lies between."""
ENOUGH_STEPS = 30
"""Steps between well-filled values from which their mean tells something."""
UNEVEN = 1.25
"""How many times the smallest step another one is that no scale of whole numbers gives."""
LEAST_UNEVEN = 0.03
"""Share of the steps that are uneven where values were stretched. One real scanner has 0.036, whose
mean step is not large; all others have less."""
STRETCHED_STEP = 1.2
"""Mean of uneven steps in HU from which a window was stretched over more values than it had. In 141
real slices of five scanners it is 1.036 at most; a window of 3,000 HU over 12 bits gives 1.36."""
USUAL_STEP = 1.1
"""As ``STRETCHED_STEP``: from here on, the values are unusual."""
USUAL_EVEN_STEP = 2.0
"""Even steps in HU from which the values are unusual: a window of 2,048 HU over 12 bits."""


class Doubt(MessageCode):
    """What in the values speaks against Hounsfield units."""

    NO_AIR = "no_air", "no air: nothing near −1000 HU"
    AIR_ELSEWHERE = "air_elsewhere", "air at {level:.0f} HU instead of −1000"
    NO_TISSUE = "no_tissue", "no soft tissue: {share:.1f} % of the body within ±150 HU"
    BRIGHT_BORDER = "bright_border", "{share:.0f} % of the border above 300 HU"
    TOO_LOW = "too_low", "{share:.1f} % of the image below −1500 HU"
    TOO_HIGH = "too_high", "{share:.1f} % of the body above 4000 HU"
    BRAIN_ELSEWHERE = "brain_elsewhere", "brain at {level:.0f} HU instead of 20 to 45"
    SOFT_ELSEWHERE = "soft_elsewhere", "soft tissue at {level:.0f} HU instead of 20 to 50"
    NO_SOFT_TISSUE = "no_soft_tissue", "{share:.0f} % of the body between 0 and 90 HU"
    CLIPPED = "clipped", "clipped at {low:.0f} and {high:.0f} HU, as by a window"
    STEPS = "steps", "values in steps of {step:.0f} HU"
    UNEVEN_STEPS = (
        "uneven_steps",
        "values in uneven steps of {step:.2f} HU, as by a window that was stretched",
    )


def doubt(
    units: NDArray[np.float32],
    outside: NDArray[np.bool_] | None = None,
    small: Reduced | None = None,
) -> Message | None:
    """Why values (rows, columns) are no Hounsfield units of a body, or None.

    Sure enough to refuse an image by. What is merely rare in real images is told by ``unusual``.

    ``outside``: pixels that are padding by the header, which prove nothing. ``small``: the values
    reduced, where they are already. An image of nearly one value, or of air alone, is not doubted.
    """
    seen = _some(units)
    inside = np.ones(seen.shape, dtype=np.bool_) if outside is None else ~_some(outside)
    inside &= ~_corner_padding(seen)
    values = seen[inside]
    if values.size == 0 or float(values.std()) <= FLAT:
        return None
    return (
        _doubt_about_air(values)
        or _doubt_about_body(values)
        or _doubt_about_border(seen, inside)
        or _doubt_about_lows(seen, inside)
        or _doubt_about_steps(values)
        or _doubt_about_soft_tissue(small or Reduced.of(units))
    )


def shows_body(units: NDArray[np.float32]) -> bool:
    """Whether enough of a body is in an image (rows, columns) for ``doubt`` to have examined it."""
    return float((units > BODY).mean()) >= LEAST_BODY


def bright_padding(units: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Where one value of bone or more fills the corners of an image (rows, columns), else None.

    It surrounds what was scanned, as scanners pad images, though the header says nothing of it.
    """
    corners = units[[0, 0, -1, -1], [0, -1, 0, -1]]
    if (corners != corners[0]).any() or not corners[0] > BONE:
        return None
    field = _field(units)
    same: NDArray[np.bool_] = units == corners[0]
    return None if same[field].mean() > MOST_BELOW else same & ~field


def unusual(
    units: NDArray[np.float32],
    outside: NDArray[np.bool_] | None = None,
    small: Reduced | None = None,
) -> Message | None:
    """What in values that are not doubted is rare in real images, to be said beside the result.

    So are intercepts that are wrong by more than 10, and windows that were stretched over all
    values. ``outside``, ``small``: as for ``doubt``. None where nothing is unusual, or too little
    of a body is there to say so.
    """
    seen = _some(units)
    inside = ~_corner_padding(seen) if outside is None else ~_some(outside)
    level = _unusual_air(seen[inside])
    if level is not None:
        return Message(Doubt.AIR_ELSEWHERE, level=level)
    steps = _unusual_steps(seen[inside])
    if steps is not None:
        return steps
    small = small or Reduced.of(units)
    brain = _brain(small)
    if brain is not None:
        low, level, high = brain
        if low > USUAL_BRAIN[1] or high < USUAL_BRAIN[0]:
            return Message(Doubt.BRAIN_ELSEWHERE, level=level)
    else:
        peak = _soft_peak(_body(small))
        if peak is not None and not USUAL_PEAK[0] <= peak <= USUAL_PEAK[1]:
            return Message(Doubt.SOFT_ELSEWHERE, level=peak)
    return _clipped(seen)


def _brain(small: Reduced) -> tuple[float, float, float] | None:
    """The 20th, 50th and 85th percentile of what a skull encloses; None where it is not brain.

    A skull that is empty, or filled with something else by far, tells nothing of the values.
    """
    inside = small.inside
    if inside is None or inside.share < MOST_OF_BRAIN:
        return None
    low, middle, high = np.percentile(inside.values, _PERCENTILES).tolist()
    return (low, middle, high) if BODY < middle < SKULL_BONE else None


def _body(small: Reduced) -> NDArray[np.float32]:
    """HU of the body in a reduced image; none where it is small, or has too little bone for a
    head: contrast agent in a liver is no wrong intercept.
    """
    body = small.hu[small.hu > BODY]
    is_enough = body.size >= CHECKED_FOR_SOFT * small.hu.size
    if is_enough and (body > SKULL_BONE).sum() >= LEAST_BONE * body.size:
        return body
    return body[:0]


def _soft_peak(body: NDArray[np.float32]) -> float | None:
    """The most common HU of soft tissue but fat; None where there is too little of it."""
    low, high = _PEAK_SOUGHT
    soft = body[(body > low) & (body < high)]
    if soft.size == 0 or soft.size < MOSTLY_SOFT * body.size:
        return None
    counts, edges = np.histogram(soft, bins=np.arange(low, high + 1, _PEAK_BIN))
    smooth = np.convolve(counts, [1, 2, 3, 2, 1], "same")
    return float(edges[int(smooth.argmax())] + _PEAK_BIN / 2)


def _doubt_about_soft_tissue(small: Reduced) -> Message | None:
    """Brain, where a skull encloses it, else the soft tissue of the whole body."""
    brain = _brain(small)
    if brain is not None:
        low, middle, high = brain
        is_stretched = low > STRETCHED[0] and high > STRETCHED[1]
        if low > BRAIN_BAND[1] or high < BRAIN_BAND[0] or is_stretched:
            return Message(Doubt.BRAIN_ELSEWHERE, level=middle)
        return None
    body = _body(small)
    if body.size == 0:
        return None
    share = float(((body >= SOFT_BAND[0]) & (body <= SOFT_BAND[1])).mean())
    if share < LEAST_SOFT:
        return Message(Doubt.NO_SOFT_TISSUE, share=100 * share)
    peak = _soft_peak(body)
    if peak is None or PEAK_BAND[0] <= peak <= PEAK_BAND[1]:
        return None
    return Message(Doubt.SOFT_ELSEWHERE, level=peak)


def _clipped(units: NDArray[np.float32]) -> Message | None:
    low, high = float(units.min()), float(units.max())
    air, bone = units[units < AIR_BAND[1]], units[units > BONE]
    if high < _FULL or air.size == 0 or float((air > low).mean()) > MOST_AIR_ABOVE:
        return None
    if float((bone == high).mean()) < CLIPPED:
        return None
    return Message(Doubt.CLIPPED, low=low, high=high)


def _doubt_about_steps(values: NDArray[np.float32]) -> Message | None:
    levels, counts = _levels(values)
    if len(levels) < LEAST_LEVELS:
        return None
    step = float(np.diff(levels).min())
    if step >= LEAST_STEP:
        return Message(Doubt.STEPS, step=step)
    mean, is_even = _mean_step(levels, counts)
    is_stretched = not is_even and mean >= STRETCHED_STEP
    return Message(Doubt.UNEVEN_STEPS, step=mean) if is_stretched else None


def _unusual_steps(values: NDArray[np.float32]) -> Message | None:
    mean, is_even = _mean_step(*_levels(values))
    if is_even:
        return Message(Doubt.STEPS, step=mean) if mean >= USUAL_EVEN_STEP else None
    return Message(Doubt.UNEVEN_STEPS, step=mean) if mean >= USUAL_STEP else None


def _levels(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The distinct values of soft tissue, ascending, and how many pixels each has."""
    tissue = values[(values > _TISSUE_STEPS[0]) & (values < _TISSUE_STEPS[1])]
    return np.unique(np.round(tissue, 3), return_counts=True)


def _mean_step(levels: NDArray[np.float32], counts: NDArray[np.intp]) -> tuple[float, bool]:
    """Mean step in HU between well-filled values, and whether the steps are alike; 0 for too few.

    Where a range of whole numbers is stretched over a larger one and rounded, values are missing
    in between.
    """
    filled = counts >= WELL_FILLED
    steps = np.diff(levels)[filled[:-1] & filled[1:]]
    if len(steps) < ENOUGH_STEPS:
        return 0.0, True
    is_even = float((steps > UNEVEN * steps.min()).mean()) < LEAST_UNEVEN
    return float(steps.mean()), is_even


def _some(pixels: NDArray[_Value]) -> NDArray[_Value]:
    """Every so many pixels of an image, as many as suffice to tell by."""
    step = max(1, max(pixels.shape) // _ENOUGH)
    return pixels[::step, ::step]


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
    level = _air_level(values)
    if level is None:
        return Message(Doubt.NO_AIR)
    if AIR_BAND[0] <= level <= AIR_BAND[1]:
        return None
    return Message(Doubt.AIR_ELSEWHERE, level=level)


def _air(values: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The values that may be air; None where there are too few."""
    low, high = _AIR_SOUGHT
    air = values[(values > low) & (values < high)]
    return None if air.size == 0 or air.size < LEAST_AIR * values.size else air


def _air_level(values: NDArray[np.float32]) -> float | None:
    """The most common value of the air in HU; None where there is no air."""
    low, high = _AIR_SOUGHT
    air = _air(values)
    if air is None:
        return None
    counts, edges = np.histogram(air, bins=np.arange(low, high + _BIN, _BIN))
    at = int(np.convolve(counts, np.ones(3), "same").argmax())
    commonest = air[(air >= edges[at] - _BIN) & (air < edges[at] + 2 * _BIN)]
    return float(commonest.mean(dtype=np.float64))


def _unusual_air(values: NDArray[np.float32]) -> float | None:
    """The most common value of the air in HU where no calibrated scanner puts it, else None."""
    air = _air(values)
    if air is None:
        return None
    floor = float(air.min())
    if float((air == floor).mean()) >= FLOORED:
        is_usual = any(abs(floor - usual) <= _NEAR_FLOOR for usual in USUAL_FLOORS)
        return None if is_usual else floor
    low = _AIR_SOUGHT[0]
    counts = np.bincount(np.rint(air - low).astype(np.int64))
    commonest = low + int(np.convolve(counts, [1, 2, 3, 2, 1], "same").argmax())
    is_usual = USUAL_AIR[0] <= commonest <= USUAL_AIR[1]
    near_floor = any(abs(commonest - usual) <= 3 * _NEAR_FLOOR for usual in USUAL_FLOORS)
    return None if is_usual or near_floor else commonest


def _doubt_about_body(values: NDArray[np.float32]) -> Message | None:
    body = values[values > _BODY]
    is_small = np.count_nonzero(values > BODY) < LEAST_BODY * values.size
    if is_small and body.size < LEAST_HAIR * values.size:
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
