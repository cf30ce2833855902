"""What the mouse does in a view: window, pan, zoom, scroll, measure, menu."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.viewer.display import Display
from desktop.viewer.placement import Point, drag_zoom
from desktop.viewer.tools import Tool
from desktop.viewer.windowing import FASTER, drag_step

NOTCH = 120
"""Wheel units of one click (QWheelEvent.angleDelta)."""
WHEEL_ZOOM = 1.15
SCROLL_PIXELS = 8.0
"""A scroll drag of so many screen pixels is one slice."""

Button = Qt.MouseButton
translate = QCoreApplication.translate


def gestures() -> list[tuple[str, str]]:
    """What each gesture of the mouse does, for the help."""
    return [
        (translate("Mouse", "Left drag"), translate("Mouse", "Window: width and level")),
        (
            translate("Mouse", "Left click"),
            translate("Mouse", "In planes: put the cross-hair here"),
        ),
        (translate("Mouse", "Ctrl+left drag"), translate("Mouse", "Window, four times faster")),
        (translate("Mouse", "Middle drag"), translate("Mouse", "Pan")),
        (translate("Mouse", "Right drag"), translate("Mouse", "Zoom")),
        (translate("Mouse", "Right click"), translate("Mouse", "Menu of the image")),
        (translate("Mouse", "Wheel"), translate("Mouse", "Previous or next slice or plane")),
        (translate("Mouse", "Ctrl+wheel"), translate("Mouse", "Zoom")),
        (translate("Mouse", "Double click"), translate("Mouse", "Image only, and back")),
    ]


def point_of(position: QPointF) -> Point:
    """A Qt point as (x, y)."""
    return position.x(), position.y()


class Mouse(QObject):
    """The drag that goes on, and the wheel's part of a click that is not yet a step."""

    step_requested = Signal(int)
    """So many slices on (negative: back) in the series."""
    maximise_requested = Signal()
    """Double click: fill the window with this view, or go back."""
    point_requested = Signal(tuple)
    """A left click that did not drag, at a point (x, y) of the image."""
    menu_requested = Signal(QPoint)
    """A right click that did not drag, at a point of the screen."""

    def __init__(self, display: Display, parent: QObject) -> None:
        super().__init__(parent)
        self._display, self._measurements = display, display.content.measurements
        self._button = Button.NoButton
        self._tool = Tool.WINDOW
        self._pressed: Point = (0.0, 0.0)
        self._last: Point = (0.0, 0.0)
        self._step = 1.0
        self._moved = False
        self._series = ""
        """The series of the image on which the drag began."""
        self._steps_left = 0.0
        self._wheel = 0
        self._chosen = display.options.tool
        display.content.image_changed.connect(self._on_image)
        display.options.changed.connect(self._on_options)

    def press(self, event: QMouseEvent) -> None:
        """Begin what the button does; a second button changes nothing."""
        if event.button() is self._button:
            self._lose()
        tools = {
            Button.LeftButton: self._display.options.tool,
            Button.MiddleButton: Tool.PAN,
            Button.RightButton: Tool.ZOOM,
        }
        if self._button is not Button.NoButton or event.button() not in tools:
            return
        self._button = event.button()
        self._tool = tools[self._button]
        self._pressed = self._last = point_of(event.position())
        self._moved = False
        self._series = self._display.content.series_key
        self._steps_left = 0.0
        self._step = drag_step(self._display.window)
        if self._tool.measures:
            placement = self._display.placement
            self._measurements.press(self._tool, placement.to_image(self._pressed), placement)

    def double_click(self, event: QMouseEvent) -> None:
        """Maximise or restore, unless the left button measures or another button is held."""
        if self._button is not Button.NoButton:
            self.press(event)
        elif event.button() is Button.LeftButton and not self._display.options.tool.measures:
            self.maximise_requested.emit()
        else:
            self.press(event)

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag, or let an angle's second arm follow."""
        here = point_of(event.position())
        self._display.set_cursor(here)
        if self._button is not Button.NoButton and not event.buttons() & self._button:
            self._lose()
        if self._button is Button.NoButton:
            if self._measurements.drawing:
                self._measurements.move(self._display.placement.to_image(here))
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
        display = self._display
        match self._tool:
            case Tool.WINDOW:
                display.drag_window(right, down, self._step * (FASTER if fast else 1.0))
            case Tool.PAN:
                display.put(display.placement.panned(right, down))
            case Tool.ZOOM:
                display.put(display.placement.zoomed(drag_zoom(down), self._pressed))
            case Tool.SCROLL:
                self._steps_left += down / SCROLL_PIXELS
                whole = math.trunc(self._steps_left)
                self._steps_left -= whole
                if whole:
                    self.step_requested.emit(whole)
            case _:
                self._measurements.move(display.placement.to_image(here))

    def release(self, event: QMouseEvent) -> None:
        """End the drag; a right click that did not drag asks for the menu."""
        if event.button() is not self._button:
            return
        self._button = Button.NoButton
        if event.button() is Button.RightButton and not self._moved:
            self.menu_requested.emit(event.globalPosition().toPoint())
        elif self._tool.measures and event.button() is Button.LeftButton:
            self._measurements.release(self._display.placement)
        elif event.button() is Button.LeftButton and not self._moved:
            self.point_requested.emit(self._display.placement.to_image(self._pressed))

    def wheel(self, event: QWheelEvent) -> None:
        """Slices, one a click, away from the hand is back; with Ctrl zoom around the cursor."""
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = WHEEL_ZOOM ** (turned / NOTCH)
            at = point_of(event.position())
            self._display.put(self._display.placement.zoomed(factor, at))
            return
        self._wheel += turned
        steps = math.trunc(self._wheel / NOTCH)
        self._wheel -= steps * NOTCH
        if steps:
            self.step_requested.emit(-steps)

    def _on_options(self) -> None:
        """With another tool, what was being drawn is dropped."""
        if self._display.options.tool is not self._chosen:
            self._chosen = self._display.options.tool
            self._measurements.cancel()

    def _lose(self) -> None:
        """End a drag whose release never came, as when a dialog took it; drop what it drew."""
        self._button = Button.NoButton
        if self._tool.measures:
            self._measurements.cancel()

    def _on_image(self) -> None:
        """A drag goes on through its series, as while scrolling or in cine."""
        if self._display.content.series_key != self._series:
            self._button = Button.NoButton
        elif self._button is Button.LeftButton:
            self._moved = True  # a click was meant for the image before
