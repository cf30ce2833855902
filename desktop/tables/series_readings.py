"""SeriesReadings: what the reader says of each series, and which series the reader has read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from desktop.engine.content_keys import series_key
from desktop.engine.readings import Draft, SeriesReading
from desktop.tables.series_list import SeriesList
from desktop.tables.turns import Turns, Work, do_some


class SeriesReadings(QObject):
    """Readings of the series of a list, by their numbers.

    They are kept by the content of a series, which is known when all of its images have been read.
    """

    marked = Signal()
    """A series was marked as read, or the mark was taken back."""
    reader_changed = Signal()

    def __init__(self, series: SeriesList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._series, self._table = series, series.table
        self._labels = series.table.reader_labels
        self._marked: set[int] = set()
        """Series that were marked as read before their content was known."""
        self._exposed: set[tuple[str, int]] = set()
        """Readers, each with a series of which they could see a score; "" may be anyone."""
        self._turns = Turns(self)
        self._keys: dict[int, str] = {}
        """What readings of each series are kept by, where that is known."""
        series.regrouping.connect(self._clear)
        series.followed.connect(self._note_exposed)
        series.followed.connect(self._find_readings)

    # -- what the reader has said

    def is_read(self, number: int) -> bool:
        """Whether the reader has read a series, or all of its images, or marked it as read."""
        marked = number in self._marked or self._labels.is_marked(self._keys.get(number, ""))
        if marked or self.reading(number) is not None:
            return True
        return self._series.is_labelled(number)

    def reading(self, number: int) -> SeriesReading | None:
        """What the reader said of a series; None where nothing was said."""
        return self._labels.series(self._keys.get(number, ""))

    def draft(self, number: int) -> Draft:
        """What the reader has said of a series before giving it a label."""
        return self._labels.draft(self._keys.get(number, ""))

    def can_read(self, number: int) -> bool:
        """Whether a reading could be kept: not before the content of the series is known."""
        return bool(self._keys.get(number))

    # -- what the reader says

    def read(self, number: int, reading: SeriesReading) -> None:
        """Keep a reading of a series, which unblinds it; one without a label takes it back.

        Whether it was blinded is decided here: no score of the series has been on show.
        """
        exposed = not self._exposed.isdisjoint({(self._labels.reader, number), ("", number)})
        blinded = self._series[number].is_blinded and not exposed
        self._keep(number, replace(reading, blinded=blinded))

    def amend(self, number: int, *, comment: str, confidence: int | None) -> None:
        """Change the comment or the confidence of a series that has been read.

        A confidence that is changed when the score is on show is no blinded one.
        """
        before = self.reading(number)
        if before is None or (before.comment, before.confidence) == (comment, confidence):
            return
        blinded = before.blinded and before.confidence == confidence
        after = replace(before, comment=comment, confidence=confidence, blinded=blinded)
        self._keep(number, after)

    def _keep(self, number: int, reading: SeriesReading) -> None:
        self._labels.read_series(self._keys[number], reading)
        self._table.set_series_read(self._series[number].members, reading.label is not None)

    def set_draft(self, number: int, draft: Draft) -> None:
        """Keep what is said of a series before its label."""
        self._labels.set_draft(self._keys[number], draft)

    def mark_read(self, number: int, is_read: bool) -> None:
        """Mark a series as read, or take the mark back."""
        if self.can_read(number):
            self._labels.mark_series(self._keys[number], is_read)
        else:
            (self._marked.add if is_read else self._marked.discard)(number)
        self.marked.emit()

    def set_reader(self, name: str) -> None:
        """Have another reader read: with readings of their own, and blinded to what they lack.

        Marks of series whose content is not known yet are nobody's any more.
        """
        self._labels.reader = name
        self._marked.clear()
        numbers = range(len(self._series))
        read = [number for number in numbers if self.reading(number) is not None]
        self._table.show_readings({row for each in read for row in self._series[each].members})
        self.reader_changed.emit()

    # -- following the series

    @Slot()
    def _clear(self) -> None:
        self._turns.clear()
        self._marked.clear()
        self._exposed.clear()
        self._keys.clear()

    @Slot(object)
    def _note_exposed(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if self._series.shows_score(number):
                self._exposed.add((self._labels.reader, number))

    @Slot(object)
    def _find_readings(self, numbers: Iterable[int]) -> None:
        """Look for an earlier reading of each series as soon as its content is known."""
        work = self._finding(numbers)
        if do_some(work):  # of a folder of many series the rest is sought in turns to come
            self._turns.add_work(work)

    def _finding(self, numbers: Iterable[int]) -> Work:
        marked = False
        for number in numbers:
            if number not in self._keys and self._series.has_names(number):
                marked |= self._find_reading(number)
            yield number
        if marked:
            self.marked.emit()

    def _find_reading(self, number: int) -> bool:
        """Whether the series is found to have been marked as read."""
        key = series_key(self._series[number].group, self._series.images)
        if not key:
            return False
        self._keys[number] = key
        if number in self._marked:
            self._marked.discard(number)
            self._labels.mark_series(key, True)
        if self.reading(number) is not None:
            self._table.set_series_read(self._series[number].members, True)
        return self._labels.is_marked(key)
