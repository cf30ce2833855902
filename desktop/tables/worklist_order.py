"""WorklistOrder: which patients of the worklist are shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.worklist_lines import WorklistEntry, WorklistLines
from model.series_decision import Rank


class SortBy(Enum):
    """What the worklist is sorted by."""

    SUSPICION = "suspicion"
    TIME = "time"
    NAME = "name"
    FILES = "files"
    UNREAD = "unread"


_Kept = tuple[tuple[Any, ...], bool]
"""What an entry is sorted by, and whether the filter finds it."""


@dataclass(frozen=True)
class WorklistFilter:
    """Which patients the reader asked to see; the default hides nobody."""

    text: str = ""
    only_flagged: bool = False
    only_unread: bool = False


_EVERYBODY = WorklistFilter()


class WorklistOrder:
    """What the reader asked for, and what follows from it for the series as they are now."""

    def __init__(self, series: SeriesList, readings: SeriesReadings) -> None:
        self._series, self._readings = series, readings
        self.by = SortBy.SUSPICION
        self.descending = False
        self.filter = WorklistFilter()
        self.pinned: int | None = None
        """The series on screen, which no filter hides."""
        self._kept: dict[int, _Kept] = {}
        """Of entries, until something else is known of them."""
        self._asked: tuple[Any, ...] = ()
        """What the reader asked for when these were found."""
        self._is_outdated = True

    def shown(
        self, lines: WorklistLines, parent: int | None, before: Sequence[int] = ()
    ) -> list[int]:
        """The entries to show below a patient or study, or (None) at the top, from top to bottom.

        The filter hides patients as a whole: what stands below one that is shown is always there.
        ``before``: the order of so far, which makes finding the next one quick.
        """
        self._notice_wishes()
        below: Sequence[int] = lines.below[parent]
        if len(before) == len(below):
            below = before
        known = {entry: self._known(lines, entry) for entry in below}
        if parent is None:
            below = [
                entry
                for entry in below
                if known[entry][1] or self.pinned in lines.entries[entry].series
            ]
        return sorted(below, key=lambda entry: known[entry][0], reverse=self.descending)

    @property
    def is_outdated(self) -> bool:
        """Whether other entries may be shown, or in another order, than at the last ``settle``."""
        self._notice_wishes()
        return self._is_outdated

    def settle(self) -> None:
        """What is to be shown is known."""
        self._is_outdated = False

    def forget(self) -> None:
        """Other lines, or something else is known of all series."""
        self._kept.clear()
        self._is_outdated = True

    def follow(self, lines: WorklistLines, entry: int) -> None:
        """Something else is known of an entry's series: it may have to stand elsewhere."""
        before = self._kept.pop(entry, None)
        if before is None or before != self._known(lines, entry):
            self._is_outdated = True

    def _notice_wishes(self) -> None:
        pinned = None if self.finds_all else self.pinned
        asked = self.by, self.descending, self.filter, pinned
        if asked != self._asked:
            self._asked = asked
            self.forget()

    def _known(self, lines: WorklistLines, entry: int) -> _Kept:
        kept = self._kept.get(entry)
        if kept is None:
            line = lines.entries[entry]
            kept = self._kept[entry] = self._key(line), not self.is_outside(line)
        return kept

    # -- the filter

    @property
    def finds_all(self) -> bool:
        """Whether the filter finds every entry."""
        return self.filter == _EVERYBODY

    def finds(self, lines: WorklistLines, entry: int) -> bool:
        """Whether the filter finds an entry: it may stand there without that."""
        self._notice_wishes()
        return self._known(lines, entry)[1]

    def is_outside(self, entry: WorklistEntry) -> bool:
        """Whether the filter does not find an entry, which may stand there all the same."""
        if self.finds_all:
            return False
        return not any(self._accepts(number) for number in entry.series)

    def _accepts(self, number: int) -> bool:
        wanted = self.filter
        if wanted.only_flagged and self._series.rank(number) is not Rank.FLAGGED:
            return False
        if wanted.only_unread and self._readings.is_read(number):
            return False
        group, text = self._series[number].group, wanted.text.casefold()
        named = (group.identity.patient, group.identity.study_description, group.name)
        known = (self._series.name(number),) if self._series.table.hide_identity else named
        return any(text in each.casefold() for each in known)

    # -- the order

    def _key(self, entry: WorklistEntry) -> tuple[Any, ...]:
        """What an entry is sorted by; that of its first series settles ties."""
        return min((*self._series_key(number), number) for number in entry.series)

    def _series_key(self, number: int) -> tuple[Any, ...]:
        group = self._series[number].group
        match self.by:
            case SortBy.SUSPICION:
                return self._series.suspicion(number)
            case SortBy.TIME:
                return group.identity.study_date, group.identity.study_time
            case SortBy.NAME if not self._series.table.hide_identity:
                return ((group.identity.patient or group.name).casefold(),)
            case SortBy.UNREAD:
                return self._readings.is_read(number), self._series.rank(number)
        return ()
