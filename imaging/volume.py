"""Volume: the slices of one axial CT series, and the coronal and sagittal planes through them.

Slices lie where their headers say (DICOM PS3.3 C.7.6.2.1.1), with uneven distances and gantry tilt.
A point of a volume is (u, v, w) in millimetres from the middle of the lowest slice's first pixel:
u along the rows, to the patient's left; v along the columns, to the back; w along the slices'
normal, to the head. What is no volume is refused: no geometry is guessed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import Geometry, Image, ImageHeader, Unit
from imaging.messages import Message, MessageCode, MessageError
from imaging.orientation import LEAST_AXIAL, upwards
from imaging.reading import read_image
from imaging.series import LEAST_SHEAR, PARALLEL, SAME_PLACE, Entry

LEAST_SLICES = 8
"""Fewer slices are no volume."""
MOST_VOXELS = 1 << 28
"""1,024 slices of 512 × 512; they take 512 MiB."""
MOST_GAP = 1.5
"""So many times its thickness, or the distances beside it, lie two slices apart at most; further
apart, a slice is missing."""
MOST_LEAN = 45.0
"""Degrees between the slices' normal and the way from slice to slice. Gantries tilt by 30."""
SAME_SPACING = 0.001
"""Millimetres by which the pixel spacings of one series may differ."""
OUTSIDE = -1000.0
"""HU shown where no slice has a pixel: air, as for padding."""
MOST_SLAB = 40.0
"""Millimetres of the thickest slab."""

SLICES_AT_ONCE = 10
"""Slices whose layers are compared at a time: few enough to lie in the processor's cache."""
_NONE = 1e-3
"""So small a part of a pixel counts as none."""

Floats = NDArray[np.float64]


class VolumeCode(MessageCode):
    """Why no volume can be made of a series."""

    TOO_FEW = "volume_too_few", "Planes need at least {least} slices; this series has {count}."
    NOT_CT = "volume_not_ct", "Planes are made of CT slices with HU alone."
    MIXED_SERIES = "volume_mixed_series", "The images belong to more than one series."
    MIXED_SIZES = "volume_mixed_sizes", "The slices differ in size or pixel spacing."
    MIXED_ORIENTATION = "volume_mixed_orientation", "The slices differ in orientation."
    MIXED_FRAMES = "volume_mixed_frames", "The slices differ in frame of reference."
    NO_GEOMETRY = (
        "volume_no_geometry",
        "Position, orientation or pixel spacing is missing in {count} of {of} slices.",
    )
    NOT_AXIAL = "volume_not_axial", "Planes are made of axial slices alone."
    SAME_PLACE = "volume_same_place", "Several slices lie at one place."
    GAP = "volume_gap", "A slice is missing: two neighbours lie {distance:.1f} mm apart."
    LEANING = "volume_leaning", "The positions contradict the orientation of the slices."
    TILT_NOT_IN_POSITIONS = (
        "volume_tilt_not_in_positions",
        "The header gives a gantry tilt of {degrees:.1f}° that its positions do not show.",
    )
    TOO_LARGE = "volume_too_large", "The series is too large for planes: {count} slices."
    SLICE_FAILED = "volume_slice_failed", "A slice could not be read: {reason}"
    CHANGED = "volume_changed", "A file has changed since the folder was opened."


class VolumeError(MessageError):
    """No volume can be made; the message says why."""


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
class Stack:
    """Where the slices of a series lie, known from their headers alone."""

    headers: tuple[ImageHeader, ...]
    """From the feet to the head."""
    members: tuple[int, ...]
    """Of each slice, its index in what the stack was made of."""
    corners: Floats
    """(slices, 3): u, v, w of the middle of each slice's first pixel."""
    axes: Floats
    """(3, 3): the directions of u, v and w in the patient."""

    @property
    def spacing(self) -> tuple[float, float]:
        """Millimetres between rows, then between columns."""
        spacing = self.headers[0].geometry.spacing
        assert spacing is not None
        return spacing

    @property
    def origin(self) -> Floats:
        """Where u, v and w are 0, in the patient."""
        return np.asarray(self.headers[0].geometry.position, dtype=np.float64)

    @property
    def lean(self) -> float:
        """Degrees of gantry tilt, as the way from slice to slice shows."""
        return _lean(self.corners)

    @property
    def bytes(self) -> int:
        """How much memory its values take."""
        first = self.headers[0]
        return len(self.headers) * first.rows * first.columns * np.dtype(np.int16).itemsize

    def slice_near(self, w: float) -> int:
        """The slice, counted from the feet, that lies nearest to a height."""
        return int(np.abs(self.corners[:, 2] - w).argmin())

    def to_pixel(self, number: int, u: float, v: float) -> tuple[float, float]:
        """X and y of a point in a slice's own pixels, the middle of the first at (0.5, 0.5)."""
        rows, columns = self.spacing
        at_u, at_v, _ = self.corners[number].tolist()
        return (u - at_u) / columns + 0.5, (v - at_v) / rows + 0.5

    def from_pixel(self, number: int, x: float, y: float) -> tuple[float, float]:
        """U and v of a point of a slice."""
        rows, columns = self.spacing
        at_u, at_v, _ = self.corners[number].tolist()
        return at_u + (x - 0.5) * columns, at_v + (y - 0.5) * rows

    @property
    def middle(self) -> tuple[float, float]:
        """U and v of the middle of the middle slice."""
        header = self.headers[len(self.headers) // 2]
        return self.from_pixel(len(self.headers) // 2, header.columns / 2, header.rows / 2)


def stack_of(entries: Sequence[Entry]) -> Stack:
    """Put the slices of one series in place by their headers. Raises VolumeError.

    Refused: fewer than ``LEAST_SLICES``; what is no CT in HU; more than one series, size, spacing,
    orientation or frame of reference; slices that are not axial; missing positions; two slices
    at one place; a missing slice; positions that contradict the orientation or the gantry tilt.
    """
    headers = [header for _, header in entries]
    _refuse_unlike(entries)
    geometries = [header.geometry for header in headers]
    axes = _axes(geometries[0])
    positions = np.asarray([geometry.position for geometry in geometries], dtype=np.float64)
    order = np.argsort(positions @ axes[2], kind="stable")
    corners = (positions[order] - positions[order[0]]) @ axes.T
    in_order = [headers[at] for at in order]
    _refuse_distances(in_order, np.diff(corners[:, 2]))
    _refuse_lean(in_order, corners, axes)
    stack = Stack(tuple(in_order), tuple(order.tolist()), corners, axes)
    if stack.bytes > MOST_VOXELS * np.dtype(np.int16).itemsize:
        raise _refusal(VolumeCode.TOO_LARGE, count=len(headers))
    return stack


def _refusal(code: VolumeCode, **values: str | int | float | Message) -> VolumeError:
    return VolumeError(Message(code, **values))


def _refuse_unlike(entries: Sequence[Entry]) -> None:
    """All of one series, size and orientation, CT in HU, each with its place."""
    headers = [header for _, header in entries]
    if len(headers) < LEAST_SLICES:
        raise _refusal(VolumeCode.TOO_FEW, least=LEAST_SLICES, count=len(headers))
    if any(not _is_ct(header) for header in headers):
        raise _refusal(VolumeCode.NOT_CT)
    if len({_series_of(entry) for entry in entries}) > 1:
        raise _refusal(VolumeCode.MIXED_SERIES)
    missing = sum(not _is_placed(header.geometry) for header in headers)
    if missing:
        raise _refusal(VolumeCode.NO_GEOMETRY, count=missing, of=len(headers))
    geometries = [header.geometry for header in headers]
    spacings = np.asarray([geometry.spacing for geometry in geometries])
    sizes = {(header.rows, header.columns) for header in headers}
    if len(sizes) > 1 or float(np.ptp(spacings, axis=0).max()) > SAME_SPACING:
        raise _refusal(VolumeCode.MIXED_SIZES)
    if len({geometry.frame_of_reference for geometry in geometries}) > 1:
        raise _refusal(VolumeCode.MIXED_FRAMES)
    directions = np.asarray([geometry.orientation for geometry in geometries]).reshape(-1, 2, 3)
    if float((directions * directions[0]).sum(axis=2).min()) <= PARALLEL:
        raise _refusal(VolumeCode.MIXED_ORIENTATION)
    orientation = geometries[0].orientation
    if orientation is None or upwards(orientation) < LEAST_AXIAL:
        raise _refusal(VolumeCode.NOT_AXIAL)
    if min(orientation[0], orientation[4]) <= 0:  # what was not turned to the standard
        raise _refusal(VolumeCode.NOT_AXIAL)


def _is_ct(header: ImageHeader) -> bool:
    return header.unit is Unit.HOUNSFIELD and header.not_hounsfield is None and not header.colour


def _is_placed(geometry: Geometry) -> bool:
    return None not in (geometry.position, geometry.orientation, geometry.spacing)


def _series_of(entry: Entry) -> tuple[object, ...]:
    path, header = entry
    if header.kind != "DICOM":
        return header.kind, str(path)
    who = header.identity
    return (*who.patient_key, who.study_uid, who.series_uid or os.path.dirname(path))  # noqa: PTH120


def _axes(geometry: Geometry) -> Floats:
    assert geometry.orientation is not None
    across = np.asarray(geometry.orientation[:3], dtype=np.float64)
    down = np.asarray(geometry.orientation[3:], dtype=np.float64)
    across /= np.linalg.norm(across)
    down -= (down @ across) * across
    down /= np.linalg.norm(down)
    return np.stack([across, down, np.cross(across, down)])


def _refuse_distances(headers: Sequence[ImageHeader], distances: Floats) -> None:
    if float(distances.min()) <= SAME_PLACE:
        raise _refusal(VolumeCode.SAME_PLACE)
    beside = np.concatenate([[0.0], distances, [0.0]])
    beside = np.maximum(beside[:-2], beside[2:])
    thickness = np.asarray([header.geometry.thickness or 0.0 for header in headers])
    thickness = np.maximum(thickness[:-1], thickness[1:])
    # Without a thickness the distances beside it have to do.
    thickness = np.where(thickness > 0, thickness, beside)
    gaps = distances > MOST_GAP * np.minimum(thickness, beside) + SAME_PLACE
    if gaps.any():
        raise _refusal(VolumeCode.GAP, distance=float(distances[gaps].max()))


def _lean(corners: Floats) -> float:
    across, down, along = (corners[-1] - corners[0]).tolist()
    return math.degrees(math.atan2(math.hypot(across, down), along))


def _refuse_lean(headers: Sequence[ImageHeader], corners: Floats, axes: Floats) -> None:
    if _lean(corners) > MOST_LEAN:
        raise _refusal(VolumeCode.LEANING)
    tilt = max((header.geometry.tilt or 0.0 for header in headers), key=abs)
    upright = math.degrees(math.acos(min(abs(float(axes[2, 2])), 1.0))) < LEAST_SHEAR
    if abs(tilt) >= LEAST_SHEAR and upright and _lean(corners) < LEAST_SHEAR:
        raise _refusal(VolumeCode.TILT_NOT_IN_POSITIONS, degrees=tilt)


# -- values


@dataclass(frozen=True, eq=False)
class Slice:
    """A slice as it was read: whole HU, int16 (rows, columns)."""

    header: ImageHeader
    values: NDArray[np.int16]


def read_slice(path: Path, frame: int) -> Slice:
    """Read one slice. Raises ImageError; call it in a ``Sandbox``."""
    image = read_image(path, frame)
    limits = np.iinfo(np.int16)
    values = np.clip(np.rint(image.pixels), limits.min, limits.max).astype(np.int16)
    return Slice(image.header, values)


def check_slice(listed: ImageHeader, read: Slice) -> None:
    """Refuse a slice whose file is not what the stack was made of. Raises VolumeError."""
    header = read.header
    if not header.is_same_image(listed):
        raise _refusal(VolumeCode.CHANGED)
    if read.values.shape != (listed.rows, listed.columns):
        raise _refusal(VolumeCode.CHANGED)
    if not _is_ct(header):  # what only the pixels show
        raise _refusal(VolumeCode.NOT_CT)


def slice_failed(problem: Problem) -> VolumeError:
    """The refusal of a series one of whose slices cannot be read: none is left out."""
    return _refusal(VolumeCode.SLICE_FAILED, reason=Message(problem.code))


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
