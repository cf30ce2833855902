"""The measurements of every image seen: drawn, adjusted, removed, and all of that undone."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from desktop.viewer.measuring import angle, distance, ellipse
from desktop.viewer.overlay import value_text
from desktop.viewer.placement import Placement, Point
from desktop.viewer.tools import Tool
from imaging.image import Image

translate = QCoreApplication.translate

NEAR = 8.0
"""Screen pixels within which a press takes hold of a point that is already there."""
SHORTEST = 3.0
"""A drag of fewer screen pixels leaves no measurement."""


@dataclass(frozen=True)
class Measurement:
    """One measurement by its points in the image: two, or for an angle arm, corner, arm."""

    tool: Tool
    points: tuple[Point, ...]

    def moved(self, index: int, point: Point) -> Measurement:
        """With one point elsewhere."""
        return replace(self, points=(*self.points[:index], point, *self.points[index + 1 :]))

    def values(self, image: Image) -> dict[str, float]:
        """What it measures by name; empty where there is nothing to measure.

        Of a distance ``length``, of an angle ``angle`` in degrees, of an ellipse ``mean``,
        ``deviation``, ``minimum``, ``maximum`` in the image's unit, and ``area``.
        """
        geometry = image.header.geometry
        if self.tool is Tool.DISTANCE:
            return {"length": distance(self.points[0], self.points[1], geometry.spacing)}
        if self.tool is Tool.ANGLE:
            degrees = angle(*self.points, geometry.pixel) if len(self.points) == 3 else None
            return {} if degrees is None else {"angle": degrees}
        region = ellipse(image, self.points[0], self.points[1])
        names = ("mean", "deviation", "minimum", "maximum", "area")
        return {} if region is None else {name: getattr(region, name) for name in names}

    def lines(self, image: Image) -> list[str]:
        """What it measures, as lines of text; mm only where the spacing is known."""
        found = self.values(image)
        if "length" in found:
            return [f"{found['length']:.1f} {length_unit(image)}"]
        if "angle" in found:
            return [f"{found['angle']:.1f}°"]
        return _region_lines(found, image) if found else []


def _region_lines(found: dict[str, float], image: Image) -> list[str]:
    mean = translate("Viewer", "mean {mean}, SD {deviation}")
    extremes = translate("Viewer", "min {minimum}, max {maximum}")
    area = translate("Viewer", "area {area} {unit}²")
    value = value_text(found["mean"], image.header.unit)
    return [
        mean.format(mean=value, deviation=f"{found['deviation']:.1f}"),
        extremes.format(minimum=round(found["minimum"]), maximum=round(found["maximum"])),
        area.format(area=f"{found['area']:.0f}", unit=length_unit(image)),
    ]


def length_unit(image: Image) -> str:
    """Of lengths on an image: "mm" where its spacing is known, else "px"."""
    return "px" if image.header.geometry.spacing is None else "mm"


class _Sheet:
    """The finished measurements of one image, and the history of their changes."""

    def __init__(self, kept: tuple[Measurement, ...] = ()) -> None:
        self.kept = kept
        self.history = QUndoStack()

    def change(self, after: tuple[Measurement, ...]) -> None:
        if after != self.kept:
            self.history.push(_Change(self, after))


class _Change(QUndoCommand):
    def __init__(self, sheet: _Sheet, after: tuple[Measurement, ...]) -> None:
        super().__init__()
        self._sheet, self._before, self._after = sheet, sheet.kept, after

    def undo(self) -> None:
        self._sheet.kept = self._before

    def redo(self) -> None:
        self._sheet.kept = self._after


class Sheets(QObject):
    """The measurements of every image seen, for all views that may show one of them."""

    changed = Signal(object)
    """The sheet on which something was drawn, or taken back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_key: dict[str, _Sheet] = {}

    def find(self, key: str, before: tuple[Measurement, ...]) -> _Sheet:
        """That of an image; of one that was not seen yet, with what was kept before."""
        if key not in self._by_key:
            self._by_key[key] = _Sheet(before)
        return self._by_key[key]


class Measurements(QObject):
    """The measurements of the image on screen, found again by what it is; and the one being drawn.

    What is drawn in one view stands in every other one of the same ``sheets`` that shows the image.
    """

    changed = Signal()
    drawn = Signal()
    """The reader has added, adjusted or removed one here, or taken that back."""

    def __init__(self, parent: QObject | None = None, sheets: Sheets | None = None) -> None:
        super().__init__(parent)
        self._sheets = sheets or Sheets(self)
        self._sheets.changed.connect(self._follow)
        self._sheet = _Sheet()
        self._told = self._sheet.kept
        """What ``drawn`` was emitted for last."""
        self._held: tuple[Measurement, int] | None = None
        """The measurement being drawn or adjusted, and which of its points is in hand."""
        self._adjusted: Measurement | None = None
        """What the one in hand was, where it was there already."""

    def turn_to(self, image: Image, key: str = "", before: tuple[Measurement, ...] = ()) -> None:
        """Show those of this image; what was being drawn on another is dropped.

        ``key`` says which image it is; without one its pixels do. ``before`` are those that were
        kept in an earlier session, for an image that was not seen in this one.
        """
        self.cancel()
        known = key or hashlib.blake2b(image.pixels.tobytes(), digest_size=16).hexdigest()
        self._sheet = self._sheets.find(known, before)
        self._told = self._sheet.kept
        self.changed.emit()

    def turn_away(self) -> None:
        """Show those of no image: nothing that the reader does now changes those of the last."""
        self.cancel()
        self._sheet = _Sheet()
        self._told = self._sheet.kept
        self.changed.emit()

    @property
    def kept(self) -> tuple[Measurement, ...]:
        """The finished ones of the image on screen."""
        return self._sheet.kept

    @property
    def shown(self) -> list[Measurement]:
        """All to draw, the one in hand last."""
        kept = [each for each in self._sheet.kept if each is not self._adjusted]
        return kept if self._held is None else [*kept, self._held[0]]

    @property
    def drawing(self) -> bool:
        """Whether one is begun and not finished."""
        return self._held is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back on this image."""
        return self.drawing or self._sheet.history.canUndo()

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back on this image."""
        return self._sheet.history.canRedo()

    def press(self, tool: Tool, point: Point, placement: Placement) -> None:
        """Begin a measurement, go on with an angle, or take hold of a point already there."""
        if self._held is not None:
            self.move(point)
            return
        self._held = Measurement(tool, (point, point)), 1
        for measurement in reversed(self._sheet.kept):
            for index, known in enumerate(measurement.points):
                if math.dist(placement.to_view(known), placement.to_view(point)) <= NEAR:
                    self._held, self._adjusted = (measurement, index), measurement
                    return

    def move(self, point: Point) -> None:
        """Move the point in hand."""
        if self._held is not None:
            measurement, index = self._held
            self._held = measurement.moved(index, point), index
            self.changed.emit()

    def release(self, placement: Placement) -> None:
        """Keep what was drawn; an angle waits for its second arm, a mere click leaves nothing."""
        if self._held is None:
            return
        measurement, index = self._held
        last, before = (placement.to_view(measurement.points[i]) for i in (index, index - 1))
        if self._adjusted is not None or math.dist(last, before) >= SHORTEST:
            if measurement.tool is Tool.ANGLE and len(measurement.points) == 2:
                longer = replace(measurement, points=(*measurement.points, measurement.points[1]))
                self._held = longer, 2
                return
            if measurement != self._adjusted:  # a mere click on a point changes nothing
                self._sheet.change((*self._others(), measurement))
        elif index == 2:
            return
        self._let_go()

    def cancel(self) -> bool:
        """Drop the one being drawn, or put back what was being adjusted; False without either."""
        begun = self.drawing
        if begun:
            self._let_go()
        return begun

    def remove_last(self) -> None:
        """Take the latest measurement off this image: the one in hand, where there is one."""
        if self.drawing:
            self._sheet.change(self._others())
        else:
            self._sheet.change(self._sheet.kept[:-1])
        self._let_go()

    def remove_all(self) -> None:
        """Take every measurement off this image."""
        self._sheet.change(())
        self._let_go()

    def undo(self) -> None:
        """Take back what is being drawn, else the latest change on this image."""
        if not self.cancel():
            self._sheet.history.undo()
            self._tell()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.cancel()
        self._sheet.history.redo()
        self._tell()

    def _others(self) -> tuple[Measurement, ...]:
        return tuple(each for each in self._sheet.kept if each is not self._adjusted)

    def _let_go(self) -> None:
        self._held = self._adjusted = None
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        if self._sheet.kept != self._told:
            self._told = self._sheet.kept
            self.drawn.emit()
            self._sheets.changed.emit(self._sheet)

    @Slot(object)
    def _follow(self, sheet: _Sheet) -> None:
        """Another view may have drawn on the sheet that is on show here."""
        if sheet is self._sheet and sheet.kept != self._told:
            self._told = sheet.kept
            self.changed.emit()
