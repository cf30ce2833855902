"""Stack: where the slices of one axial CT series lie, or why they are no volume.

Slices lie where their headers say (DICOM PS3.3 C.7.6.2.1.1), with uneven distances and gantry tilt.
A point is (u, v, w) in millimetres from the middle of the lowest slice's first pixel: u along the
rows, to the patient's left; v along the columns, to the back; w along the slices' normal, to the
head. What is no volume is refused: no geometry is guessed.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Problem
from imaging.image import Geometry, ImageHeader, Unit
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
