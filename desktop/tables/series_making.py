"""SeriesMaking: the series of what is open while they are being made, one after the other."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from desktop.tables.row import Rows
from desktop.tables.series_rows import SeriesRows
from desktop.tables.shown_series import ShownSeries, with_images
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
        self.places = Places(self.groups, len(rows))
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


class Places:
    """In which series each row of the table is, and at which place."""

    def __init__(self, groups: Sequence[SeriesGroup], count: int) -> None:
        """``count``: of the table's rows."""
        self.count = 0
        """How many rows are in a series."""
        self._numbers = array("i", [-1]) * count
        self._places = array("i", [0]) * count
        self._beside: dict[int, list[tuple[int, int]]] = {}
        """The series that a file may belong to, each with the file's place there."""
        for number, group in enumerate(groups):
            self.count += len(group.members)
            for place, row in enumerate(group.members):
                self._numbers[row], self._places[row] = number, place
            for place, row in enumerate(group.unplaced, len(group.members)):
                self._beside.setdefault(row, []).append((number, place))

    def number(self, row: int) -> int | None:
        """The series that a row is in; None without one."""
        number = self._numbers[row] if row < len(self._numbers) else -1
        return None if number < 0 else number

    def place(self, row: int) -> int:
        """The place of a row in its series, from 0."""
        return self._places[row]

    def every(self, row: int) -> list[tuple[int, int]]:
        """Every series that a row counts for, with its place there."""
        number = self.number(row)
        own = [] if number is None else [(number, self._places[row])]
        return own + self._beside.get(row, [])
