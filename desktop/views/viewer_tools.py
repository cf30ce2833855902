"""What the left button does, and the distances, angles and ovals that it leaves on a scan."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QCoreApplication

from desktop.engine.measure import angle, distance, oval
from desktop.engine.viewing import Placement, Point
from desktop.views.viewer_overlay import value_text
from scans.scan import Scan

translate = QCoreApplication.translate

NEAR = 8.0
"""Screen pixels within which a press takes hold of a point that is already there."""
SHORTEST = 3.0
"""A drag of fewer screen pixels leaves no measurement."""


class Tool(Enum):
    """What the left button does; the value is its key."""

    WINDOW = "W"
    PAN = "T"
    ZOOM = "Z"
    SCROLL = "S"
    DISTANCE = "D"
    ANGLE = "A"
    OVAL = "E"

    @property
    def measures(self) -> bool:
        """Whether the tool leaves something on the picture."""
        return self in (Tool.DISTANCE, Tool.ANGLE, Tool.OVAL)


@dataclass(frozen=True)
class Measurement:
    """One measurement by its points in the picture: two, or for an angle arm, corner, arm."""

    tool: Tool
    points: tuple[Point, ...]

    def moved(self, index: int, point: Point) -> Measurement:
        """With one point elsewhere."""
        return replace(self, points=(*self.points[:index], point, *self.points[index + 1 :]))

    def lines(self, scan: Scan) -> list[str]:
        """What it measures, as lines of text; mm only where the spacing is known."""
        spacing = scan.header.geometry.spacing
        if self.tool is Tool.DISTANCE:
            return [f"{distance(self.points[0], self.points[1], spacing):.1f} {_unit(scan)}"]
        if self.tool is Tool.ANGLE:
            degrees = angle(*self.points, spacing) if len(self.points) == 3 else None
            return [] if degrees is None else [f"{degrees:.1f}°"]
        return self._region_lines(scan)

    def _region_lines(self, scan: Scan) -> list[str]:
        region = oval(scan, self.points[0], self.points[1])
        if region is None:
            return []
        mean = translate("Viewer", "mean {mean}, SD {deviation}")
        extremes = translate("Viewer", "min {minimum}, max {maximum}")
        area = translate("Viewer", "area {area} {unit}²")
        unit = scan.header.unit
        return [
            mean.format(mean=value_text(region.mean, unit), deviation=f"{region.deviation:.1f}"),
            extremes.format(minimum=round(region.minimum), maximum=round(region.maximum)),
            area.format(area=f"{region.area:.0f}", unit=_unit(scan)),
        ]


def _unit(scan: Scan) -> str:
    return "px" if scan.header.geometry.spacing is None else "mm"


class Measurements:
    """The measurements of every scan seen, found again by its pixels; and the one being drawn."""

    def __init__(self) -> None:
        self._of: dict[bytes, list[Measurement]] = {}
        self._here: list[Measurement] = []
        self._held: tuple[Measurement, int] | None = None
        self._before: Measurement | None = None
        """What the one in hand was, where it was there already and is being adjusted."""

    def turn_to(self, scan: Scan) -> None:
        """Show those of this scan; what was being drawn on another is dropped."""
        self.cancel()
        key = hashlib.blake2b(scan.pixels.tobytes(), digest_size=16).digest()
        self._here = self._of.setdefault(key, [])

    @property
    def shown(self) -> list[Measurement]:
        """All to draw, the one in hand last."""
        return self._here if self._held is None else [*self._here, self._held[0]]

    @property
    def drawing(self) -> bool:
        """Whether one is begun and not finished."""
        return self._held is not None

    def press(self, tool: Tool, point: Point, placement: Placement) -> None:
        """Begin a measurement, go on with an angle, or take hold of a point already there."""
        if self._held is not None:
            self.move(point)
            return
        for number, measurement in reversed(list(enumerate(self._here))):
            for index, known in enumerate(measurement.points):
                if math.dist(placement.to_view(known), placement.to_view(point)) <= NEAR:
                    self._before = self._here.pop(number)
                    self._held = self._before, index
                    return
        self._held = Measurement(tool, (point, point)), 1

    def move(self, point: Point) -> None:
        """Move the point in hand."""
        if self._held is not None:
            measurement, index = self._held
            self._held = measurement.moved(index, point), index

    def release(self, placement: Placement) -> None:
        """Keep what was drawn; an angle waits for its second arm, a mere click leaves nothing."""
        if self._held is None:
            return
        measurement, index = self._held
        last, before = (placement.to_view(measurement.points[i]) for i in (index, index - 1))
        if self._before is not None or math.dist(last, before) >= SHORTEST:
            if measurement.tool is Tool.ANGLE and len(measurement.points) == 2:
                longer = replace(measurement, points=(*measurement.points, measurement.points[1]))
                self._held = longer, 2
                return
            self._here.append(measurement)
        elif index == 2:
            return
        self._held = self._before = None

    def cancel(self) -> bool:
        """Drop the one being drawn, or put back what was being adjusted; False without either."""
        begun, before = self._held is not None, self._before
        self._held = self._before = None
        if before is not None:
            self._here.append(before)
        return begun

    def remove_last(self) -> None:
        """Take the latest measurement off this scan: the one in hand, where there is one."""
        if self._held is not None:
            self._held = self._before = None
        elif self._here:
            self._here.pop()

    def remove_all(self) -> None:
        """Take every measurement off this scan."""
        self._held = self._before = None
        self._here.clear()
