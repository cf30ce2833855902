"""Reads: what the reader says of scans, kept by their content and never sent anywhere."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from imaging.errors import Code
from model.image_result import ImageResult, status_of

FORMAT = 2
"""SQLite's ``user_version`` of the file. Files of version 1 have no key images, and get them."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS reads (sha256 TEXT, frame INTEGER, label TEXT NOT NULL, "
    "comment TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (sha256, frame))"
)
_SINCE_2 = "ALTER TABLE reads ADD COLUMN is_key INTEGER NOT NULL DEFAULT 0"
_COLUMNS = "label, comment, time, is_key"
_WAIT = 2.0
"""Seconds to wait for another window that is writing."""
_UNDECIDED = ""
"""Stands for no label in the file: a comment may come alone."""


class Label(StrEnum):
    """Whether the reader sees the finding. Values stand in exported CSV files."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Reading:
    """What the reader said of one scan, and when."""

    label: Label | None
    """None: no answer so far."""
    comment: str
    time: datetime
    """With its zone."""
    is_key: bool = False
    """A key image: the reader wants to find it again."""


class ReaderLabels:
    """Every read so far, by the file's SHA-256 and the frame: moved or renamed, a scan keeps it.

    Each change is on the disk before the method returns, so that no crash takes it. What cannot be
    kept there is kept until the program ends, and ``fault`` says so.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open or make an SQLite file; without a path, reads end with the program."""
        self.fault = ""
        """The sentence that says why reads are not kept; empty while they are."""
        self._known: dict[tuple[str, int], Reading] = {}
        self._late: set[tuple[str, int]] = set()
        """What was changed and is not in the file yet."""
        self._file: sqlite3.Connection | None = None
        if path is not None:
            try:
                self._open(path)
            except (OSError, sqlite3.Error, ValueError) as error:
                self._lose(error)

    def get(self, result: ImageResult) -> Reading | None:
        """The read of a scan; None where there is none."""
        return self._known.get((result.sha256, result.frame)) if result.sha256 else None

    def set_label(self, result: ImageResult, label: Label | None) -> Reading | None:
        """Say whether a scan shows the finding, or (None) take that back; the read as it is now."""
        return self._keep(result, label=label)

    def set_comment(self, result: ImageResult, comment: str) -> Reading | None:
        """Comment on a scan; returns the read as it is now."""
        return self._keep(result, comment=comment)

    def set_key_image(self, result: ImageResult, is_key: bool) -> Reading | None:
        """Make a scan a key image, or none any more; returns the read as it is now.

        What was read before was read then: the time stays.
        """
        return self._keep(result, read_now=False, is_key=is_key)

    def _current(self, result: ImageResult) -> Reading | None:
        """As the file has it: another window may have changed it since it was opened."""
        key = result.sha256, result.frame
        if self._file is not None and key not in self._late:
            try:
                found = self._file.execute(
                    f"SELECT {_COLUMNS} FROM reads WHERE sha256 = ? AND frame = ?", key
                ).fetchone()
            except sqlite3.Error:
                return self._known.get(key)
            return None if found is None else _read(*found)
        return self._known.get(key)

    def _keep(self, result: ImageResult, *, read_now: bool = True, **change: Any) -> Reading | None:
        """Change some fields of a read, and forget it where nothing is left in it.

        ``read_now``: its time is now; else it stays as it was, if there was a read before.
        """
        key, now = (result.sha256, result.frame), datetime.now().astimezone()
        before = self._current(result) or Reading(None, "", now)
        read = replace(before, time=now if read_now else before.time, **change)
        if read.label is None and not read.comment and not read.is_key:
            self._known.pop(key, None)
        else:
            self._known[key] = read
        self._late.add(key)
        self._write()
        return self._known.get(key)

    def close(self) -> None:
        """Let the file go."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # a comment may name someone
        self._file = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
        [[version]] = self._file.execute("PRAGMA user_version")
        if version not in range(FORMAT + 1):
            raise ValueError(f"{path.name} is of another version of this program")
        if version < FORMAT:
            self._bring_up()
        for sha256, frame, *said in self._file.execute(
            f"SELECT sha256, frame, {_COLUMNS} FROM reads"
        ):
            self._known[sha256, frame] = _read(*said)

    def _bring_up(self) -> None:
        """Make the table, or give one of version 1 what it lacks; another window may be faster."""
        assert self._file is not None
        self._file.execute("BEGIN IMMEDIATE")
        [[version]] = self._file.execute("PRAGMA user_version")
        if version < FORMAT:
            self._file.execute(_TABLE)
            self._file.execute(_SINCE_2)
            self._file.execute(f"PRAGMA user_version = {FORMAT}")
        self._file.execute("COMMIT")

    def _write(self) -> None:
        """Bring the file up to what is known; what another program locks out follows next time."""
        if self._file is None:
            return
        try:
            for key in sorted(self._late):
                read = self._known.get(key)
                if read is None:
                    self._file.execute("DELETE FROM reads WHERE sha256 = ? AND frame = ?", key)
                    continue
                time = read.time.isoformat(timespec="seconds")
                row = (*key, read.label or _UNDECIDED, read.comment, time, read.is_key)
                self._file.execute("INSERT OR REPLACE INTO reads VALUES (?, ?, ?, ?, ?, ?)", row)
            self._late.clear()
            self.fault = ""
        except sqlite3.Error as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        self.fault = f"Your readings are lost when the program ends: {reason}."
        if "locked" not in reason:
            self.close()


def _read(label: str, comment: str, time: str, is_key: int) -> Reading:
    known = None if label == _UNDECIDED else Label(label)
    return Reading(known, comment, datetime.fromisoformat(time), bool(is_key))


def agrees(read: Reading | None, prediction: int | None) -> bool | None:
    """Whether read and verdict (1: above the threshold) say the same; None: one says nothing."""
    if read is None or prediction is None or read.label not in (Label.PRESENT, Label.ABSENT):
        return None
    return (read.label is Label.PRESENT) == (prediction == 1)


def blinded(result: ImageResult) -> ImageResult:
    """The same finding without the classifier's answer, for a reader who is to answer first."""
    problems = tuple(each for each in result.problems if each.code is not Code.NOT_ASSESSABLE)
    return replace(
        result,
        logit=None,
        probability=None,
        novelty=None,
        problems=problems,
        status=status_of(problems),
    )
