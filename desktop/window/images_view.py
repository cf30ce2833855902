"""The view of the images table: what its keys do, and what it leaves out where room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableView

from desktop.tables.row import Column
from desktop.window.list_view import ListView, lines_of

NARROW = 400
"""Pixels below which the result stands under the name, and the status is left out."""


class ImagesView(ListView, QTableView):
    """The table itself; its keys move by one row, by ten, to the first and to the last."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down, with Shift by ten; Home and End; the rest is for the window."""
        keys = Qt.Key
        many = lines_of(event)
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

    def leave_out_columns(self) -> None:
        """Where room is short, the name needs it."""
        for column in (Column.RESULT, Column.STATUS):
            self.setColumnHidden(column, self.width() < NARROW)
