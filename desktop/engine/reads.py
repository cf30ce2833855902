"""Reads: what the reader says of scans, kept by their content and never sent anywhere."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desktop.engine.finding import Finding, status_of
from scans.errors import Code

FORMAT = 1
"""SQLite's ``user_version`` of the file."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS reads (sha256 TEXT, frame INTEGER, label TEXT NOT NULL, "
    "comment TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (sha256, frame))"
)
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
class Read:
    """What the reader said of one scan, and when."""

    label: Label | None
    """None: nothing but a comment so far."""
    comment: str
    time: datetime
    """With its zone."""


class Reads:
    """Every read so far, by the file's SHA-256 and the frame: moved or renamed, a scan keeps it.

    Each change is on the disk before ``keep`` returns, so that no crash takes it. What cannot be
    kept there is kept until the program ends, and ``fault`` says so.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open or make an SQLite file; without a path, reads end with the program."""
        self.fault = ""
        """The sentence that says why reads are not kept; empty while they are."""
        self._known: dict[tuple[str, int], Read] = {}
        self._file: sqlite3.Connection | None = None
        if path is not None:
            try:
                self._open(path)
            except (OSError, sqlite3.Error, ValueError) as error:
                self._lose(error)

    def of(self, finding: Finding) -> Read | None:
        """The read of a scan; None where there is none."""
        return self._known.get((finding.sha256, finding.frame)) if finding.sha256 else None

    def keep(self, finding: Finding, label: Label | None, comment: str = "") -> Read | None:
        """Set the read of a scan that has been read from its file; returns it as it is now.

        Without label and comment it is taken back.
        """
        key = finding.sha256, finding.frame
        if label is None and not comment:
            self._known.pop(key, None)
            self._write("DELETE FROM reads WHERE sha256 = ? AND frame = ?", *key)
            return None
        read = Read(label, comment, datetime.now().astimezone())
        self._known[key] = read
        row = (label or _UNDECIDED, comment, read.time.isoformat(timespec="seconds"))
        self._write("INSERT OR REPLACE INTO reads VALUES (?, ?, ?, ?, ?)", *key, *row)
        return read

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
        if version not in (0, FORMAT):
            raise ValueError(f"{path.name} is of another version of this program")
        self._file.execute(_TABLE)
        self._file.execute(f"PRAGMA user_version = {FORMAT}")
        for sha256, frame, label, comment, time in self._file.execute("SELECT * FROM reads"):
            known = None if label == _UNDECIDED else Label(label)
            self._known[sha256, frame] = Read(known, comment, datetime.fromisoformat(time))

    def _write(self, command: str, *values: str | int) -> None:
        if self._file is not None:
            try:
                self._file.execute(command, values)
            except sqlite3.Error as error:
                self._lose(error)

    def _lose(self, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        self.fault = f"Your readings are lost when the program ends: {reason}."
        self.close()


def agrees(read: Read | None, prediction: int | None) -> bool | None:
    """Whether read and verdict (1: above the threshold) say the same; None: one says nothing."""
    if read is None or prediction is None or read.label not in (Label.PRESENT, Label.ABSENT):
        return None
    return (read.label is Label.PRESENT) == (prediction == 1)


def veiled(finding: Finding) -> Finding:
    """The same finding without the classifier's answer, for a reader who is to answer first."""
    problems = tuple(each for each in finding.problems if each.code is not Code.NOT_ASSESSABLE)
    return replace(
        finding,
        logit=None,
        probability=None,
        novelty=None,
        problems=problems,
        status=status_of(problems),
    )
