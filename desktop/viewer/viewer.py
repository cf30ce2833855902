"""The viewer: a black widget that paints a display and takes the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.viewer.content import Content
from desktop.viewer.display import Display
from desktop.viewer.mouse import Mouse
from desktop.viewer.options import Overlay, ViewerOptions
from desktop.viewer.overlay import corners, translate
from desktop.viewer.painting import paint, paint_focus
from imaging.image import Window

LEAST = 144
"""Pixels that a view needs at least: four of them, and all beside them, fit 960 pixels."""


class Viewer(QWidget):
    """Shows the content in a window of its own; keys are the main window's.

    Zoom, pan and window stay while the reader scrolls through a series.
    """

    step_requested = Signal(int)
    """So many slices on (negative: back) in the series."""
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)
    point_requested = Signal(tuple)
    """A click on a point (x, y) of the image."""
    focused = Signal(object)
    """This view, when keys are meant for it from now on."""

    def __init__(
        self,
        content: Content,
        options: ViewerOptions,
        parent: QWidget | None = None,
        *,
        preset: Window | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(parent)
        self.display = Display(content, options, self, preset=preset, small=small)
        self._options = options
        self._mouse = Mouse(self.display, self)
        self._mouse.step_requested.connect(self.step_requested)
        self._mouse.maximise_requested.connect(self.maximise_requested)
        self._mouse.menu_requested.connect(self.menu_requested)
        self._mouse.point_requested.connect(self.point_requested)
        self.display.changed.connect(self._refresh)
        options.changed.connect(self._shape_cursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(LEAST, LEAST)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._refresh()

    def sizeHint(self) -> QSize:
        """Room for a slice at its own size."""
        return QSize(512, 512)

    @Slot()
    def _refresh(self) -> None:
        """Paint anew, and say to assistive programs what is shown; on a hidden page, nothing."""
        self.update()
        if self.isVisible() or not self.window().isVisible():
            self._tell()

    def _tell(self) -> None:
        self.setAccessibleName(translate("Viewer", "Image"))
        shown = self.display.shown()
        lines = () if shown is None else corners(shown, Overlay.MINIMAL).bottom_left
        self.setAccessibleDescription("\n".join(lines) or translate("Viewer", "No image"))

    @Slot()
    def _shape_cursor(self) -> None:
        shapes = Qt.CursorShape
        self.setCursor(shapes.CrossCursor if self._options.tool.measures else shapes.ArrowCursor)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything from the display."""
        painter, area = QPainter(self), QRectF(self.rect())
        paint(painter, area, self.display)
        if self.hasFocus():
            paint_focus(painter, area, self.palette().highlight().color())

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while the page was hidden is told now."""
        super().showEvent(event)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was fitted stays fitted."""
        self.display.resize(event.size().width(), event.size().height())

    def leaveEvent(self, event: QEvent) -> None:
        """No cursor, no value."""
        self.display.set_cursor(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys are meant for this view."""
        super().focusInEvent(event)
        self.focused.emit(self)

    def changeEvent(self, event: QEvent) -> None:
        """Another language, another font."""
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it; the value under the cursor follows."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Maximise or restore."""
        self._mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Slice or zoom."""
        self._mouse.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu by key; by mouse it opens on release, as a right drag zooms."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.menu_requested.emit(self.mapToGlobal(self.rect().center()))
