"""What the left button does, and the distances, angles and ovals that it leaves on a scan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QCoreApplication

from desktop.viewer.measuring import angle, distance, ellipse
from desktop.viewer.overlay import value_text
from desktop.viewer.placement import Point
from imaging.image import Image

translate = QCoreApplication.translate


class Tool(Enum):
    """What the left button does; the value is its key."""

    WINDOW = "W"
    PAN = "T"
    ZOOM = "Z"
    SCROLL = "S"
    DISTANCE = "D"
    ANGLE = "A"
    ELLIPSE = "E"

    @property
    def measures(self) -> bool:
        """Whether the tool leaves something on the picture."""
        return self in (Tool.DISTANCE, Tool.ANGLE, Tool.ELLIPSE)


def tool_name(tool: Tool) -> str:
    """The tool's name in the reader's language."""
    return {
        Tool.WINDOW: translate("Viewer", "Window"),
        Tool.PAN: translate("Viewer", "Pan"),
        Tool.ZOOM: translate("Viewer", "Zoom"),
        Tool.SCROLL: translate("Viewer", "Scroll"),
        Tool.DISTANCE: translate("Viewer", "Distance"),
        Tool.ANGLE: translate("Viewer", "Angle: drag one arm, click the other"),
        Tool.ELLIPSE: translate("Viewer", "Oval region"),
    }[tool]


@dataclass(frozen=True)
class Measurement:
    """One measurement by its points in the picture: two, or for an angle arm, corner, arm."""

    tool: Tool
    points: tuple[Point, ...]

    def moved(self, index: int, point: Point) -> Measurement:
        """With one point elsewhere."""
        return replace(self, points=(*self.points[:index], point, *self.points[index + 1 :]))

    def lines(self, image: Image) -> list[str]:
        """What it measures, as lines of text; mm only where the spacing is known."""
        spacing = image.header.geometry.spacing
        if self.tool is Tool.DISTANCE:
            return [f"{distance(self.points[0], self.points[1], spacing):.1f} {_unit(image)}"]
        if self.tool is Tool.ANGLE:
            degrees = angle(*self.points, spacing) if len(self.points) == 3 else None
            return [] if degrees is None else [f"{degrees:.1f}°"]
        return self._region_lines(image)

    def _region_lines(self, image: Image) -> list[str]:
        region = ellipse(image, self.points[0], self.points[1])
        if region is None:
            return []
        mean = translate("Viewer", "mean {mean}, SD {deviation}")
        extremes = translate("Viewer", "min {minimum}, max {maximum}")
        area = translate("Viewer", "area {area} {unit}²")
        unit = image.header.unit
        return [
            mean.format(mean=value_text(region.mean, unit), deviation=f"{region.deviation:.1f}"),
            extremes.format(minimum=round(region.minimum), maximum=round(region.maximum)),
            area.format(area=f"{region.area:.0f}", unit=_unit(image)),
        ]


def _unit(image: Image) -> str:
    return "px" if image.header.geometry.spacing is None else "mm"
