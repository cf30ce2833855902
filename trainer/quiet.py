"""Image libraries in C write straight to the terminal; what they say of a file is kept off it."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator

STDERR = 2
"""The number of the stream that libtiff and libpng write to."""


@contextlib.contextmanager
def libraries_kept_quiet() -> Iterator[None]:
    """Drop what libraries write to stderr within, and Python's warnings: names and odd values.

    What is wrong with a file is told by the error that reading it raises. For the whole process:
    other threads are not heard either, so keep it short.
    """
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        with contextlib.suppress(OSError):  # no such stream: nothing to keep quiet
            kept = os.dup(STDERR)
            stack.callback(os.close, kept)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stack.callback(os.close, nowhere)
            os.dup2(nowhere, STDERR)
            stack.callback(os.dup2, kept, STDERR)
        yield
