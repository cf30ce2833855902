"""Pauses: settings of the interpreter, so that no other thread of it stops the window for long."""

from __future__ import annotations

import gc
import sys

GIVE_WAY = 0.0002
"""Seconds after which a computing thread lets another one in. Painting a table asks Python some
hundred times, and each time it may have to wait so long; the interpreter's own choice is 0.005."""
_WHOLE_SEARCHES = 1000
"""How much rarer than Python would a search goes through all objects: it stops every thread, at
10,000 rows for 0.1 s, and finds next to nothing, for what a folder brings holds no circles."""


def shorten_pauses() -> None:
    """Settle the interpreter for a window; call it when everything of the start is imported."""
    sys.setswitchinterval(GIVE_WAY)
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _WHOLE_SEARCHES)
