"""The view of the worklist: what its keys do, and that nothing jumps under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from desktop.tables.row import Index
from desktop.tables.worklist_cells import WorklistColumn
from desktop.window.list_view import ListView, lines_of

NARROW = 440
"""Pixels below which the result stands under the name, and has no column of its own."""


class WorklistView(ListView, QTreeView):
    """The list itself; its keys move by one line, by ten, to the first and the last to be seen."""

    hovered = Signal(bool)
    """Whether the mouse is over the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down, with Shift by ten; Home and End; Space opens; the rest is the window's."""
        keys, here = Qt.Key, self.currentIndex()
        many = lines_of(event)
        match Qt.Key(event.key()):
            case keys.Key_Up | keys.Key_Down as key:
                step = self.indexAbove if key == keys.Key_Up else self.indexBelow
                wanted = here if here.isValid() else self.model().index(0, 0)
                for _ in range(many if here.isValid() else 0):
                    wanted = following if (following := step(wanted)).isValid() else wanted
            case keys.Key_Home:
                wanted = self.model().index(0, 0)
            case keys.Key_End:
                wanted = self._last
            case keys.Key_Space:
                self.setExpanded(here, not self.isExpanded(here))
                return
            case _:
                event.ignore()
                return
        if wanted.isValid():
            self.setCurrentIndex(wanted)

    @property
    def _last(self) -> QModelIndex:
        """The last line that is to be seen, of a patient or of what stands below an open one."""
        last = QModelIndex()
        while self.model().rowCount(last) and (not last.isValid() or self.isExpanded(last)):
            last = self.model().index(self.model().rowCount(last) - 1, 0, last)
        return last

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted, and paint what comes in.

        A QTreeView paints all of its lines anew where a step has more pixels than it shows lines.
        """
        super().scrollContentsBy(dx, 0)
        self.viewport().scroll(0, dy)

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Below a closed line nothing is laid out, and its arrow may be new.

        A QTreeView paints all of its lines anew for that arrow.
        """
        if not parent.isValid() or self.isExpanded(parent):
            super().rowsInserted(parent, start, end)
        else:
            QAbstractItemView.rowsInserted(self, parent, start, end)
            self.dataChanged(parent, parent)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The order is held from now on."""
        self.hovered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The order may change again."""
        self.hovered.emit(False)
        super().leaveEvent(event)

    def leave_out_columns(self) -> None:
        """Where room is short, everything stands under the name."""
        for column in (WorklistColumn.SCORE, WorklistColumn.RESULT):
            self.setColumnHidden(column, self.width() < NARROW)
