"""SeriesPlaces: in which series each row of the table is, and at which place."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from model.series_group import SeriesGroup


class SeriesPlaces:
    """Of rows by their numbers; some bytes for each, however many there are."""

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
