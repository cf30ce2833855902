"""The store: one SQLite file for readings and scores, which several processes may use at once.

It is in WAL mode and written in transactions. A file that is damaged, or of a later version of this
program, is left exactly as it is, and a new one beside it is used in its place.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from imaging.messages import Message, MessageCode

FORMAT = 5
"""SQLite's ``user_version``. Version 1 had readings of images, 2 gave them key images, 3 added
measurements, readings of series, and scores, 4 added series marked as read, 5 gave readings of
images and marks their reader, and added what waits for a label."""
WAIT = 2.0
"""Seconds to wait for another process that is writing."""
_MOST_FILES = 9
"""How many files by the same name and a number are tried."""

_READS = (
    "CREATE TABLE IF NOT EXISTS reads (sha256 TEXT, frame INTEGER, label TEXT NOT NULL, "
    "comment TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (sha256, frame))"
)
_STEPS = (
    (_READS,),
    ("ALTER TABLE reads ADD COLUMN is_key INTEGER NOT NULL DEFAULT 0",),
    (
        "ALTER TABLE reads ADD COLUMN measurements TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE series_reads (number INTEGER PRIMARY KEY, series TEXT NOT NULL, "
        "label TEXT NOT NULL, confidence INTEGER, comment TEXT NOT NULL, reader TEXT NOT NULL, "
        "time TEXT NOT NULL, seconds REAL, blinded INTEGER NOT NULL)",
        "CREATE INDEX series_of_reads ON series_reads (series)",
        "CREATE TABLE scores (sha256 TEXT, frame INTEGER, model TEXT, program TEXT, logit REAL, "
        "probability REAL, novelty REAL NOT NULL, provider TEXT NOT NULL, "
        "PRIMARY KEY (sha256, frame, model, program)) WITHOUT ROWID",
    ),
    ("CREATE TABLE series_marks (series TEXT PRIMARY KEY) WITHOUT ROWID",),
    (
        "CREATE TABLE reads_of_readers (sha256 TEXT, frame INTEGER, reader TEXT NOT NULL, "
        "label TEXT NOT NULL, comment TEXT NOT NULL, time TEXT NOT NULL, is_key INTEGER NOT NULL, "
        "measurements TEXT NOT NULL, PRIMARY KEY (sha256, frame, reader))",
        "INSERT INTO reads_of_readers SELECT sha256, frame, '', label, comment, time, is_key, "
        "measurements FROM reads",
        "DROP TABLE reads",
        "ALTER TABLE reads_of_readers RENAME TO reads",
        "CREATE TABLE marks_of_readers (series TEXT, reader TEXT, "
        "PRIMARY KEY (series, reader)) WITHOUT ROWID",
        "INSERT INTO marks_of_readers SELECT series, '' FROM series_marks",
        "DROP TABLE series_marks",
        "ALTER TABLE marks_of_readers RENAME TO series_marks",
        "CREATE TABLE series_drafts (series TEXT, reader TEXT, comment TEXT NOT NULL, "
        "confidence INTEGER, PRIMARY KEY (series, reader)) WITHOUT ROWID",
    ),
)
"""What brings a file from version n to n + 1."""


class StoreCode(MessageCode):
    """What is wrong with the store."""

    NOT_KEPT = "store_not_kept", "Not on the disk so far, and lost when the program ends: {reason}."
    DAMAGED = "store_damaged", "{name} is damaged, and left as it is. Readings go to {other}."
    NEWER = (
        "store_newer",
        "{name} is of a later version of this program, and left as it is. Readings go to {other}.",
    )


class _CannotUseError(Exception):
    """A file that is left alone, and why."""

    def __init__(self, code: StoreCode) -> None:
        super().__init__(code)
        self.code = code


class Store:
    """An open file. Not for use in several threads: each opens its own."""

    def __init__(self, path: Path) -> None:
        """Open, make or bring up the file. Raises sqlite3.Error or OSError where none is usable."""
        self.notice: Message | None = None
        """Says so where another file than ``path`` is used."""
        path.parent.mkdir(parents=True, exist_ok=True)
        why: StoreCode | None = None
        for self.path in _names(path):
            try:
                self.file = _opened(self.path)
            except _CannotUseError as error:
                why = why or error.code
                continue
            if why is not None:
                self.notice = Message(why, name=path.name, other=self.path.name)
            return
        raise OSError(f"no name left beside {path.name}")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done within, or nothing. Raises sqlite3.Error."""
        self.file.execute("BEGIN IMMEDIATE")
        try:
            yield self.file
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.file.execute("ROLLBACK")
            raise
        self.file.execute("COMMIT")

    def close(self) -> None:
        """Let the file go."""
        self.file.close()


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, _MOST_FILES + 1):
        yield path.with_stem(f"{path.stem}-{number}")


def _opened(path: Path) -> sqlite3.Connection:
    """A file that can be used. Raises _CannotUseError for one to leave alone, or sqlite3.Error."""
    with contextlib.suppress(OSError):  # a file that may only be read is opened all the same
        path.touch(mode=0o600)  # a comment may name someone
    file = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        _bring_up(file)
        return file
    except _CannotUseError:
        file.close()
        raise
    except sqlite3.OperationalError:  # locked, full, not to be written: not the file's own fault
        file.close()
        raise
    except sqlite3.DatabaseError as error:
        file.close()
        raise _CannotUseError(StoreCode.DAMAGED) from error


def _bring_up(file: sqlite3.Connection) -> None:
    """Make the tables, or give an older file what it lacks; another process may be faster."""
    if _version(file) < FORMAT:
        file.execute("PRAGMA journal_mode = WAL").fetchone()
        file.execute("BEGIN IMMEDIATE")
        for step in _STEPS[_version(file) :]:
            for statement in step:
                file.execute(statement)
        file.execute(f"PRAGMA user_version = {FORMAT}")
        file.execute("COMMIT")
    for table in (
        "reads",
        "series_reads",
        "series_marks",
        "series_drafts",
    ):  # damage shows when all is read
        file.execute(f"SELECT * FROM {table}").fetchall()


def _version(file: sqlite3.Connection) -> int:
    [[version]] = file.execute("PRAGMA user_version")
    if not 0 <= version <= FORMAT:
        raise _CannotUseError(StoreCode.NEWER)
    return int(version)
