"""The bar at the viewer's edge: where in the series one is, and which slices are marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

WIDTH = 18
MARGIN = 3.0
LEAST = 2.0
"""Screen pixels that a marked slice takes at least, or it would be lost in a long series."""
GROUND = QColor(38, 42, 47)
HERE = QColor(255, 255, 255)


class StackBar(QWidget):
    """A press or drag asks for the slice at that height; the first slice is at the top."""

    slice_wanted = Signal(int)
    """The slice by its place in the series, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[QColor | None, ...] = ()
        self._here: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Slim, and as high as there is room."""
        return QSize(WIDTH, 160)

    def set_slices(self, marks: Sequence[QColor | None], here: int | None) -> None:
        """The colour of each slice's mark, None without one, and which slice is on screen."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            self.update()
        self.set_here(here)

    def set_here(self, here: int | None) -> None:
        """Which slice is on screen."""
        if here != self._here:
            self._here = here
            self.update()

    def top_of(self, place: float) -> float:
        """The height in the bar at which a slice begins."""
        room = self.height() - 2 * MARGIN
        return MARGIN + room * place / max(len(self._marks), 1)

    def slice_at(self, y: float) -> int | None:
        """The slice at a height of the bar; the nearest one above and below all of them."""
        if not self._marks:
            return None
        room = max(self.height() - 2 * MARGIN, 1.0)
        place = int((y - MARGIN) / room * len(self._marks))
        return min(max(place, 0), len(self._marks) - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks, and over them where one is."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if len(self._marks) < 2:
            return
        inner = QRectF(self.rect()).adjusted(6, MARGIN, -4, -MARGIN)
        painter.fillRect(inner, GROUND)
        for place, colour in enumerate(self._marks):
            if colour is not None:
                top = self.top_of(place)
                height = max(self.top_of(place + 1) - top, LEAST)
                painter.fillRect(QRectF(inner.left(), top, inner.width(), height), colour)
        if self._here is not None:
            self._paint_here(painter, self.top_of(self._here + 0.5))

    def _paint_here(self, painter: QPainter, middle: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(4, middle - 1, self.width() - 5, 2), HERE)
        corners = (QPointF(0, middle - 5), QPointF(6, middle), QPointF(0, middle + 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(HERE)
        painter.drawPolygon(QPolygonF(corners))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the slice under the mouse."""
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for each slice that a drag comes over."""
        self._ask(event)

    def _ask(self, event: QMouseEvent) -> None:
        place = self.slice_at(event.position().y())
        if event.buttons() & Qt.MouseButton.LeftButton and place is not None:
            self.slice_wanted.emit(place)
