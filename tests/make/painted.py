"""What of a list is painted."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent

from desktop.window.images_view import ImagesView
from desktop.window.worklist_view import WorklistView


class Painted:
    """Hears of which rows of pixels the lists are painted that are made from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: set[int] = set()
        for kind in (WorklistView, ImagesView):
            self._hear(monkeypatch, kind)

    def _hear(self, monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
        paint = kind.paintEvent

        def hear(view: Any, event: QPaintEvent) -> None:
            region, rows = event.region(), range(view.viewport().height())
            self.rows |= {y for y in rows if region.intersects(QRect(0, y, 10_000, 1))}
            paint(view, event)

        monkeypatch.setattr(kind, "paintEvent", hear, raising=False)
