"""What both lists of the window do, beside what each shows: how they paint, and where they stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView as View
else:
    View = object  # PySide6 allows one Qt class among the bases of a view, which brings its own

WITH_SHIFT = 10
"""Lines by which Up and Down go while Shift is held."""


def lines_of(event: QKeyEvent) -> int:
    """By how many lines Up and Down go."""
    return WITH_SHIFT if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1


class ListView(View):
    """Mixed into a Qt view, before it: scrolling paints only the lines that come into view.

    The current line stays in view when the list becomes lower.
    """

    def leave_out_columns(self) -> None:
        """Hide the columns that there is no width for."""

    def showEvent(self, event: QShowEvent) -> None:
        """The first style."""
        super().showEvent(event)
        self._fill_background()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fill_background()

    def _fill_background(self) -> None:
        """Have the list fill its own background, after an event that gives it a style.

        A style sheet lets what is behind the list shine through, and Qt then paints every line anew
        at each step of the wheel.
        """
        self.viewport().setAutoFillBackground(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is short, some columns give way; the current line stays in view."""
        super().resizeEvent(event)
        self.leave_out_columns()
        self._keep_in_view(event)

    def _keep_in_view(self, event: QResizeEvent) -> None:
        """Scroll so far that the current line, if it was seen whole before, still is."""
        index, before = self.currentIndex(), event.oldSize()
        lying = self.visualRect(index)
        # Qt scrolls a line of a tree so far that its last pixel, a border, is below the view.
        if (
            index.isValid()
            and before.isValid()
            and 0 <= lying.top() < lying.bottom() <= before.height()
        ):
            self.scrollTo(index)
