"""``make screenshots``: the README's pictures of the window, on sample scans alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from setup.screen import virtual_screen

FOLDER = Path("docs/screenshots")
PICTURES = {
    "dark": ["--theme", "dark", "--heat-map", "--samples"],
    "light": ["--theme", "light", "--samples"],
    "chinese": ["--theme", "dark", "--language", "zh_CN", "--samples"],
    "start": ["--theme", "light"],
}
"""Name of the file, and what the window program is told."""


def main() -> int:
    """Take every picture; ends with 1 where the window missed a row."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    failed = []
    with virtual_screen() as display:
        place = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        for name, options in PICTURES.items():
            target = FOLDER / f"{name}.png"
            command = [sys.executable, "-m", "desktop", "--screenshot", str(target), *options]
            if subprocess.run(command, env=place, check=False, timeout=600).returncode != 0:
                failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else f"Written: {FOLDER}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
