"""WorklistLines: patients, studies and series as a tree of lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from model.series_group import SeriesGroup


class Level(Enum):
    """What an entry of the worklist stands for."""

    PATIENT = "patient"
    STUDY = "study"
    SERIES = "series"


@dataclass(frozen=True)
class WorklistEntry:
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


@dataclass(frozen=True)
class WorklistLines:
    """The lines of the worklist as a tree, in file order."""

    entries: tuple[WorklistEntry, ...]
    """Each before those that stand below it; an entry's number is its place here."""
    below: Mapping[int | None, tuple[int, ...]]
    """The entries below each patient or study, and (None) those at the top."""
    of_series: tuple[int, ...]
    """The entry of each series."""

    @classmethod
    def of(cls, groups: Sequence[SeriesGroup]) -> WorklistLines:
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


def _entries(groups: Sequence[SeriesGroup]) -> list[WorklistEntry]:
    lines: list[WorklistEntry] = []
    for series in _parted(range(len(groups)), lambda number: _patient(groups[number])):
        if len(series) == 1:
            lines.append(WorklistEntry(Level.SERIES, series))
            continue
        patient = len(lines)
        lines.append(WorklistEntry(Level.PATIENT, series))
        studies = _parted(series, lambda number: groups[number].identity.study_uid)
        for study in studies:
            above = patient
            if len(studies) > 1 and len(study) > 1:
                above = len(lines)
                lines.append(WorklistEntry(Level.STUDY, study, patient))
            lines += [WorklistEntry(Level.SERIES, (number,), above) for number in study]
    return lines


def _patient(group: SeriesGroup) -> Hashable:
    """The same for series of one patient; unidentified series are never taken together."""
    who = group.identity
    key = who.patient_key
    if any(key):
        return "patient", *key
    return "unidentified", who.study_uid or group.members


def _parted(numbers: Iterable[int], key: Callable[[int], Hashable]) -> list[tuple[int, ...]]:
    parts: dict[Hashable, list[int]] = {}
    for number in numbers:
        parts.setdefault(key(number), []).append(number)
    return [tuple(part) for part in parts.values()]
