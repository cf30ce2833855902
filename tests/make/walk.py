"""The steps of docs/house.md, and which of them a program really goes."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

HOUSE = Path(__file__).resolve().parents[2] / "docs" / "house.md"
_STEP = re.compile(r"`((?:imaging|model|desktop)(?:\.\w+)+)`")


def steps(*chapters: str) -> list[str]:
    """The functions in the tables of the chapters that begin so, in the page's order."""
    parts = re.split(r"(?m)^(?=###? )", HOUSE.read_text(encoding="utf-8"))
    told = [each for each in parts if each.startswith(tuple(f"### {name}" for name in chapters))]
    rows = [line for each in told for line in each.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in _STEP.findall(row.split("|")[2])]


def _code_of(dotted: str) -> CodeType:
    """Of a function, or of what makes an object of a class."""
    found: Any = None
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            found = getattr(found, parts[end - 1])
    function = inspect.unwrap(found.__init__ if inspect.isclass(found) else found)
    code: CodeType = function.__code__
    return code


@contextmanager
def noting(names: Sequence[str]) -> Iterator[list[str]]:
    """Which of these are called in this thread and in Python's new ones, each once, in order."""
    codes = {_code_of(name): name for name in names}
    seen: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        name = codes.get(frame.f_code) if event == "call" else None
        if name is not None and name not in seen:
            seen.append(name)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
