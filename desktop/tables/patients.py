"""Patients: what is open as patients, studies and series, and what they are ordered by."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from desktop.tables.row import Row
from model.series_result import SeriesGroup, SeriesResult, SeriesState


class Order(Enum):
    """What the worklist is sorted by."""

    SUSPICION = "suspicion"
    TIME = "time"
    NAME = "name"
    FILES = "files"
    UNREAD = "unread"


class Level(Enum):
    """What an entry of the worklist stands for."""

    PATIENT = "patient"
    STUDY = "study"
    SERIES = "series"


@dataclass(frozen=True)
class Entry:
    """One line of the worklist. A patient or study of one series is that series' own line."""

    level: Level
    series: tuple[int, ...]
    """Numbers of the series that it stands for, in file order."""
    parent: int | None = None
    """Number of the entry that it stands below; None at the top."""

    @property
    def is_top(self) -> bool:
        """Whether it stands for a patient, whatever its level."""
        return self.parent is None


@dataclass(frozen=True, eq=False)
class Series:
    """A series as the reader may see it; its members are numbers of the table's rows."""

    group: SeriesGroup
    result: SeriesResult
    """Without a result as long as the reader is blinded to it."""
    is_blinded: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        """The table's rows of its images, in order."""
        return self.group.members

    @property
    def top(self) -> tuple[int, ...]:
        """The rows of its most suspicious images; none before the series has a result."""
        return self.result.top

    @property
    def is_unidentified(self) -> bool:
        """Whether no header names a patient, a study or a series, as in a folder of image files."""
        return self.group.is_unidentified

    @classmethod
    def of(cls, group: SeriesGroup, result: SeriesResult, *, is_blinded: bool) -> Series:
        """Blinded as long as one of its rows is: a series is shown when all of it is."""
        if not is_blinded:
            return cls(group, result)
        # Which images were refused is part of the result.
        state = result.state
        if state is SeriesState.NOT_ASSESSABLE:
            state = SeriesState.SCORED
        bare = replace(
            result,
            state=state,
            probabilities=(),
            logits=(),
            counted_probability=None,
            highest=None,
            top=(),
            n_without_score=0,
            n_unreadable=0,
            n_assessed=len(group.members),
            reasons=(),
        )
        return cls(group, bare, is_blinded=True)


def with_images(groups: Iterable[SeriesGroup], rows: Sequence[Row]) -> list[SeriesGroup]:
    """The groups that hold images; notes, lists and damaged files alone make no series."""
    return [each for each in groups if any(rows[member].header for member in each.members)]


@dataclass(frozen=True)
class Lines:
    """The lines of the worklist as a tree, in file order."""

    entries: tuple[Entry, ...]
    """Each before those that stand below it; an entry's number is its place here."""
    below: Mapping[int | None, tuple[int, ...]]
    """The entries below each patient or study, and (None) those at the top."""
    of_series: tuple[int, ...]
    """The entry of each series."""

    @classmethod
    def of(cls, groups: Sequence[SeriesGroup]) -> Lines:
        """Patients with their studies and series. Unidentified series stay apart."""
        entries = _entries(groups)
        below: dict[int | None, list[int]] = {None: []}
        of_series = [0] * len(groups)
        for number, entry in enumerate(entries):
            below.setdefault(entry.parent, []).append(number)
            if entry.level is Level.SERIES:
                of_series[entry.series[0]] = number
        frozen = {parent: tuple(children) for parent, children in below.items()}
        return cls(tuple(entries), frozen, tuple(of_series))


def _entries(groups: Sequence[SeriesGroup]) -> list[Entry]:
    lines: list[Entry] = []
    for series in _parted(range(len(groups)), lambda number: _patient(groups[number])):
        if len(series) == 1:
            lines.append(Entry(Level.SERIES, series))
            continue
        patient = len(lines)
        lines.append(Entry(Level.PATIENT, series))
        studies = _parted(series, lambda number: groups[number].identity.study_uid)
        for study in studies:
            above = patient
            if len(studies) > 1 and len(study) > 1:
                above = len(lines)
                lines.append(Entry(Level.STUDY, study, patient))
            lines += [Entry(Level.SERIES, (number,), above) for number in study]
    return lines


def _patient(group: SeriesGroup) -> Hashable:
    """The same for series of one patient; unidentified series are never taken together."""
    who = group.identity
    if who.names_patient:
        return "patient", *who.patient_key
    return "unidentified", who.study_uid or group.members


def _parted(numbers: Iterable[int], key: Callable[[int], Hashable]) -> list[tuple[int, ...]]:
    parts: dict[Hashable, list[int]] = {}
    for number in numbers:
        parts.setdefault(key(number), []).append(number)
    return [tuple(part) for part in parts.values()]
