"""Kills an export at one line of its writing after another.

Runs as ``python -m tests.make.killed_export FOLDER KILLS``.
Forks from a process without threads, which the process of the tests is not. Prints, as JSON, how
many exports were killed and what was found in the three files afterwards.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from desktop.engine.progress import Progress
from desktop.engine.report import ExportFiles, Origin, write_export
from imaging.files import atomic
from model.image_result import ImageResult
from tests.make.results import result
from tests.make.tiny_model import tiny_card

ROWS = 600
"""Enough for a table to be written in several pieces."""


class _Countdown:
    """A trace function that kills the process at the n-th line of atomic.py; -1 only counts."""

    def __init__(self, left: int) -> None:
        self.left, self.seen = left, 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> _Countdown | None:
        if frame.f_code.co_filename != atomic.__file__:
            return None
        if event == "line":
            self.seen += 1
            if self.seen == self.left:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def _export(folder: Path, probability: float, kill_at: int = -1) -> int:
    """Export; the number of lines that could have been the last."""
    results: list[ImageResult] = [result(f"/s/{n}.png", probability) for n in range(ROWS)]
    progress = Progress(files=ROWS, found=ROWS, listed=True)
    origin = Origin(tiny_card(), "0" * 64, 0.5, "0")
    countdown = _Countdown(kill_at)
    sys.settrace(countdown)
    write_export(ExportFiles.at(folder / "images.csv"), results, [], origin, progress)
    sys.settrace(None)
    return countdown.seen


def _content(folder: Path) -> dict[str, bytes]:
    export = ExportFiles.at(folder / "images.csv")
    files = {"images": export.images, "series": export.series, "sidecar": export.sidecar}
    return {name: file.read_bytes() for name, file in files.items()}


def _put_back(folder: Path, content: dict[str, bytes]) -> None:
    """What was there before the first kill, so that every export has the same lines."""
    for left in folder.glob(".*.part"):
        left.unlink()
    export = ExportFiles.at(folder / "images.csv")
    export.images.write_bytes(content["images"])
    export.series.write_bytes(content["series"])
    export.sidecar.write_bytes(content["sidecar"])


def _state(content: dict[str, bytes], old: dict[str, bytes], new: dict[str, bytes]) -> str:
    """``old`` or ``new`` for each file that is whole, in the order of writing."""
    series = "old" if content["series"] == old["series"] else "broken"
    images = {old["images"]: "old", new["images"]: "new"}.get(content["images"], "broken")
    # The sidecar holds the time; whole it can be parsed and names the tables of one export.
    said = json.loads(content["sidecar"])["tables"]["images"]
    sidecars = {
        json.dumps(json.loads(each["sidecar"])["tables"]["images"]): name
        for name, each in (("old", old), ("new", new))
    }
    return f"{series} {images} {sidecars.get(json.dumps(said), 'broken')}"


def main(folder: Path, kills: int) -> None:
    """Kill so many exports, at places spread evenly over their lines."""
    whole, folder = folder / "whole", folder / "killed"
    whole.mkdir()
    folder.mkdir()
    _export(whole, 0.25)
    lines = _export(whole, 0.75)
    new = _content(whole)
    states: Counter[str] = Counter()
    _export(folder, 0.25)
    old = _content(folder)
    for number in range(kills):
        _put_back(folder, old)
        child = os.fork()
        if child == 0:
            _export(folder, 0.75, kill_at=1 + number * (lines - 1) // max(1, kills - 1))
            os._exit(1)  # it was to be killed
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        states[_state(_content(folder), old, new)] += 1
    print(json.dumps({"lines": lines, "kills": kills, "states": states}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
