"""What Ctrl+C does at each stage of a command. Imported first of all: it stays light."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

NOTHING_DONE = 2
Handler = Callable[[int, FrameType | None], None] | signal.Handlers


def leave(_number: int = 0, _frame: FrameType | None = None) -> None:
    """End the program at once and with a sentence, also in the middle of an import."""
    with contextlib.suppress(OSError):
        os.write(2, b"cranioscope: stopped.\n")
    os._exit(NOTHING_DONE)


def interrupt(_number: int = 0, _frame: FrameType | None = None) -> None:
    """Raise KeyboardInterrupt."""
    raise KeyboardInterrupt


@contextlib.contextmanager
def on_interrupt(handler: Handler) -> Iterator[None]:
    """What Ctrl+C does within: ``leave``, ``interrupt``, or nothing (``signal.SIG_IGN``).

    Only the main thread may choose; elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
