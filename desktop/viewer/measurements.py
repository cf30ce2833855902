"""The measurements of every scan seen: drawn, adjusted, removed, and all of that undone."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

from desktop.viewer.placement import Placement, Point
from desktop.viewer.tools import Measurement, Tool
from imaging.image import Image

NEAR = 8.0
"""Screen pixels within which a press takes hold of a point that is already there."""
SHORTEST = 3.0
"""A drag of fewer screen pixels leaves no measurement."""


class Measurements:
    """The measurements of every scan seen, found again by its pixels; and the one being drawn."""

    def __init__(self) -> None:
        self._of: dict[bytes, list[Measurement]] = {}
        self._here: list[Measurement] = []
        self._held: tuple[Measurement, int] | None = None
        self._before: Measurement | None = None
        """What the one in hand was, where it was there already and is being adjusted."""
        self._past: list[list[Measurement]] = []
        self._future: list[list[Measurement]] = []
        self._histories: dict[bytes, tuple[list[list[Measurement]], list[list[Measurement]]]] = {}
        """What was there before each change of a scan's measurements, and what was undone."""

    def turn_to(self, image: Image) -> None:
        """Show those of this scan; what was being drawn on another is dropped."""
        self.cancel()
        key = hashlib.blake2b(image.pixels.tobytes(), digest_size=16).digest()
        self._here = self._of.setdefault(key, [])
        self._past, self._future = self._histories.setdefault(key, ([], []))

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
            if measurement != self._before:  # a mere click on a point changes nothing
                self._remember()
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
            if self._before is not None:
                self._remember()
            self._held = self._before = None
        elif self._here:
            self._remember()
            self._here.pop()

    def remove_all(self) -> None:
        """Take every measurement off this scan."""
        if self.shown:
            self._remember()
        self._held = self._before = None
        self._here.clear()

    def undo(self) -> None:
        """Take back what is being drawn, else the latest change on this scan."""
        if not self.cancel() and self._past:
            self._future.append(list(self._here))
            self._here[:] = self._past.pop()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.cancel()
        if self._future:
            self._past.append(list(self._here))
            self._here[:] = self._future.pop()

    def _remember(self) -> None:
        adjusted = [] if self._before is None else [self._before]
        self._past.append([*self._here, *adjusted])
        self._future.clear()
