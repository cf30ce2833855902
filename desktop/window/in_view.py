"""What is marked in a list stays in view when the list becomes lower."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView


def keep_in_view(view: QAbstractItemView, event: QResizeEvent) -> None:
    """After a resize: scroll so far that the current line, if it was seen whole, still is."""
    index, before = view.currentIndex(), event.oldSize()
    lying = view.visualRect(index)
    # Qt scrolls a line of a tree so far that its last pixel, which is a border, is below the view.
    if (
        index.isValid()
        and before.isValid()
        and 0 <= lying.top() < lying.bottom() <= before.height()
    ):
        view.scrollTo(index)
