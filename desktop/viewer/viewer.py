"""The viewer: one scan on black, what mouse and keys do to it, and what is written over it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.viewer.canvas import Canvas
from desktop.viewer.keys import press_key
from desktop.viewer.menu import build_menu
from desktop.viewer.mouse import Mouse
from desktop.viewer.placement import Placement
from desktop.viewer.tools import Tool
from desktop.viewer.windowing import dragged
from imaging.image import Image, Window


class Viewer(Canvas):
    """Shows one scan; zoom, pan and window stay while the reader scrolls through its series."""

    step_requested = Signal(int)
    """So many images on (negative: back) in the series."""
    home_requested = Signal()
    end_requested = Signal()
    maximise_requested = Signal()
    """Double click: fill the window with this view, or go back."""
    placement_changed = Signal()
    """Zoomed, panned or fitted by the reader."""
    window_kept = Signal(str, object)
    """Put on a digit key by the reader: the key, and the Window."""
    tool_changed = Signal(object)
    """The Tool of the left button."""
    heat_map_toggled = Signal(bool)
    """Switched on or off; on, a map is wanted for every scan shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._down_is_brighter = True
        self._mouse = Mouse(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self.display.tool

    # What is shown

    def show_image(self, image: Image, place: str, series_key: str = "") -> None:
        """Show a scan; ``place`` says where in its series, as in "12/28 · ordered by position".

        Another ``series_key`` begins anew with the scan's own window, fitted. The last heat map
        goes.
        """
        self._mouse.cancel()
        self.display.show(image, place, series_key)
        self.refresh()

    def clear(self) -> None:
        """Show no scan."""
        self._mouse.cancel()
        self.display.clear()
        self.refresh()

    def set_heat_map_shown(self, shown: bool) -> None:
        """Switch the heat map on or off; off at the start."""
        if shown != self.display.heat_shown:
            self.display.heat_shown = shown
            self.heat_map_toggled.emit(shown)
            self.refresh()

    def set_down_is_brighter(self, down_is_brighter: bool) -> None:
        """Which way a window drag changes the level."""
        self._down_is_brighter = down_is_brighter

    # What the reader does

    def set_window(self, window: Window) -> None:
        """Width and level on screen; the network never sees them."""
        self.display.window, self.display.note = window, ""
        self.refresh()

    def apply_digit(self, key: str) -> bool:
        """Apply the window of a digit key; False, and a note on screen, where it has none here."""
        window = self.display.digit(key)
        if window is None:
            self.refresh()
            return False
        self.set_window(window)
        return True

    def drag_window(self, right: float, down: float, step: float) -> None:
        """Change width and level by screen pixels, ``step`` HU or grey values each."""
        window = self.display.window
        self.set_window(dragged(window, right, down, step, self._down_is_brighter))

    def put(self, placement: Placement) -> None:
        """Place the picture in the view."""
        self.display.put(placement)
        self._tell_placement()

    def zoom(self, factor: float) -> None:
        """Enlarge around the middle of the view."""
        self.put(self.display.placement.zoomed(factor))

    def fit(self) -> None:
        """All of the picture in view."""
        self.display.fit()
        self._tell_placement()

    def reset(self) -> None:
        """The opening window, not inverted, fitted."""
        self.display.reset()
        self._tell_placement()

    def escape(self) -> None:
        """Leave the measurement in hand as it was before, or reset."""
        if self.display.measurements.cancel():
            self.refresh()
        else:
            self.reset()

    def toggle_heat_map(self) -> None:
        """Switch the heat map on or off."""
        self.set_heat_map_shown(not self.display.heat_shown)

    def set_tool(self, tool: Tool) -> None:
        """What the left button does."""
        if tool is self.tool:
            return
        self.display.tool = tool
        self.display.measurements.cancel()
        shape = Qt.CursorShape.CrossCursor if tool.measures else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.tool_changed.emit(tool)
        self.refresh()

    def open_menu(self, at: QPoint) -> None:
        """The right-click menu, at a point of the screen."""
        build_menu(self).popup(at)

    def _tell_placement(self) -> None:
        self.placement_changed.emit()
        self.refresh()

    # Qt's events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it; the value under the cursor follows."""
        self._mouse.move(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        self._mouse.release(event)
        self.update()
        self.measured.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise or restore, unless the left button measures."""
        if event.button() is Qt.MouseButton.LeftButton and not self.tool.measures:
            self.maximise_requested.emit()
        else:
            self._mouse.press(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Slice or zoom."""
        self._mouse.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu by key; by mouse it opens on release, as a right drag zooms."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.open_menu(self.mapToGlobal(self.rect().center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The viewer's keys; what means nothing here goes on to the window."""
        if not press_key(self, event):
            super().keyPressEvent(event)
