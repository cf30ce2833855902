"""Progress: how far a screening is, for a line of text or a bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Written by ``screen`` as it goes; may be read from another thread at any time."""

    found: int = 0
    """Rows known of so far: files, and frames of files already opened."""
    listed: bool = False
    """True as soon as ``found`` misses no file any more; frames may still be added."""
    done: int = 0
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def seconds_left(self) -> float | None:
        """Estimated from the rows done so far; None while there is nothing to estimate from."""
        if not self.listed or not self.done:
            return None
        return (self.clock() - self.started) / self.done * (self.found - self.done)
