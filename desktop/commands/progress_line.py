"""The line on a terminal that says how far a run is."""

from __future__ import annotations

from typing import TextIO

from desktop.commands.columns import padded
from desktop.engine.progress import Progress
from desktop.messages import ProgressCode
from desktop.text.language import text_of
from imaging.messages import Message

_LINE_WIDTH = 50
"""Columns that a line of progress takes at most."""


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
            self._tell(Message(ProgressCode.HEADERS, done=known.headers, files=known.files))
            return
        counts = {"done": known.done, "found": known.found}
        if left is None:
            self._tell(Message(ProgressCode.IMAGES, **counts))
        else:
            self._tell(Message(ProgressCode.IMAGES_LEFT, **counts, seconds=left))

    def clear(self) -> None:
        """Take the line away, for what is printed next."""
        if self._on:
            self._write(f"\r{padded('', _LINE_WIDTH)}\r")

    def _tell(self, message: Message) -> None:
        self._write(f"\r{padded(text_of(message), _LINE_WIDTH)}")

    def _write(self, text: str) -> None:
        """Write and flush. A terminal that has gone must not end the work: no line from then on."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._on = False
