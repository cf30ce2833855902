"""Brings axial images into the standard orientation: the patient's right at the left, face up.

Files may store an image mirrored, upside down or sideways and say so by Image Orientation
(Patient). A reader and a network both expect the standard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from imaging.image import Geometry, Turn

LEAST_AXIAL = 0.5
"""Cosine of the steepest slope of an axial slice, 60°; gantries tilt by 30°."""

Kind = TypeVar("Kind", bound=np.generic)
Vector = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]


def upwards(orientation: Orientation) -> float:
    """Cosine of the angle between a slice's normal and the patient's long axis, 0 to 1."""
    a, b, _, d, e, _ = orientation
    return abs(a * e - b * d)


def standard_turn(orientation: Orientation | None) -> Turn:
    """The turn after which rows run nearest to the left (+x), and columns to the back (+y).

    Directions are those of the patient (DICOM PS3.3 C.7.6.2.1.1). Slices that are not axial, and
    those without an orientation, stay as they are.
    """
    if orientation is None or upwards(orientation) < LEAST_AXIAL:
        return Turn()
    a, b, _, d, e, _ = orientation
    transposed = abs(a) + abs(e) < abs(b) + abs(d)
    to_left, to_back = (d, b) if transposed else (a, e)
    return Turn(transposed, to_left < 0, to_back < 0)


def turned(pixels: NDArray[Kind], turn: Turn) -> NDArray[Kind]:
    """The pixels (rows, columns) after a turn."""
    values = pixels.T if turn.transposed else pixels
    if turn.mirrored:
        values = values[:, ::-1]
    if turn.upside_down:
        values = values[::-1]
    return np.ascontiguousarray(values)


def turned_geometry(geometry: Geometry, turn: Turn, rows: int, columns: int) -> Geometry:
    """What the geometry becomes by a turn; ``rows`` and ``columns`` are those after it.

    The position is that of the pixel that comes first. Without a spacing it stays where it is,
    which is right along the normal.
    """
    if geometry.orientation is None or turn == Turn():
        return geometry
    across, down = geometry.orientation[:3], geometry.orientation[3:]
    spacing, aspect = geometry.spacing, geometry.aspect
    if turn.transposed:
        across, down = down, across
        spacing = None if spacing is None else (spacing[1], spacing[0])
        aspect = None if aspect is None else 1 / aspect
    position = geometry.position
    if turn.mirrored:
        position = _moved(position, across, spacing and spacing[1] * (columns - 1))
        across = _reversed(across)
    if turn.upside_down:
        position = _moved(position, down, spacing and spacing[0] * (rows - 1))
        down = _reversed(down)
    return replace(
        geometry,
        position=position,
        orientation=(*across, *down),
        spacing=spacing,
        aspect=aspect,
    )


def _moved(position: Vector | None, direction: Vector, by: float | None) -> Vector | None:
    if position is None or by is None:
        return position
    x, y, z = (start + by * part for start, part in zip(position, direction, strict=True))
    return x, y, z


def _reversed(direction: Vector) -> Vector:
    x, y, z = (0.0 - part for part in direction)
    return x, y, z
