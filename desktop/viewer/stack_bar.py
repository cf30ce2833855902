"""The bar at the viewer's edge: where in the series one is, and which slices are marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

WIDTH = 18
MARGIN = 3.0
LEAST = 2
"""Screen pixels that a marked slice takes at least, or it would be lost in a long series."""
GROUND = QColor(38, 42, 47)
HERE = QColor(255, 255, 255)


class StackBar(QWidget):
    """A press or drag asks for the slice at that height; the first slice is at the top."""

    slice_wanted = Signal(int)
    """The slice by its place in the series, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self._colours: tuple[QColor, ...] = ()
        self._here: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Slim, and as high as there is room."""
        return QSize(WIDTH, 160)

    def set_slices(
        self, marks: NDArray[np.uint8], colours: Sequence[QColor], here: int | None
    ) -> None:
        """The mark of each of n slices, uint8 (n,), and which slice is on screen.

        0: no mark, else the place of its colour among ``colours`` from 1. Of slices that share a
        pixel the highest mark is shown.
        """
        if not np.array_equal(marks, self._marks) or tuple(colours) != self._colours:
            self._marks, self._colours = marks, tuple(colours)
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
        if len(self._marks) == 0:
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
        for first, last, mark in self._runs():
            part = QRectF(inner.left(), first, inner.width(), last - first)
            painter.fillRect(part, self._colours[mark - 1])
        if self._here is not None:
            self._paint_here(painter, self.top_of(self._here + 0.5))

    def _runs(self) -> list[tuple[int, int, int]]:
        """Rows of pixels of one mark: the first, the one after the last, the mark.

        So many at most as there are pixels, for thousands of slices as well.
        """
        shown = np.zeros(self.height() + 1, dtype=np.uint8)
        count = len(self._marks)
        tops = np.linspace(self.top_of(0), self.top_of(count), count + 1)
        first = np.clip(np.round(tops[:-1]).astype(int), 0, self.height())
        last = np.round(tops[1:]).astype(int)
        last = np.clip(np.maximum(last, first + LEAST), 0, self.height())
        for mark in range(1, len(self._colours) + 1):
            has_mark = self._marks == mark
            steps = np.zeros(self.height() + 1, dtype=int)
            np.add.at(steps, first[has_mark], 1)
            np.subtract.at(steps, last[has_mark], 1)
            shown[np.cumsum(steps) > 0] = mark
        edges = np.flatnonzero(np.diff(shown, prepend=0))
        runs = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        return [(start, end, int(shown[start])) for start, end in runs if shown[start]]

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
