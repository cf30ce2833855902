"""Turns: steps that each have a turn of the event loop of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot

Step = Callable[[], None]
Work = Iterator[object]
"""Work in small parts, of which each step of the iterator does one."""

LASTS = 0.01
"""Seconds for which a turn goes on with work in parts."""


def do_some(work: Work) -> bool:
    """Do as many parts as a turn lasts, one at least; False when nothing is left of it."""
    until = perf_counter() + LASTS
    return any(perf_counter() >= until for _ in work)


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

    def add_work(self, work: Work) -> None:
        """Do this work after the steps that wait, in as many turns as it takes."""
        self.add(partial(self._go_on, work))

    def clear(self) -> None:
        """Take no step that waits."""
        self._steps.clear()
        self._timer.stop()

    def _go_on(self, work: Work) -> None:
        if do_some(work):
            self._steps.appendleft(partial(self._go_on, work))
            self._timer.start()

    @Slot()
    def _take(self) -> None:
        step = self._steps.popleft()
        if self._steps:
            self._timer.start()
        step()
