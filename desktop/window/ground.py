"""The ground of a list, so that scrolling moves what is painted and paints only what comes in."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractItemView


def keep_ground(view: QAbstractItemView, event: QEvent) -> None:
    """Have the list fill its own ground, after an event that gives it a style.

    A style sheet lets what is behind the list shine through, and Qt then paints every line anew at
    each step of the wheel.
    """
    if event.type() in (QEvent.Type.Show, QEvent.Type.StyleChange):
        view.viewport().setAutoFillBackground(True)
