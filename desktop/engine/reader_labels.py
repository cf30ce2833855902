"""ReaderLabels: the readings of images and series, kept by content and never sent anywhere.

A reading belongs to its reader: what one has said is neither shown to another nor unblinds a series
for them. Readers are known by the name or initials that they enter; who enters none is one, too.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.engine.content_keys import OfContent
from desktop.engine.readings import NO_DRAFT, Draft, Label, Reading, SeriesReading
from desktop.engine.store import Store, StoreCode
from desktop.reasons import reason_of
from imaging.messages import Message

_COLUMNS = "reader, label, comment, time, is_key, measurements"
_SERIES_COLUMNS = "label, confidence, comment, reader, time, seconds, blinded"
_Key = tuple[str, int, str]
"""Of an image's reading: SHA-256 of the file, frame, reader."""
_UNDECIDED = ""
"""Stands for no label in the file: a comment may come alone."""


@dataclass(frozen=True)
class _Change:
    """Some fields of an image's reading that are to change."""

    key: _Key
    fields: dict[str, Any]
    time: datetime
    read_now: bool
    """Whether the reading's time becomes ``time``; else it stays, if there was a reading before."""

    def of(self, before: Reading | None) -> Reading | None:
        """The reading after the change; None where nothing is left in it."""
        known = before or Reading(None, "", self.time, reader=self.key[2])
        after = replace(known, time=self.time if self.read_now else known.time, **self.fields)
        empty = after.label is None and not (after.comment or after.is_key or after.measurements)
        return None if empty else after


@dataclass(frozen=True)
class _Given:
    """A reading of a series that is to be kept."""

    key: str
    reading: SeriesReading


@dataclass(frozen=True)
class _Mark:
    """That a series is, or is no longer, marked as read by a reader."""

    key: tuple[str, str]
    """Of the series, and the reader."""
    is_read: bool


@dataclass(frozen=True)
class _Drafted:
    """A draft that is to be kept; NO_DRAFT ends an earlier one."""

    key: tuple[str, str]
    """Of the series, and the reader."""
    draft: Draft


_Late = _Change | _Given | _Mark | _Drafted


class ReaderLabels:
    """Every reading so far, by content: moved or renamed, an image or a series keeps it.

    What is asked and said here is ``reader``'s, unless it says something else.

    Each change is on the disk before the method returns, so that no crash takes it. What the disk
    does not take (locked, full, not writable) is kept here and written with the next change or with
    ``close``; ``fault`` says so until then.
    """

    def __init__(self, path: Path | None = None, nowhere: Message | None = None) -> None:
        """Open or make an SQLite file; without a path, readings end with the program.

        ``nowhere`` says why there is no path, where readings should have been kept.
        """
        self.fault = None if nowhere is None else Message(StoreCode.NOT_KEPT, reason=nowhere)
        """What is wrong with the store; None while all is well."""
        self.path = path
        """Of the store; None where readings end with the program."""
        self.reader = ""
        """Name or initials of who reads now; empty where the reader gave none."""
        self._store: Store | None = None
        self._known: dict[_Key, Reading] = {}
        self._series: dict[str, list[SeriesReading]] = {}
        self._marked: set[tuple[str, str]] = set()
        """Keys of the series that are marked as read, each with the reader."""
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._late: list[_Late] = []
        """What was changed and is not in the file yet, in order."""
        self._write()

    # -- images

    def get(self, image: OfContent) -> Reading | None:
        """The reading of an image; None where there is none."""
        return self._known.get(self._key(image)) if image.sha256 else None

    def _key(self, image: OfContent) -> _Key:
        return image.sha256, image.frame, self.reader

    def set_label(self, image: OfContent, label: Label | None) -> Reading | None:
        """Say whether an image shows the finding, or (None) take that back; the reading now."""
        return self._change(image, True, label=label)

    def set_comment(self, image: OfContent, comment: str) -> Reading | None:
        """Comment on an image; returns the reading as it is now."""
        return self._change(image, True, comment=comment)

    def set_key_image(self, image: OfContent, is_key: bool) -> Reading | None:
        """Make an image a key image, or none any more; returns the reading as it is now.

        What was read before was read then: the time stays.
        """
        return self._change(image, False, is_key=is_key)

    def set_measurements(self, image: OfContent, measurements: str) -> Reading | None:
        """Keep what was measured on an image; returns the reading as it is now. The time stays."""
        return self._change(image, False, measurements=measurements)

    def _change(self, image: OfContent, read_now: bool, **fields: Any) -> Reading | None:
        key = self._key(image)
        change = _Change(key, fields, datetime.now().astimezone(), read_now)
        self._remember(key, change.of(self._known.get(key)))
        self._late.append(change)
        self._write()
        return self._known.get(key)

    # -- series

    def series(self, key: str) -> SeriesReading | None:
        """The reader's latest reading of a series; None without one, or where it was taken back.

        ``key`` is what ``series_key`` gives.
        """
        every = self._series.get(key, ()) if key else ()
        readings = [reading for reading in every if reading.reader == self.reader]
        return readings[-1] if readings and readings[-1].label is not None else None

    def history(self, key: str) -> tuple[SeriesReading, ...]:
        """All readings of a series by all readers, the earliest first."""
        return tuple(self._series.get(key, ()))

    def read_series(self, key: str, reading: SeriesReading) -> None:
        """Keep a reading of a series beside the earlier ones. Raises ValueError for no key.

        A reading with no label takes the latest one of its reader back.
        """
        self._keep(_Given(_checked(key), reading))

    def is_marked(self, key: str) -> bool:
        """Whether a series is marked as read, with or without a reading."""
        return (key, self.reader) in self._marked

    def mark_series(self, key: str, is_read: bool) -> None:
        """Mark a series as read, or take the mark back. Raises ValueError for no key."""
        self._keep(_Mark((_checked(key), self.reader), is_read))

    def draft(self, key: str) -> Draft:
        """What the reader has said of a series before giving it a label."""
        return self._drafts.get((key, self.reader), NO_DRAFT)

    def set_draft(self, key: str, draft: Draft) -> None:
        """Keep what is said of a series before its label. Raises ValueError for no key."""
        if draft != self.draft(_checked(key)):
            self._keep(_Drafted((key, self.reader), draft))

    def _keep(self, what: _Given | _Mark | _Drafted) -> None:
        self._remember_of_series(what)
        self._late.append(what)
        self._write()

    def close(self) -> None:
        """Write what is late, and let the file go."""
        if self._late:
            self._write()
        store, self._store = self._store, None
        if store is not None:
            store.close()

    # -- the file

    def _remember(self, key: _Key, reading: Reading | None) -> None:
        if reading is None:
            self._known.pop(key, None)
        else:
            self._known[key] = reading

    def _remember_of_series(self, what: _Given | _Mark | _Drafted) -> None:
        match what:
            case _Given(key, reading):
                self._series.setdefault(key, []).append(reading)
            case _Mark(of, is_read):
                (self._marked.add if is_read else self._marked.discard)(of)
            case _Drafted(of, draft):
                self._drafts[of] = draft

    def _write(self) -> None:
        """Bring the file up to what was changed, and this up to what others have changed there."""
        if self.path is None:
            self._late.clear()
            return
        try:
            self._store = self._store or self._open(self.path)
            if self._late:
                with self._store.transaction() as file:
                    kept = [self._written(file, each) for each in self._late]
                self._late.clear()
                for key, reading in filter(None, kept):
                    self._remember(key, reading)
            self.fault = self._store.notice
        except (OSError, sqlite3.Error, ValueError) as error:
            self.fault = Message(StoreCode.NOT_KEPT, reason=reason_of(error))

    def _open(self, path: Path) -> Store:
        store = Store(path)
        images = store.file.execute(f"SELECT sha256, frame, {_COLUMNS} FROM reads").fetchall()
        series = store.file.execute(
            f"SELECT series, {_SERIES_COLUMNS} FROM series_reads ORDER BY number"
        ).fetchall()
        marked = store.file.execute("SELECT series, reader FROM series_marks").fetchall()
        drafts = store.file.execute("SELECT * FROM series_drafts").fetchall()
        late = self._late
        self._known = {
            (sha256, frame, reader): _reading(reader, *said)
            for sha256, frame, reader, *said in images
        }
        self._series = {}
        for key, *said in series:
            self._series.setdefault(key, []).append(_series_reading(*said))
        self._marked = set(marked)
        self._drafts = {(key, reader): Draft(*said) for key, reader, *said in drafts}
        for each in late:
            if isinstance(each, _Change):
                self._remember(each.key, each.of(self._known.get(each.key)))
            else:
                self._remember_of_series(each)
        return store

    def _written(self, file: sqlite3.Connection, what: _Late) -> tuple[_Key, Reading | None] | None:
        """Carry out one change in the file; for an image, its key and its reading now."""
        if not isinstance(what, _Change):
            _write_of_series(file, what)
            return None
        where = "FROM reads WHERE sha256 = ? AND frame = ? AND reader = ?"
        found = file.execute(f"SELECT {_COLUMNS} {where}", what.key).fetchone()
        reading = what.of(None if found is None else _reading(*found))
        if reading is None:
            file.execute(f"DELETE {where}", what.key)
        else:
            file.execute(
                f"INSERT OR REPLACE INTO reads (sha256, frame, {_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*what.key[:2], *_row(reading)),
            )
        return what.key, reading


def _checked(key: str) -> str:
    """The same key of a series. Raises ValueError for an empty one."""
    if not key:
        raise ValueError("the series is not known by its content yet")
    return key


def _write_of_series(file: sqlite3.Connection, what: _Given | _Mark | _Drafted) -> None:
    """Carry out one change of what is said of a series in the file."""
    match what:
        case _Given(key, reading):
            file.execute(
                f"INSERT INTO series_reads (series, {_SERIES_COLUMNS}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (key, *_series_row(reading)),
            )
        case _Mark(of, is_read=True):
            file.execute("INSERT OR IGNORE INTO series_marks VALUES (?, ?)", of)
        case _Mark(of):
            file.execute("DELETE FROM series_marks WHERE series = ? AND reader = ?", of)
        case _Drafted(of, draft) if draft == NO_DRAFT:
            file.execute("DELETE FROM series_drafts WHERE series = ? AND reader = ?", of)
        case _Drafted(of, draft):
            row = (*of, draft.comment, draft.confidence)
            file.execute("INSERT OR REPLACE INTO series_drafts VALUES (?, ?, ?, ?)", row)


def _reading(
    reader: str, label: str, comment: str, time: str, is_key: int, measurements: str
) -> Reading:
    when = datetime.fromisoformat(time)
    return Reading(_label(label), comment, when, bool(is_key), measurements, reader)


def _row(reading: Reading) -> tuple[str, str, str, str, int, str]:
    time = reading.time.isoformat(timespec="seconds")
    label = reading.label or _UNDECIDED
    said = reading.comment, time, reading.is_key, reading.measurements
    return reading.reader, label, *said


def _series_reading(
    label: str,
    confidence: int | None,
    comment: str,
    reader: str,
    time: str,
    seconds: float | None,
    is_blinded: int,
) -> SeriesReading:
    when = datetime.fromisoformat(time)
    said = (_label(label), when, comment, confidence, reader, seconds)
    return SeriesReading(*said, bool(is_blinded))


def _series_row(reading: SeriesReading) -> tuple[str | int | float | None, ...]:
    return (
        reading.label or _UNDECIDED,
        reading.confidence,
        reading.comment,
        reading.reader,
        reading.time.isoformat(timespec="seconds"),
        reading.seconds,
        reading.blinded,
    )


def _label(text: str) -> Label | None:
    return None if text == _UNDECIDED else Label(text)
