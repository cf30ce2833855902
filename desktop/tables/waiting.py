"""Waiting: which rows of the findings table stand for files whose finding is still to come."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from pathlib import Path

from desktop.tables.row import Row
from imaging.errors import Code, Problem
from model.assess import unread
from model.image_result import ImageResult


class Waiting:
    """Row numbers by file, the earliest first."""

    def __init__(self) -> None:
        self._of: dict[Path, deque[int]] = defaultdict(deque)
        self._first: dict[Path, int] = {}

    def add(self, path: Path, number: int) -> None:
        """A row waits for that file's finding."""
        self._of[path].append(number)
        self._first.setdefault(path, number)

    def take(self, path: Path) -> int | None:
        """The row that a finding of the file fills; None where there is none left."""
        waiting = self._of.get(path)
        return waiting.popleft() if waiting else None

    def file(self, path: Path, number: int) -> int:
        """The number of the file's first row; ``number``, where it has none."""
        return self._first.setdefault(path, number)


def left_out(rows: Sequence[Row]) -> list[ImageResult]:
    """A finding for each file and frame whose turn had not come when it was stopped."""
    count = Counter(row.path for row in rows)
    left = [(row.path, 0, 1) for row in rows if row.known is None]
    for row in rows:
        if row.known is not None and row.frame == 0:
            frames = row.known.frames
            left += [(row.path, frame, frames) for frame in range(count[row.path], frames)]
    problem = Problem(Code.NOT_SCREENED)
    return [unread(path, frame, frames, None, problem) for path, frame, frames in left]
