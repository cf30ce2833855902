"""Job: runs a plain iterator in a thread and hands over what it yields in chunks."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

INTERVAL = 100
"""Milliseconds between two chunks: often enough to look live, rare enough to cost nothing."""
LARGEST = 500
"""Most items in one chunk, so that inserting it never holds up the event loop."""

_log = logging.getLogger(__name__)


class Job(QThread):
    """Runs an iterable outside the window's thread.

    What it yields is gathered and emitted by ``chunk``, in order, in the thread that made the
    job; ``ended`` follows the last chunk, with the text of the exception that broke the iterator
    or an empty one. The iterator must yield, or look at the ``stopping`` that it is given, at
    least twice a second.
    """

    chunk = Signal(list)
    ended = Signal(str)

    def __init__(
        self,
        items: Callable[[Callable[[], bool]], Iterable[Any]],
        *,
        interval: int = INTERVAL,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._items = items
        self._error = ""
        self._over = False
        self._gathered: deque[Any] = deque()
        self._timer = QTimer(self, interval=interval)
        self._timer.timeout.connect(self._hand_over)
        self.started.connect(self._timer.start)
        self.finished.connect(self._finish)

    def run(self) -> None:
        """Draw from the iterator until it ends or interruption is requested (in the thread)."""
        stopping = self.isInterruptionRequested
        try:
            for item in self._items(stopping):
                self._gathered.append(item)
                if stopping():
                    break
        except Exception as error:  # noqa: BLE001  the boundary: a thread must not die unheard
            _log.exception("A job broke off.")
            self._error = str(error) or type(error).__name__

    def stop(self) -> None:
        """Ask the iterator to end, wait until it has, and hand over what it gave until then."""
        self.requestInterruption()
        self.wait()
        while self._gathered:
            self._hand_over()
        self._end()

    @Slot()
    def _hand_over(self) -> None:
        if self._gathered:
            count = min(len(self._gathered), LARGEST)
            self.chunk.emit([self._gathered.popleft() for _ in range(count)])
        elif self.isFinished():
            self._end()

    @Slot()
    def _finish(self) -> None:
        if not self._over:
            self._timer.start(0)  # what is left follows chunk by chunk, events in between

    def _end(self) -> None:
        self._timer.stop()
        if not self._over:
            self._over = True
            self.ended.emit(self._error)
