"""Volume: the values of a stack of slices, and the coronal and sagittal planes through them.

Points are those of the stack: (u, v, w) in millimetres, to the left, to the back and to the head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code
from imaging.image import Geometry, Image, ImageHeader
from imaging.stack import Floats, Stack

OUTSIDE = -1000.0
"""HU shown where no slice has a pixel: air, as for padding."""
MOST_SLAB = 40.0
"""Millimetres of the thickest slab."""

SLICES_AT_ONCE = 10
"""Slices whose layers are compared at a time: few enough to lie in the processor's cache."""
_NONE = 1e-3
"""So small a part of a pixel counts as none."""


class Direction(StrEnum):
    """Which way a plane lies."""

    CORONAL = "coronal"
    SAGITTAL = "sagittal"


class Blend(StrEnum):
    """What a slab shows of the values that lie behind each other."""

    MEAN = "mean"
    MAXIMUM = "maximum"


@dataclass(frozen=True)
class Slab:
    """How thick a plane is, in millimetres; 0 is one pixel."""

    thickness: float = 0.0
    blend: Blend = Blend.MEAN

    def layers(self, spacing: float) -> int:
        """How many pixels of so many millimetres it takes, at least one."""
        return max(round(min(self.thickness, MOST_SLAB) / spacing), 1)


@dataclass(frozen=True, eq=False)
class Volume:
    """The values of a stack, and the planes through them.

    Planes reach from the middle of the highest slice down to that of the lowest, in rows as far
    apart as the slices' pixels. Coronal ones run from the patient's right to the left, sagittal
    ones from front to back.
    """

    stack: Stack
    values: NDArray[np.int16]
    """(slices, rows, columns), from the feet to the head."""

    def count(self, direction: Direction) -> int:
        """How many planes there are: one a pixel."""
        return self._cut(direction).count

    def spacing(self, direction: Direction) -> float:
        """Millimetres from plane to plane."""
        return self._cut(direction).step

    def index_at(self, direction: Direction, u: float, v: float) -> int:
        """The plane nearest to a point, within the volume."""
        cut, at = self._cut(direction), v if direction is Direction.CORONAL else u
        return min(max(round((at - cut.lowest) / cut.step), 0), cut.count - 1)

    def place_of(self, direction: Direction, index: int) -> float:
        """The v of a coronal plane, the u of a sagittal one."""
        cut = self._cut(direction)
        return cut.lowest + index * cut.step

    def to_pixel(self, direction: Direction, u: float, v: float, w: float) -> tuple[float, float]:
        """X and y of a point in a plane's pixels, the middle of the first at (0.5, 0.5)."""
        along = self._along(direction)
        at = u if direction is Direction.CORONAL else v
        return (at - along.lowest) / along.step + 0.5, (self._top - w) / self._down + 0.5

    def from_pixel(self, direction: Direction, x: float, y: float) -> tuple[float, float]:
        """Of a point of a plane: u of a coronal or v of a sagittal one, then w."""
        along = self._along(direction)
        return along.lowest + (x - 0.5) * along.step, self._top - (y - 0.5) * self._down

    def plane(self, direction: Direction, index: int, slab: Slab = Slab()) -> Image:
        """A plane or slab in HU: float32 (rows, columns), with its own geometry.

        Within each slice a slab takes the mean or the maximum; between slices it is interpolated.
        """
        cut, along = self._cut(direction), self._along(direction)
        at = (cut.lowest + index * cut.step - cut.starts) / cut.step
        values = self.values if direction is Direction.CORONAL else self.values.swapaxes(1, 2)
        section = _section(values, at, slab.layers(cut.step), slab.blend)
        section = _shifted(section, (along.starts - along.lowest) / along.step, along.count)
        lower, share = self._between
        pixels = section[lower + 1]
        pixels -= section[lower]
        pixels *= share
        pixels += section[lower]
        pixels[np.isnan(pixels)] = OUTSIDE
        return Image(self._header(direction, index, slab, pixels.shape), pixels)

    # -- grids

    def _cut(self, direction: Direction) -> _Axis:
        """The axis that planes of this direction are numbered along."""
        return self._back if direction is Direction.CORONAL else self._left

    def _along(self, direction: Direction) -> _Axis:
        """The axis that their rows run along."""
        return self._left if direction is Direction.CORONAL else self._back

    @cached_property
    def _left(self) -> _Axis:
        return _Axis.of(self.stack.corners[:, 0], self.stack.spacing[1], self.values.shape[2])

    @cached_property
    def _back(self) -> _Axis:
        return _Axis.of(self.stack.corners[:, 1], self.stack.spacing[0], self.values.shape[1])

    @property
    def _down(self) -> float:
        """Millimetres between the rows of a plane."""
        return min(self.stack.spacing)

    @property
    def _top(self) -> float:
        return float(self.stack.corners[-1, 2])

    @cached_property
    def _between(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Of each row of a plane, the slice below it and how far it is on to the one above."""
        places = self.stack.corners[:, 2]
        rows = math.floor(self._top / self._down + 1e-6) + 1
        heights = np.maximum(self._top - self._down * np.arange(rows), 0.0)
        lower = np.clip(np.searchsorted(places, heights, "right") - 1, 0, len(places) - 2)
        share = (heights - places[lower]) / (places[lower + 1] - places[lower])
        return lower, share.astype(np.float32)[:, np.newaxis]

    def _header(
        self, direction: Direction, index: int, slab: Slab, shape: tuple[int, ...]
    ) -> ImageHeader:
        """What is known of a plane. It is derived: it has no instance of its own."""
        stack, first = self.stack, self.stack.headers[0]
        along, cut = self._along(direction), self._cut(direction)
        across, normal = (0, 1) if direction is Direction.CORONAL else (1, 0)
        at = np.zeros(3)
        at[across], at[normal] = along.lowest, self.place_of(direction, index)
        at[2] = self._top
        x, y, z = (stack.origin + at @ stack.axes).tolist()
        orientation = (*stack.axes[across].tolist(), *(-stack.axes[2]).tolist())
        geometry = Geometry(
            position=(x, y, z),
            orientation=orientation,
            spacing=(self._down, along.step),
            thickness=round(slab.layers(cut.step) * cut.step, 2),
            kvp=first.geometry.kvp,
            frame_of_reference=first.geometry.frame_of_reference,
        )
        told = {each.code: each for header in stack.headers for each in header.warnings}
        return replace(
            first,
            rows=shape[0],
            columns=shape[1],
            frame=0,
            frames=1,
            image_type=("DERIVED", "SECONDARY", "REFORMATTED"),
            sop_uid="",
            instance_number=None,
            geometry=geometry,
            warnings=tuple(told[code] for code in (Code.LOSSY, Code.CONTRAST) if code in told),
        )


@dataclass(frozen=True, eq=False)
class _Axis:
    """A grid that all slices' pixels of one direction fit into."""

    starts: Floats
    """Of each slice, where its first pixel lies."""
    lowest: float
    step: float
    count: int

    @classmethod
    def of(cls, starts: Floats, step: float, pixels: int) -> _Axis:
        shift = float(np.ptp(starts)) / step
        return cls(starts, float(starts.min()), step, pixels + math.floor(shift + _NONE))


def _split(at: Floats) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Places in pixels as whole ones and what is left."""
    whole = np.floor(at + _NONE)
    left = np.where(at - whole < _NONE, 0.0, at - whole)
    return whole.astype(np.intp), left.astype(np.float32)


def _section(
    values: NDArray[np.int16], at: Floats, layers: int, blend: Blend
) -> NDArray[np.float32]:
    """Of each slice one line, float32 (slices, along), cut out of (slices, across, along).

    ``at`` (slices,): where the middle of the cut lies in each slice's pixels; ``layers``: how many
    pixels thick it is. A slice that the middle misses gives a line of NaN.
    """
    first, share = _split(at - (layers - 1) / 2)
    last = values.shape[1] - 1
    if layers == 1:
        slices, part = np.arange(len(values)), share[:, np.newaxis]
        line = values[slices, np.clip(first, 0, last)].astype(np.float32)
        if share.any():
            line += part * (values[slices, np.clip(first + 1, 0, last)] - line)
    elif np.ptp(first) == 0 and np.ptp(share) == 0:
        line = _even_slab(values, int(first[0]), float(share[0]), layers, blend)
    else:
        line = np.empty((len(values), values.shape[2]), dtype=np.float32)
        # Slice by slice: what lies behind each other in a slice is near in memory.
        for number, (start, part) in enumerate(zip(first.tolist(), share.tolist(), strict=True)):
            wanted = np.clip(np.arange(start, start + layers + (part > 0)), 0, last)
            line[number] = _blended(values[number, wanted], part, blend)
    line[(at < -_NONE) | (at > last + _NONE)] = np.nan
    return line


def _even_slab(
    values: NDArray[np.int16], start: int, share: float, layers: int, blend: Blend
) -> NDArray[np.float32]:
    """The slab of all slices (slices, along), where it lies in the same pixels of each."""
    places = np.clip(np.arange(start, start + layers + (share > 0)), 0, values.shape[1] - 1)
    whole = int(places[-1]) - int(places[0]) + 1 == len(places)  # a range takes no copy
    wanted = slice(int(places[0]), int(places[-1]) + 1) if whole else places
    if blend is Blend.MEAN:
        weights = np.full(len(places), 1 / layers, dtype=np.float32)
        if share > 0:
            weights[0] *= 1 - share
            weights[-1] *= share
        return weights @ values[:, wanted].astype(np.float32)
    slab = np.empty((len(values), values.shape[2]), dtype=np.float32)
    for first in range(0, len(values), SLICES_AT_ONCE):
        few = slice(first, first + SLICES_AT_ONCE)
        block = np.ascontiguousarray(values[few, wanted].swapaxes(0, 1))
        if share > 0:
            even = block.astype(np.float32)
            slab[few] = ((1 - share) * even[:-1] + share * even[1:]).max(0)
        else:
            slab[few] = block.max(0)
    return slab


def _blended(block: NDArray[np.int16], share: float, blend: Blend) -> NDArray[np.float32]:
    """The mean or maximum of layers (layers, along), each taken a share of a pixel further on."""
    layers = block.astype(np.float32)
    if share > 0:
        layers = (1 - share) * layers[:-1] + share * layers[1:]
    blended: NDArray[np.float32] = layers.max(0) if blend is Blend.MAXIMUM else layers.mean(0)
    return blended


def _shifted(section: NDArray[np.float32], shifts: Floats, columns: int) -> NDArray[np.float32]:
    """The lines of a section, each so many pixels on, in a grid of so many columns; NaN beside."""
    wide = section.shape[1]
    if columns == wide and not shifts.any():
        return section
    whole, share = _split(-shifts)
    at = whole[:, np.newaxis] + np.arange(columns)
    before = np.take_along_axis(section, np.clip(at, 0, wide - 1), axis=1)
    after = np.take_along_axis(section, np.clip(at + 1, 0, wide - 1), axis=1)
    after -= before
    after *= share[:, np.newaxis]
    after += before
    middle = at + share[:, np.newaxis]
    after[(middle < -_NONE) | (middle > wide - 1 + _NONE)] = np.nan
    return after
