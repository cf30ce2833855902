"""A virtual screen (Xvfb) for a window that nobody watches."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1440x900x24"


@contextmanager
def virtual_screen(size: str = SIZE) -> Iterator[str]:
    """Start Xvfb on a free display, give its name such as ``:3``, and end it.

    ``size``: width, height and bits of a pixel, as in SIZE.
    """
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise SystemExit("Xvfb did not start.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
