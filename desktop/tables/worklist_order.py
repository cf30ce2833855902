"""WorklistOrder: which patients of the worklist are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop.tables.patients import Entry, Lines, Order
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from model.series_decision import Rank


@dataclass(frozen=True)
class WorklistFilter:
    """Which patients the reader asked to see; the default hides nobody."""

    text: str = ""
    only_flagged: bool = False
    only_unread: bool = False


class WorklistOrder:
    """What the reader asked for, and what follows from it for the series as they are now."""

    def __init__(self, series: SeriesList, readings: SeriesReadings) -> None:
        self._series, self._readings = series, readings
        self.by = Order.SUSPICION
        self.descending = False
        self.filter = WorklistFilter()
        self.pinned: int | None = None
        """The series on screen, which no filter hides."""

    def shown(self, lines: Lines, parent: int | None) -> list[int]:
        """The entries to show below a patient or study, or (None) at the top, from top to bottom.

        The filter hides patients as a whole: what stands below one that is shown is always there.
        """
        below = lines.below[parent]
        if parent is None:
            below = tuple(number for number in below if self._passes(lines.entries[number]))
        return sorted(
            below, key=lambda number: self._key(lines.entries[number]), reverse=self.descending
        )

    # -- the filter

    def _passes(self, entry: Entry) -> bool:
        if self.filter == WorklistFilter() or self.pinned in entry.series:
            return True
        return any(self._accepts(number) for number in entry.series)

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

    def _key(self, entry: Entry) -> tuple[Any, ...]:
        """What an entry is sorted by; that of its first series settles ties."""
        return min((*self._series_key(number), number) for number in entry.series)

    def _series_key(self, number: int) -> tuple[Any, ...]:
        group = self._series[number].group
        match self.by:
            case Order.SUSPICION:
                return self._series.suspicion(number)
            case Order.TIME:
                return group.identity.study_date, group.identity.study_time
            case Order.NAME if not self._series.table.hide_identity:
                return ((group.identity.patient or group.name).casefold(),)
            case Order.UNREAD:
                return self._readings.is_read(number), self._series.rank(number)
        return ()
