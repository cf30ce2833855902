"""Each row is in one series or none; a file that may belong to several counts for each of them."""

from __future__ import annotations

from desktop.tables.series_places import SeriesPlaces
from imaging.image import Identity
from model.series_group import SeriesGroup


def group(*members: int, unplaced: tuple[int, ...] = ()) -> SeriesGroup:
    return SeriesGroup("s", Identity(), members, None, unplaced=unplaced)


PLACES = SeriesPlaces([group(3, 0, unplaced=(4,)), group(2, unplaced=(4, 5))], 6)
"""Of six rows: 1 is in no series, 4 and 5 have no header."""


def test_a_row_has_the_number_of_its_series_and_its_place_there() -> None:
    assert [PLACES.number(row) for row in range(6)] == [0, None, 1, 0, None, None]
    assert [PLACES.place(row) for row in (3, 0, 2)] == [0, 1, 0]
    assert PLACES.count == 3


def test_a_row_that_came_later_is_in_no_series() -> None:
    assert (PLACES.number(6), PLACES.every(6)) == (None, [])


def test_a_file_beside_several_series_counts_for_each_after_their_members() -> None:
    assert [PLACES.every(row) for row in (0, 1, 4, 5)] == [[(0, 1)], [], [(0, 2), (1, 1)], [(1, 2)]]
