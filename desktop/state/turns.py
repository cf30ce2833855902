"""Turns: steps that each have a turn of the event loop of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

Step = Callable[[], None]


class Turns(QObject):
    """Takes steps in their order. Between two of them the window paints and answers."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: deque[Step] = deque()
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._take)

    def add(self, *steps: Step) -> None:
        """Take these steps after those that wait, one in each of the turns to come."""
        self._steps.extend(steps)
        self._timer.start()

    def clear(self) -> None:
        """Take no step that waits."""
        self._steps.clear()
        self._timer.stop()

    @Slot()
    def _take(self) -> None:
        step = self._steps.popleft()
        if self._steps:
            self._timer.start()
        step()
