"""``make screenshots``: the documentation's images of the window, and every screen to look at.

All are of the sample images. The screens, in both languages and themes, go to build/screens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

from setup.screen import virtual_screen

FOLDER = Path("docs/screenshots")
SCREENSHOTS = {
    "dark": ["--theme", "dark", "--heat-map", "--samples"],
    "light": ["--theme", "light", "--samples"],
    "chinese": ["--theme", "dark", "--language", "zh_CN", "--samples"],
    "start": ["--theme", "light"],
}
"""Name of the file, and what the window program is told."""
SCREENS = Path("build/screens")
LANGUAGES, THEMES = ("en", "zh_CN"), ("light", "dark")


def main() -> int:
    """Take every screenshot; ends with 1 where one of them could not be taken."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    SCREENS.mkdir(parents=True, exist_ok=True)
    failed = []
    with virtual_screen() as display:
        place = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        for name, options in SCREENSHOTS.items():
            target = FOLDER / f"{name}.png"
            command = [sys.executable, "-m", "desktop", "--screenshot", str(target), *options]
            if subprocess.run(command, env=place, check=False, timeout=600).returncode != 0:
                failed.append(name)
        for language, theme in product(LANGUAGES, THEMES):
            command = [sys.executable, "-m", "tests.make.screens", language, theme, str(SCREENS)]
            if subprocess.run(command, env=place, check=False, timeout=600).returncode != 0:
                failed.append(f"screens in {language}, {theme}")
    print(f"Failed: {', '.join(failed)}" if failed else f"Written: {FOLDER}, {SCREENS}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
