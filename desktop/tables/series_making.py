"""SeriesMaking: the series of what is open while they are being made, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from desktop.tables.row import Row, Rows
from desktop.tables.series_places import SeriesPlaces
from desktop.tables.series_rows import SeriesRows
from desktop.tables.shown_series import ShownSeries
from model.series_group import SeriesGroup


class SeriesMaking:
    """Makes the series of rows that stay as many as they are; ``work`` makes one at each step."""

    def __init__(
        self,
        groups: Sequence[SeriesGroup],
        rows: Rows,
        *,
        by_name: bool = False,
        ungrouped: int = 0,
    ) -> None:
        """Groups without an image make no series. For the others see ``SeriesList``."""
        self.groups = with_images(groups, rows)
        self.by_name, self.ungrouped = by_name, ungrouped
        self.places = SeriesPlaces(self.groups, len(rows))
        self.made: list[SeriesRows] = []
        """The series so far, by their numbers."""
        self.shown: list[ShownSeries] = []
        """Of each the same as the reader may see it."""
        self.touched: set[int] = set()
        """Rows that became others since the beginning."""
        self._rows = rows
        self.work: Iterator[None] = self._make()

    def _make(self) -> Iterator[None]:
        for group in self.groups:
            self.made.append(SeriesRows(group, self._rows))
            self.shown.append(self.made[-1].series())
            yield

    def finish(self) -> None:
        """Make what is left, and bring all up to the rows that became others meanwhile."""
        for _ in self.work:
            pass
        others: set[int] = set()
        for row in self.touched:
            for number, place in self.places.every(row):
                self.made[number].put(place, self._rows[row])
                others.add(number)
        for number in others:
            self.shown[number] = self.made[number].series()
        self.touched.clear()


def with_images(groups: Iterable[SeriesGroup], rows: Sequence[Row]) -> list[SeriesGroup]:
    """The groups that hold images; notes, lists and damaged files alone make no series."""
    return [each for each in groups if any(rows[member].header for member in each.members)]
