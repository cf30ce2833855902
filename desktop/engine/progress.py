"""How far a run is, for whoever shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

SETTLED = 2.0
"""Seconds since the first row from which on the pace is told. What needs no network comes first and
at once, and would promise the end of a long run in seconds."""


@dataclass
class Progress:
    """Written by a ``Run`` as it goes; may be read from another thread at any time."""

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
        first, done = self._first, self.done  # of one moment: another thread may begin again
        if not self.listed or first is None or done <= first[0]:
            return None
        before, since = first
        passed = self.clock() - since
        if passed < SETTLED:
            return None
        return passed / (done - before) * (self.found - done)
