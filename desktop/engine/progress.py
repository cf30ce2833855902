"""Progress: how far a run is, for a line of text or a bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

_LINE_WIDTH = 50
"""Columns that a line of progress takes at most."""


@dataclass
class Progress:
    """Written by ``screen`` as it goes; may be read from another thread at any time."""

    files: int = 0
    """Files found so far, readable or not."""
    headers: int = 0
    """Files whose header has been read."""
    found: int = 0
    """Rows known of so far: files, and frames of files already opened."""
    listed: bool = False
    """True as soon as no file is missing any more; frames may still be added to ``found``."""
    done: int = 0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _first: tuple[int, float] | None = field(default=None, init=False, repr=False)
    """How many were done, and when, at the first row of this run."""

    def begin_again(self, done: int) -> None:
        """Forget all results but so many, and the pace."""
        self.done, self._first = done, None

    def row_done(self) -> None:
        """Count a result that is handed out."""
        self.done += 1
        if self._first is None:
            self._first = self.done, self.clock()

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the pace since the first row, which waited for the start of everything.

        None while there is nothing to estimate from.
        """
        if not self.listed or self._first is None or self.done == self._first[0]:
            return None
        done, since = self._first
        return (self.clock() - since) / (self.done - done) * (self.found - self.done)


class ProgressLine:
    """One line on a terminal that says how far it is; nothing where there is no terminal."""

    def __init__(self, stream: TextIO, progress: Progress, quiet: bool = False) -> None:
        self._stream, self._progress = stream, progress
        self._on = stream.isatty() and not quiet
        self._next = 0.0

    def show(self) -> None:
        """Show rows done, rows found and the time left, at most ten times a second."""
        now = self._progress.clock()
        if not self._on or now < self._next:
            return
        self._next = now + 0.1
        known, left = self._progress, self._progress.seconds_left
        if not known.listed or known.headers < known.files:
            self._write(f"{known.headers} of {known.files} headers")
            return
        time_left = "" if left is None else f", {left:.0f} s left"
        self._write(f"{known.done} of {known.found} images{time_left}")

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self._on:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text:<{_LINE_WIDTH}}")
        self._stream.flush()
