"""FindingsTable: one row a picture or frame, fed by hand in chunks; a Qt model without a window."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from desktop.engine.reader_labels import ReaderLabels, Reading
from desktop.tables import row_words, words
from desktop.tables.row import (
    DETAIL_ROLE,
    NO_PARENT,
    SORT_ROLE,
    VALUE_ROLE,
    ZONE_ROLE,
    Column,
    Index,
    Row,
    row_probability,
    sort_key,
)
from desktop.tables.waiting import Waiting, left_out
from model.card import ModelCard
from model.image_result import ImageResult, Zone, prediction, zone


class ImagesTable(QAbstractTableModel):
    """Rows wait from the moment their file is found, and are filled when its finding arrives.

    Nothing is taken out but by ``clear``. Threshold and card are applied when a cell is asked for.
    """

    def __init__(
        self, parent: QObject | None = None, reader_labels: ReaderLabels | None = None
    ) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.reader_labels = reader_labels or ReaderLabels()
        self.read_before_ai = False
        self.card: ModelCard | None = None
        self.threshold = 0.5
        self.hide_identity = False
        self._probabilities = array("d")
        """One a row, NaN without; counted at every move of the threshold."""
        self._waiting = Waiting()

    # -- feeding

    def clear(self) -> None:
        """Take all rows out."""
        self.beginResetModel()
        self.rows = []
        self._probabilities = array("d")
        self._waiting = Waiting()
        self.endResetModel()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Append a waiting row for each file, in the order in which they were found."""
        rows: list[Row] = []
        for path in paths:
            number = len(self.rows) + len(rows)
            self._waiting.add(path, number)
            rows.append(Row(path, 0, number, number + 1))
            rows[-1].blind(self.read_before_ai)
        self._append(rows)

    def add_results(self, results: Sequence[ImageResult]) -> None:
        """Fill the waiting row of each finding's file; further frames get rows of their own."""
        filled: list[int] = []
        extra: list[Row] = []
        for result in results:
            number = self._waiting.take(result.path)
            if number is not None:
                self._fill(self.rows[number], result)
                self._probabilities[number] = row_probability(self.rows[number])
                filled.append(number)
            else:
                number = len(self.rows) + len(extra)
                file = self._waiting.file(result.path, number)
                row = Row(result.path, result.frame, file, number + 1)
                self._fill(row, result)
                extra.append(row)
        self._changed(filled)
        self._append(extra)

    def _fill(self, row: Row, result: ImageResult) -> None:
        row.known, row.frame, row.read = result, result.frame, self.reader_labels.get(result)
        row.blind(self.read_before_ai)

    def show_reading(self, result: ImageResult, read: Reading | None) -> None:
        """Show what the reader said of a scan on all rows of the same content."""
        same = [number for number, row in enumerate(self.rows) if row.shows(result)]
        for number in same:
            self.rows[number].read = read
        self._blind(same)

    def set_reader_first(self, first: bool) -> None:
        """Hide the classifier's answer on each scan until the reader has given one, or show it."""
        self.read_before_ai = first
        self._blind(range(len(self.rows)))

    def _blind(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self.rows[number].blind(self.read_before_ai)
            self._probabilities[number] = row_probability(self.rows[number])
        self._changed(numbers)

    def end_waiting(self) -> None:
        """Give every row that still waits, and every frame without a row, the reason why."""
        self.add_results(left_out(self.rows))

    def wait_again(self) -> list[Row]:
        """Let all rows of the files wait that are not screened to the end; returns the rows."""
        left = {row.path for row in self.rows if row.known and not row.known.is_screened}
        again = sorted((row for row in self.rows if row.path in left), key=lambda row: row.frame)
        for row in again:
            row.known = None
            row.blind(self.read_before_ai)
            self._waiting.add(row.path, row.number - 1)
            self._probabilities[row.number - 1] = row_probability(row)
        self._changed([row.number - 1 for row in again])
        return again

    def forget_results(self) -> None:
        """Let every row wait again, for other weights."""
        paths = list(dict.fromkeys(row.path for row in self.rows))
        self.clear()
        self.add_files(paths)

    def set_places(self, places: Iterable[tuple[int, tuple[int, int]]]) -> None:
        """Say where rows stand: (row number, (series, place in the series))."""
        moved: list[int] = []
        for number, place in places:
            row = self.rows[number]
            if row.place != place:
                row.place = place
                moved.append(number)
        self._changed(moved)

    def set_threshold(self, threshold: float) -> None:
        """Move the threshold; verdicts follow without any screening."""
        self.threshold = threshold
        self._changed(range(len(self.rows)), Column.PICTURE, Column.VERDICT)

    def set_card(self, card: ModelCard | None) -> None:
        """Take the card of the weights in use; None: there are none."""
        self.card = card
        self.refresh()

    def set_hide_identity(self, hide: bool) -> None:
        """Show numbers in place of names."""
        self.hide_identity = hide
        self.refresh()

    def refresh(self) -> None:
        """Have every cell asked for again, after a change of language or order."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._changed(range(len(self.rows)))

    # -- answers

    def name(self, row: Row) -> str:
        """What the row is called on screen."""
        if self.hide_identity:
            return self.tr("Picture {0}").format(row.number)
        frame = words.frame_name(row.result) if row.result else ""
        return " · ".join(filter(None, [words.file_name(row.path), frame]))

    def zone(self, row: Row) -> Zone | None:
        """The zone of the row's probability, or None without one."""
        if row.result is None or self.card is None:
            return None
        return zone(row.result, self.card, self.threshold)

    def above(self, row: Row) -> bool:
        """Whether the row's probability reaches the threshold."""
        return row.result is not None and prediction(row.result, self.threshold) == 1

    def count_above(self) -> tuple[int, int]:
        """How many rows are at or above the threshold, and how many have a probability."""
        known = np.frombuffer(self._probabilities, dtype=np.float64)
        return int(np.sum(known >= self.threshold)), int(np.sum(~np.isnan(known)))

    # -- Qt

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """All rows; none below a row."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """All columns; none below a row."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.PICTURE: "",
            Column.NAME: self.tr("Picture"),
            Column.PROBABILITY: self.tr("Probability"),
            Column.VERDICT: self.tr("Verdict"),
            Column.STATUS: self.tr("Status"),
        }[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        return self.cell(index.row(), index.column(), role) if index.isValid() else None

    def cell(self, number: int, place: int, role: int) -> Any:
        """The same without an index, for who asks often."""
        row, column = self.rows[number], Column(place)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row_words.text(self, row, column)
            case Qt.ItemDataRole.DecorationRole if column is Column.PICTURE:
                return row.image()
            case Qt.ItemDataRole.ToolTipRole:
                return row_words.tooltip(self, row)
            case _ if role == DETAIL_ROLE:
                return row_words.detail(self, row, column)
            case _ if role == ZONE_ROLE:
                return self.zone(row)
            case _ if role == VALUE_ROLE:
                return row.result.probability if row.result else None
            case _ if role == SORT_ROLE:
                return sort_key(row, column)
        return None

    def _append(self, rows: Sequence[Row]) -> None:
        if rows:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self.rows.extend(rows)
            self._probabilities.extend(map(row_probability, rows))
            self.endInsertRows()

    def _changed(
        self, rows: Sequence[int], first: Column = Column.PICTURE, last: Column = Column.STATUS
    ) -> None:
        if rows:
            self.dataChanged.emit(self.index(min(rows), first), self.index(max(rows), last))
