"""Measuring on an image: distance, angle, and the values in an ellipse.

Points are (x, y) in the image's pixels from its top left corner. Spacing is that of rows, then of
columns, in millimetres; without it lengths are in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from desktop.viewer.placement import Point
from imaging.image import Image

Spacing = tuple[float, float] | None


def _steps(start: Point, end: Point, spacing: Spacing) -> Point:
    rows, columns = spacing or (1.0, 1.0)
    return (end[0] - start[0]) * columns, (end[1] - start[1]) * rows


def distance(start: Point, end: Point, spacing: Spacing) -> float:
    """The distance of two points, in millimetres where the spacing is known, else in pixels."""
    return math.hypot(*_steps(start, end, spacing))


def angle(start: Point, corner: Point, end: Point, spacing: Spacing) -> float | None:
    """The angle at ``corner`` in degrees, 0 to 180; None where an arm has no length."""
    one, other = _steps(corner, start, spacing), _steps(corner, end, spacing)
    if not (any(one) and any(other)):
        return None
    cross = one[0] * other[1] - one[1] * other[0]
    return abs(math.degrees(math.atan2(cross, one[0] * other[0] + one[1] * other[1])))


@dataclass(frozen=True)
class Region:
    """What the pixels in a region hold, in the image's unit."""

    mean: float
    deviation: float
    """Standard deviation of the pixels themselves (divided by their number)."""
    minimum: float
    maximum: float
    pixels: int
    area: float
    """Of the outline: square millimetres where the spacing is known, else square pixels."""


def ellipse(image: Image, corner: Point, opposite: Point) -> Region | None:
    """The values in the ellipse that two opposite corners span; a pixel counts by its middle.

    None where no pixel's middle lies inside.
    """
    left, right = sorted((corner[0], opposite[0]))
    top, bottom = sorted((corner[1], opposite[1]))
    rows, columns = image.pixels.shape
    first_row, last_row = max(math.floor(top), 0), min(math.ceil(bottom), rows)
    first_column, last_column = max(math.floor(left), 0), min(math.ceil(right), columns)
    width, height = right - left, bottom - top
    if last_row <= first_row or last_column <= first_column or not (width > 0 and height > 0):
        return None
    across = (np.arange(first_column, last_column) + 0.5 - (left + right) / 2) / (width / 2)
    down = (np.arange(first_row, last_row) + 0.5 - (top + bottom) / 2) / (height / 2)
    inside = across[np.newaxis, :] ** 2 + down[:, np.newaxis] ** 2 <= 1.0
    values = image.pixels[first_row:last_row, first_column:last_column][inside].astype(np.float64)
    if values.size == 0:
        return None
    row_spacing, column_spacing = image.header.geometry.spacing or (1.0, 1.0)
    return Region(
        mean=float(values.mean()),
        deviation=float(values.std()),
        minimum=float(values.min()),
        maximum=float(values.max()),
        pixels=int(values.size),
        area=math.pi / 4 * width * height * row_spacing * column_spacing,
    )


def value_at(image: Image, point: Point) -> float | None:
    """The pixel value at a point of the image, in the image's unit, or None outside it."""
    column, row = math.floor(point[0]), math.floor(point[1])
    rows, columns = image.pixels.shape
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    return float(image.pixels[row, column])
