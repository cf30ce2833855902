"""The log: one rotating file in the user's folder. Nothing in it tells who an image belongs to.

Only the program's own lines are written, and they hold counts, codes and versions. Of an exception
only its type and places in the code are kept: its message may quote a path or a header.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from desktop.folders import NoHomeError, log_folder

NAME = "cranioscope"
_LARGEST, _KEPT = 1_000_000, 1
"""Bytes of one file, and how many older ones are kept."""

log = logging.getLogger(NAME)


class _Quiet(logging.handlers.RotatingFileHandler):
    """Says nothing where a line cannot be written, as on a full disk."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Lose the line: the work that it tells of goes on."""


def start(where: Path | None = None) -> None:
    """Write to ``cranioscope.log`` from now on, and note what ends the program unexpectedly.

    Where the folder cannot be written, the program goes on without a log.
    """
    stop()
    log.propagate = False
    log.setLevel(logging.INFO)
    try:
        where = log_folder() if where is None else where
        where.mkdir(parents=True, exist_ok=True)
        handler = _Quiet(
            where / f"{NAME}.log", maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8"
        )
    except (OSError, NoHomeError):
        log.addHandler(logging.NullHandler())
        return
    handler.setFormatter(_WithoutMessages("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    _Hook.shown_by, sys.excepthook = sys.excepthook, _note_and_show


def stop() -> None:
    """Close the file."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    if sys.excepthook is _note_and_show:
        sys.excepthook = _Hook.shown_by


class _Hook:
    """Who shows what ends the program; it was there before the log."""

    shown_by: Callable[[type[BaseException], BaseException, TracebackType | None], object]


class _WithoutMessages(logging.Formatter):
    """Formats an exception as its type and the places in the code that led to it."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Type and places, without messages and without the lines of code."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines.append(type(error).__name__)
            for frame in traceback.extract_tb(error.__traceback__):
                lines.append(f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _note_and_show(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        log.critical("ended unexpectedly", exc_info=(kind, error, trace))
    _Hook.shown_by(kind, error, trace)
