"""What of a list is painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractItemView


class Painted(QObject):
    """Hears of which rows of pixels a widget is painted."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view, self.rows = view, set[int]()
        view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            whole = event.region()
            rows = range(self._view.viewport().height())
            self.rows |= {y for y in rows if whole.intersects(QRect(0, y, 10_000, 1))}
        return False
