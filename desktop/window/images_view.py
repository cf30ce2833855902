"""The view of the images table: what its keys do, and what it leaves out where room is short."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTableView

from desktop.tables.row import Column
from desktop.window.ground import keep_ground
from desktop.window.in_view import keep_in_view

TEN = 10
NARROW = 400
"""Pixels below which the result stands under the name, and the status is left out."""


class ImagesView(QTableView):
    """The table itself; its keys move by one row, by ten, to the first and to the last."""

    def showEvent(self, event: QShowEvent) -> None:
        """The first style."""
        super().showEvent(event)
        keep_ground(self, event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme."""
        super().changeEvent(event)
        keep_ground(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down, with Shift by ten; Home and End; the rest is for the window."""
        keys = Qt.Key
        many = TEN if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        here, last = self.currentIndex().row(), self.model().rowCount() - 1
        wanted = {
            keys.Key_Up: here - many,
            keys.Key_Down: here + many,
            keys.Key_Home: 0,
            keys.Key_End: last,
        }.get(Qt.Key(event.key()))
        if wanted is None:
            event.ignore()
        elif last >= 0:
            place = min(max(wanted, 0), last)
            self.setCurrentIndex(self.model().index(place, Column.NAME))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short, the name needs it; the marked row stays in view."""
        super().resizeEvent(event)
        for column in (Column.RESULT, Column.STATUS):
            self.setColumnHidden(column, self.width() < NARROW)
        keep_in_view(self, event)
