"""Progress: how far a screening is, for a line of text or a bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Written by ``screen`` as it goes; may be read from another thread at any time."""

    files: int = 0
    """Files found so far, readable or not."""
    found: int = 0
    """Rows known of so far: files, and frames of files already opened."""
    listed: bool = False
    """True as soon as no file is missing any more; frames may still be added to ``found``."""
    done: int = 0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    _first: float = field(default=0.0, init=False, repr=False)

    def row_done(self) -> None:
        """Count a finding that is handed out."""
        self.done += 1
        if self.done == 1:
            self._first = self.clock()

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the pace since the first row, which waited for the start of everything.

        None while there is nothing to estimate from.
        """
        if not self.listed or self.done < 2:
            return None
        return (self.clock() - self._first) / (self.done - 1) * (self.found - self.done)
