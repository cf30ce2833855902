"""Where an image lies in a view, and how long a millimetre is there.

Points are (x, y). Those of an image count its own pixels from its top left corner, so that the
middle of the first pixel is (0.5, 0.5); those of a view count screen pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

Point = tuple[float, float]

LEAST_ZOOM, GREATEST_ZOOM = 0.02, 80.0
"""Screen pixels per image pixel between which a view can be zoomed."""


def pixel_shape(spacing: tuple[float, float] | None) -> Point:
    """Width and height of an image's pixel in true proportions; the shorter of them is 1.

    ``spacing`` is that of rows, then of columns (DICOM PS3.3 10.7.1.3); None gives squares.
    """
    if spacing is None or min(spacing) <= 0:
        return 1.0, 1.0
    rows, columns = spacing
    return columns / min(spacing), rows / min(spacing)


@dataclass(frozen=True)
class Placement:
    """Where an image lies in a view."""

    image: Point
    """Columns and rows."""
    pixel: Point
    """Width and height of one of its pixels at zoom 1."""
    view: Point
    zoom: float = 1.0
    centre: Point = (0.0, 0.0)
    """The image's point in the middle of the view."""

    def fitted(self) -> Placement:
        """The whole image, as large as the view allows, in its middle."""
        zoom = min(self.view[i] / (self.image[i] * self.pixel[i]) for i in (0, 1))
        return replace(self, zoom=_zoom(zoom), centre=(self.image[0] / 2, self.image[1] / 2))

    @property
    def scale(self) -> Point:
        """Screen pixels per pixel of the image, across and down."""
        return self.pixel[0] * self.zoom, self.pixel[1] * self.zoom

    def to_view(self, point: Point) -> Point:
        """Where a point of the image lies in the view."""
        x, y = (self.view[i] / 2 + (point[i] - self.centre[i]) * self.scale[i] for i in (0, 1))
        return x, y

    def to_image(self, point: Point) -> Point:
        """Which point of the image lies at a point of the view."""
        x, y = (self.centre[i] + (point[i] - self.view[i] / 2) / self.scale[i] for i in (0, 1))
        return x, y

    def zoomed(self, factor: float, at: Point | None = None) -> Placement:
        """Enlarged by a factor around a point of the view, or around its middle."""
        larger = replace(self, zoom=_zoom(self.zoom * factor))
        if at is None:
            return larger
        before, after = self.to_image(at), larger.to_image(at)
        return larger._centred(
            self.centre[0] + before[0] - after[0], self.centre[1] + before[1] - after[1]
        )

    def panned(self, right: float, down: float) -> Placement:
        """Moved by screen pixels; the middle of the view never leaves the image."""
        return self._centred(
            self.centre[0] - right / self.scale[0], self.centre[1] - down / self.scale[1]
        )

    def _centred(self, x: float, y: float) -> Placement:
        inside = (min(max(x, 0.0), self.image[0]), min(max(y, 0.0), self.image[1]))
        return replace(self, centre=inside)


def _zoom(zoom: float) -> float:
    return min(max(zoom, LEAST_ZOOM), GREATEST_ZOOM)


def drag_zoom(down: float) -> float:
    """The factor of a zoom drag: doubled by 140 screen pixels down, halved by as many up."""
    return math.exp(down / 200.0)


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
