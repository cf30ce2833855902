"""SeriesRows: what the rows of one series say together, kept up to date row by row."""

from __future__ import annotations

from collections import Counter

from desktop.engine.content_keys import content_name
from desktop.engine.readings import Reading
from desktop.tables.row import Row, Rows
from desktop.tables.shown_series import ShownSeries
from model.listed_image import ListedImage, PendingImage
from model.series_group import SeriesGroup
from model.series_result import SeriesSum

_BLINDED, _SCORED, _LABELLED, _NAMELESS = _MARKS = 1, 2, 4, 8
"""What is counted of rows: blinded; with a score that the reader may see; with the reader's label;
with nothing so far that names its content."""


class SeriesRows:
    """Rows by their places in the series; places beyond its members are files beside it.

    A change of one row costs about the same in a series of thirty rows and in one of ten thousand.
    """

    def __init__(self, group: SeriesGroup, rows: Rows) -> None:
        self._sum = SeriesSum(group, rows.images)
        self._marks = bytearray(_marks(*rows.known_of(member)) for member in group.members)
        alike = Counter(self._marks).items()
        self._counts = {
            mark: sum(count for marks, count in alike if marks & mark) for mark in _MARKS
        }

    def put(self, place: int, row: Row) -> None:
        """Take a row as it is now."""
        self._sum.put(place, row.image)
        if place < len(self._marks):
            self._mark(place, row)

    def regroup(self, group: SeriesGroup) -> None:
        """Something else than its members is another now."""
        self._sum.group = group

    def series(self) -> ShownSeries:
        """The series as the reader may see it now."""
        is_blinded = self._counts[_BLINDED] > 0
        return ShownSeries.of(self._sum.group, self._sum.result(), is_blinded=is_blinded)

    @property
    def shows_score(self) -> bool:
        """Whether the score of at least one row is on show."""
        return self._counts[_SCORED] > 0

    @property
    def is_labelled(self) -> bool:
        """Whether the reader has given every row a label."""
        return self._counts[_LABELLED] == len(self._marks)

    @property
    def has_names(self) -> bool:
        """Whether the content of every row has a name, as far as it ever will."""
        return self._counts[_NAMELESS] == 0

    def _mark(self, place: int, row: Row) -> None:
        before, after = self._marks[place], _marks(row.image, row.read, row.is_blinded)
        if before != after:
            self._marks[place] = after
            for mark in _MARKS:
                if (before ^ after) & mark:
                    self._counts[mark] += 1 if after & mark else -1


def _marks(image: ListedImage, read: Reading | None, is_blinded: bool) -> int:
    marks = _BLINDED if is_blinded else 0
    if read is not None and read.label is not None:
        marks |= _LABELLED
    if not (is_blinded or isinstance(image, PendingImage) or image.probability is None):
        marks |= _SCORED
    return marks if content_name(image) is not None else marks | _NAMELESS
