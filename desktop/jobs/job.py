"""Job: runs a plain iterator in a thread and hands over what it yields in chunks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Signal, Slot

from desktop.log import log
from desktop.reasons import sentence_of
from desktop.text.language import text_of

INTERVAL = 100
"""Milliseconds between two chunks: often enough to look live, rare enough to cost nothing."""
SELDOM = 200
"""The same where lists are long: each chunk costs a window that someone scrolls through more."""
LARGEST = 500
"""Most items in one chunk, so that inserting it never holds up the event loop."""

Stopping = Callable[[], bool]
"""Whether the reader asked to stop; to be looked at several times a second."""
Items = Callable[[Stopping], Iterable[Any]]


class Job(QThread):
    """Runs an iterable outside the window's thread.

    What it yields is gathered and emitted by ``chunk``, in order, in the thread that made the
    job; ``ended`` follows the last chunk, with the text of the exception that broke the iterator
    or an empty one. The iterable must yield, or look at ``stopping``, at least twice a second.
    """

    chunk = Signal(list)
    ended = Signal(str)
    _gave = Signal()

    def __init__(
        self, items: Items, *, interval: int = INTERVAL, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._items = items
        self._interval = interval
        self._error = ""
        self._over = False
        self._announced = False
        self._gathered: deque[Any] = deque()
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._hand_over)
        self._gave.connect(self._schedule)
        self.finished.connect(self._schedule)

    def run(self) -> None:
        """Draw from the iterator until it ends or interruption is requested (in the thread)."""
        stopping = self.isInterruptionRequested
        try:
            for item in self._items(stopping):
                self._gathered.append(item)
                if not self._announced:
                    self._announced = True
                    self._gave.emit()
                if stopping():
                    break
        except Exception as error:  # noqa: BLE001  the boundary: a thread must not die unheard
            log.exception("A job broke off.")
            self._error = told(error)

    def stop(self) -> None:
        """Ask the iterator to end, wait until it has, and hand over what it gave until then."""
        self.requestInterruption()
        self.wait()
        while self._gathered:
            self._emit_chunk()
        self._end()

    @Slot()
    def _schedule(self) -> None:
        if not self._over and not self._timer.isActive():
            waited = self._since.elapsed() if self._since.isValid() else self._interval
            self._timer.start(max(0, self._interval - waited))

    @Slot()
    def _hand_over(self) -> None:
        self._announced, has_some = False, bool(self._gathered)
        self._emit_chunk()
        if self._gathered or (has_some and self.isFinished()):
            self._timer.start(0)  # events in between
        elif self.isFinished():
            self._end()

    def _emit_chunk(self) -> None:
        if self._gathered:
            self._since.start()
            count = min(len(self._gathered), LARGEST)
            self.chunk.emit([self._gathered.popleft() for _ in range(count)])

    def _end(self) -> None:
        self._timer.stop()
        if not self._over:
            self._over = True
            self.ended.emit(self._error)


def told(error: Exception) -> str:
    """What a reader is told of an error, in the chosen language."""
    return text_of(sentence_of(error))
