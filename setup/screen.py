"""A virtual screen (Xvfb) for a window that nobody watches, and pictures of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = "1440x900x24"

GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
saved = application.primaryScreen().grabWindow(0).save(sys.argv[1])
sys.exit(not saved)
"""


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Start Xvfb on a free display, give its name such as ``:3``, and end it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
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


def photograph(display: str, picture: Path) -> None:
    """Save what the display shows as a PNG file."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    subprocess.run(
        [sys.executable, "-c", GRAB, str(picture)], env=environment, check=True, timeout=60
    )
