"""Ends that the system asks for: they close the window as the reader would."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Slot

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""At shutdown, at Ctrl+C in a terminal, and when that terminal goes; not every system has all."""


class Ending(QObject):
    """Turns such a signal into a call within the event loop, until ``restore``.

    Python sees a signal only when it runs next, and an idle event loop runs none of it. So the
    signal is also written into a socket, for which the loop waits.
    """

    def __init__(self, close: Callable[[], object], parent: QObject | None = None) -> None:
        """``close`` ends the window. Raises ValueError outside the main thread."""
        super().__init__(parent)
        self._close = close
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        kind = QSocketNotifier.Type.Read
        self._notifier = QSocketNotifier(self._reading.fileno(), kind, self)
        self._notifier.activated.connect(self._end)
        self._descriptor = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        numbers = (getattr(signal, name) for name in _NAMES if hasattr(signal, name))
        # What is ignored stays so: nohup keeps a program when its terminal goes.
        taken = [each for each in numbers if signal.getsignal(each) is not signal.SIG_IGN]
        self._before: dict[Any, Any] = {each: signal.signal(each, _leave) for each in taken}

    @Slot()
    def _end(self) -> None:
        """Close the window; a second signal ends the program at once."""
        self.restore()
        self._close()

    def restore(self) -> None:
        """Signals do again what they did before."""
        if not self._before:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._descriptor)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        self._reading.close()
        self._writing.close()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """The event loop has been told."""
