"""``make sessions``: a reader's three sessions in a real window, with screenshots.

``python -m tests.sessions study`` goes through one of study, worklist and blinded. The screenshots
go to build/sessions. With openbox, the window has a frame and fills the screen.
``--screen 2560x1600 --scale 2`` is a screen at 200 %.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from setup.screen import virtual_screen

FOLDER = Path("build/sessions")
SESSIONS = ("study", "worklist", "blinded")


def main() -> int:
    """Go through sessions; ends with 1 where the window did not do what a reader expects."""
    parser = argparse.ArgumentParser(description="A reader's sessions in a real window.")
    parser.add_argument("session", choices=("all", *SESSIONS), nargs="?", default="all")
    parser.add_argument("--language", choices=("en", "zh_CN"), default="en")
    parser.add_argument("--theme", choices=("light", "dark"), default="dark")
    parser.add_argument("--screen", default="1280x800", help="width and height in pixels")
    parser.add_argument("--scale", default="1", help="2 for 200 %%")
    given = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with virtual_screen(f"{given.screen}x24") as display:
        place = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        place["QT_SCALE_FACTOR"] = given.scale
        manager = (
            [] if shutil.which("openbox") is None else [subprocess.Popen("openbox", env=place)]
        )
        module = [sys.executable, "-m", "tests.make.sessions"]
        ended = 0
        for session in SESSIONS if given.session == "all" else (given.session,):
            said = [session, given.language, given.theme, str(FOLDER)]
            done = subprocess.run([*module, *said], env=place, check=False, timeout=1200)
            print(f"{session}: {'as expected' if done.returncode == 0 else 'failed'}")
            ended = ended or done.returncode
        for each in manager:
            each.terminate()
            each.wait()
    print(f"Written: {FOLDER}" if ended == 0 else "Failed")
    return min(ended, 1)


if __name__ == "__main__":
    sys.exit(main())
