"""Viewing without Qt: where a picture lies in a view, and what drags, keys and headers mean for it.

Points are (x, y). Those of a picture count its own pixels from its top left corner, so that the
middle of the first pixel is (0.5, 0.5); those of a view count screen pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imaging.errors import Code
from imaging.image import Geometry, Image, ImageHeader, Unit, Window
from imaging.window import full_range, opening_window

Point = tuple[float, float]

LEAST_ZOOM, GREATEST_ZOOM = 0.02, 80.0
FASTER = 4.0
"""How much more a window drag does while Ctrl is down."""
LEAST_WIDTH = 1.0
"""The narrowest window that a drag reaches, in HU or grey values."""


def pixel_shape(spacing: tuple[float, float] | None) -> Point:
    """Width and height of a picture's pixel in true proportions; the shorter of them is 1.

    ``spacing`` is that of rows, then of columns (DICOM PS3.3 10.7.1.3); None gives squares.
    """
    if spacing is None or min(spacing) <= 0:
        return 1.0, 1.0
    rows, columns = spacing
    return columns / min(spacing), rows / min(spacing)


@dataclass(frozen=True)
class Placement:
    """Where a picture lies in a view."""

    picture: Point
    """Columns and rows."""
    pixel: Point
    """Width and height of one of its pixels at zoom 1."""
    view: Point
    zoom: float = 1.0
    centre: Point = (0.0, 0.0)
    """The picture's point in the middle of the view."""

    def fitted(self) -> Placement:
        """The whole picture, as large as the view allows, in its middle."""
        zoom = min(self.view[i] / (self.picture[i] * self.pixel[i]) for i in (0, 1))
        return replace(self, zoom=_zoom(zoom), centre=(self.picture[0] / 2, self.picture[1] / 2))

    @property
    def scale(self) -> Point:
        """Screen pixels per pixel of the picture, across and down."""
        return self.pixel[0] * self.zoom, self.pixel[1] * self.zoom

    def to_view(self, point: Point) -> Point:
        """Where a point of the picture lies in the view."""
        x, y = (self.view[i] / 2 + (point[i] - self.centre[i]) * self.scale[i] for i in (0, 1))
        return x, y

    def to_picture(self, point: Point) -> Point:
        """Which point of the picture lies at a point of the view."""
        x, y = (self.centre[i] + (point[i] - self.view[i] / 2) / self.scale[i] for i in (0, 1))
        return x, y

    def zoomed(self, factor: float, at: Point | None = None) -> Placement:
        """Enlarged by a factor around a point of the view, or around its middle."""
        larger = replace(self, zoom=_zoom(self.zoom * factor))
        if at is None:
            return larger
        before, after = self.to_picture(at), larger.to_picture(at)
        return larger._centred(
            self.centre[0] + before[0] - after[0], self.centre[1] + before[1] - after[1]
        )

    def panned(self, right: float, down: float) -> Placement:
        """Moved by screen pixels; the middle of the view never leaves the picture."""
        return self._centred(
            self.centre[0] - right / self.scale[0], self.centre[1] - down / self.scale[1]
        )

    def _centred(self, x: float, y: float) -> Placement:
        inside = (min(max(x, 0.0), self.picture[0]), min(max(y, 0.0), self.picture[1]))
        return replace(self, centre=inside)


def _zoom(zoom: float) -> float:
    return min(max(zoom, LEAST_ZOOM), GREATEST_ZOOM)


def drag_zoom(down: float) -> float:
    """The factor of a zoom drag: doubled by 140 screen pixels down, halved by as many up."""
    return math.exp(down / 200.0)


def drag_step(window: Window) -> float:
    """HU (or grey values) per screen pixel for a drag that begins at this window."""
    return min(max(window.width / 256.0, 0.25), 8.0)


def dragged(
    window: Window, right: float, down: float, step: float, down_is_brighter: bool = True
) -> Window:
    """The window after a drag of so many screen pixels: right widens, down lowers the level."""
    sign = -1.0 if down_is_brighter else 1.0
    return Window(max(window.width + right * step, LEAST_WIDTH), window.level + sign * down * step)


def digit_window(image: Image, key: str, named: dict[str, Window]) -> Window | None:
    """The window of a digit key: 0 full range, 1 the file's own, the others as named, in HU.

    None where the key has no window for this scan: HU mean nothing to a grey picture.
    """
    if key == "0":
        return full_range(image)
    if key == "1":
        grey = image.header.unit is Unit.GREY
        return opening_window(image) if grey else image.header.window
    return named.get(key) if image.header.unit is Unit.HOUNSFIELD else None


def value_at(image: Image, point: Point) -> float | None:
    """The pixel value at a point of the picture, in the scan's unit, or None outside it."""
    column, row = math.floor(point[0]), math.floor(point[1])
    rows, columns = image.pixels.shape
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    return float(image.pixels[row, column])


def letters(direction: Sequence[float]) -> str:
    """What a direction in patient coordinates points to, as in "L" or "AL" (PS3.3 C.7.6.1.1.1).

    Letters R L A P H F, the strongest first; a component counts from 22.5 degrees on.
    """
    names = ("LR", "PA", "HF")
    length = math.hypot(*direction)
    if not length > 0:
        return ""
    strong = [
        (-abs(part), pair[0] if part > 0 else pair[1])
        for pair, part in zip(names, direction, strict=True)
        if abs(part) / length >= math.sin(math.radians(22.5))
    ]
    return "".join(letter for _, letter in sorted(strong))


def edge_letters(geometry: Geometry) -> tuple[str, str, str, str]:
    """Orientation letters for the left, top, right and bottom edge; empty where not known."""
    if geometry.orientation is None:
        return "", "", "", ""
    across, down = geometry.orientation[:3], geometry.orientation[3:]
    return (
        letters([-part for part in across]),
        letters([-part for part in down]),
        letters(across),
        letters(down),
    )


def slice_position(geometry: Geometry) -> float | None:
    """Millimetres along the slice normal, or along the patient's axis without an orientation."""
    if geometry.position is None:
        return None
    if geometry.orientation is None:
        return geometry.position[2]
    normal = np.cross(geometry.orientation[:3], geometry.orientation[3:])
    return float(np.dot(normal, geometry.position))


def scale_bar(
    spacing: tuple[float, float], zoom: float, available: float
) -> tuple[float, float] | None:
    """The longest bar of 1, 2 or 5 times a power of ten that fits: (millimetres, screen pixels)."""
    if min(spacing) <= 0:
        return None
    longest = available * min(spacing) / zoom
    if not longest > 0:
        return None
    power = 10.0 ** math.floor(math.log10(longest))
    fitting = (factor for factor in (5.0, 2.0) if factor * power <= longest)
    length = next(fitting, 1.0) * power
    return length, length * zoom / min(spacing)


def is_lossy(header: ImageHeader) -> bool:
    """Whether the file says, or its format means, that compression lost something."""
    return any(problem.code is Code.LOSSY for problem in header.warnings)
