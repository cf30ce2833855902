"""What the mouse does in the viewer: window, pan, zoom, scroll, measure, menu."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.viewer.placement import Point, drag_zoom
from desktop.viewer.tools import Tool
from desktop.viewer.windowing import FASTER, drag_step

if TYPE_CHECKING:
    from desktop.viewer.viewer import Viewer

NOTCH = 120
"""Wheel units of one click (QWheelEvent.angleDelta)."""
WHEEL_ZOOM = 1.15
SCROLL_PIXELS = 8.0
"""A scroll drag of so many screen pixels is one slice."""

Button = Qt.MouseButton


def point_of(position: QPointF) -> Point:
    """A Qt point as (x, y)."""
    return position.x(), position.y()


class Mouse:
    """The drag that goes on, and the wheel's part of a click that is not yet a step."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._button = Button.NoButton
        self._action = Tool.WINDOW
        self._pressed: Point = (0.0, 0.0)
        self._last: Point = (0.0, 0.0)
        self._step = 1.0
        self._moved = False
        self._steps_left = 0.0
        self._wheel = 0

    def press(self, event: QMouseEvent) -> None:
        """Begin what the button does; a second button changes nothing."""
        viewer = self._viewer
        actions = {
            Button.LeftButton: viewer.tool,
            Button.MiddleButton: Tool.PAN,
            Button.RightButton: Tool.ZOOM,
        }
        if self._button is not Button.NoButton or event.button() not in actions:
            return
        self._button = event.button()
        self._action = actions[self._button]
        self._pressed = self._last = point_of(event.position())
        self._moved = False
        self._steps_left = 0.0
        self._step = drag_step(viewer.display.window)
        if self._action.measures:
            viewer.display.measurements.press(
                self._action,
                viewer.display.placement.to_image(self._pressed),
                viewer.display.placement,
            )

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag, or let an angle's second arm follow."""
        here = point_of(event.position())
        viewer = self._viewer
        viewer.display.cursor = here
        if self._button is Button.NoButton:
            if viewer.display.measurements.drawing:
                viewer.display.measurements.move(viewer.display.placement.to_image(here))
            return
        if self._button is Button.RightButton and not self._moved:
            if math.dist(here, self._pressed) < QApplication.startDragDistance():
                return
            self._last = self._pressed
        self._moved = True
        right, down = here[0] - self._last[0], here[1] - self._last[1]
        self._last = here
        self._drag(right, down, here, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _drag(self, right: float, down: float, here: Point, fast: bool) -> None:
        viewer = self._viewer
        match self._action:
            case Tool.WINDOW:
                viewer.drag_window(right, down, self._step * (FASTER if fast else 1.0))
            case Tool.PAN:
                viewer.put(viewer.display.placement.panned(right, down))
            case Tool.ZOOM:
                viewer.put(viewer.display.placement.zoomed(drag_zoom(down), self._pressed))
            case Tool.SCROLL:
                self._steps_left += down / SCROLL_PIXELS
                whole = math.trunc(self._steps_left)
                self._steps_left -= whole
                if whole:
                    viewer.step_requested.emit(whole)
            case _:
                viewer.display.measurements.move(viewer.display.placement.to_image(here))

    def release(self, event: QMouseEvent) -> None:
        """End the drag; a right click that did not drag opens the menu."""
        if event.button() is not self._button:
            return
        self._button = Button.NoButton
        if event.button() is Button.RightButton and not self._moved:
            self._viewer.open_menu(event.globalPosition().toPoint())
        elif self._action.measures and event.button() is Button.LeftButton:
            self._viewer.display.measurements.release(self._viewer.display.placement)

    def wheel(self, event: QWheelEvent) -> None:
        """Slices, one a click, away from the hand is back; with Ctrl zoom around the cursor."""
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = WHEEL_ZOOM ** (turned / NOTCH)
            at = point_of(event.position())
            self._viewer.put(self._viewer.display.placement.zoomed(factor, at))
            return
        self._wheel += turned
        steps = math.trunc(self._wheel / NOTCH)
        self._wheel -= steps * NOTCH
        if steps:
            self._viewer.step_requested.emit(-steps)

    def cancel(self) -> None:
        """Forget a drag whose scan is gone."""
        self._button = Button.NoButton
