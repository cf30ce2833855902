"""SeriesTree: the series of what is open, each with its aggregate and its most suspicious scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from desktop.engine.aggregate import SeriesFinding
from desktop.engine.finding import Zone, zone_of
from desktop.tables import words
from desktop.tables.findings_table import FindingsTable
from desktop.tables.row import NO_PARENT, VALUE_ROLE, ZONE_ROLE, Index


class SeriesColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    IMAGES = 1
    PROBABILITY = 2
    VERDICT = 3


@dataclass(frozen=True, eq=False)
class Series:
    """One series, with its rows in the findings table in place of bare indices."""

    finding: SeriesFinding
    members: tuple[int, ...]
    top: tuple[int, ...]


class SeriesTree(QAbstractItemModel):
    """Series at the top level; below each, its top scans. Rows of scans are the table's rows."""

    def __init__(self, table: FindingsTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.series: list[Series] = []
        table.dataChanged.connect(self._repaint)

    def set_series(self, found: Sequence[SeriesFinding], rows: Sequence[int]) -> None:
        """Take new series; ``rows`` says which row of the table each index of theirs means."""
        self.beginResetModel()
        self.series = [
            Series(each, tuple(rows[i] for i in each.members), tuple(rows[i] for i in each.top))
            for each in found
        ]
        self.endResetModel()

    def name(self, number: int) -> str:
        """What a series is called on screen."""
        if self._table.hide_identity:
            return self.tr("Series {0}").format(number + 1)
        return words.plain(self.series[number].finding.name)

    def row_of(self, index: Index) -> int | None:
        """The table's row to show for an index: a top scan, or a series' most suspicious scan."""
        if not index.isValid():
            return None
        if index.internalId():
            return self.series[index.internalId() - 1].top[index.row()]
        series = self.series[index.row()]
        return next(iter(series.top or series.members), None)

    def above(self, number: int) -> bool:
        """Whether a series' aggregate reaches the threshold."""
        probability = self.series[number].finding.probability
        return probability is not None and probability >= self._table.threshold

    # -- Qt

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        """Top level: internal id 0; a top scan: 1 + the number of its series."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        """The series of a top scan."""
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Series, and below each its top scans."""
        if not parent.isValid():
            return len(self.series)
        if parent.internalId() or parent.column() > 0:
            return 0
        return len(self.series[parent.row()].top)

    def columnCount(self, _parent: Index = NO_PARENT) -> int:
        """The same everywhere."""
        return len(SeriesColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            SeriesColumn.NAME: self.tr("Series"),
            SeriesColumn.IMAGES: self.tr("Pictures"),
            SeriesColumn.PROBABILITY: self.tr("Highest"),
            SeriesColumn.VERDICT: self.tr("Verdict"),
        }[SeriesColumn(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        if not index.isValid():
            return None
        column, number = SeriesColumn(index.column()), index.internalId()
        probability = self._probability(index)
        match role:
            case Qt.ItemDataRole.DisplayRole if column is SeriesColumn.PROBABILITY:
                return "" if probability is None else words.percent(probability)
            case Qt.ItemDataRole.DisplayRole if column is SeriesColumn.VERDICT:
                if probability is None:
                    return ""
                verdict = words.verdict_word(probability >= self._table.threshold)
                uncertain = self._zone(probability) is Zone.UNCERTAIN
                return f"{verdict} · {words.zone_word(Zone.UNCERTAIN)}" if uncertain else verdict
            case Qt.ItemDataRole.DisplayRole if number:
                row = self._table.rows[self.series[number - 1].top[index.row()]]
                return self._table.name(row) if column is SeriesColumn.NAME else ""
            case Qt.ItemDataRole.DisplayRole:
                count = str(len(self.series[index.row()].members))
                return self.name(index.row()) if column is SeriesColumn.NAME else count
            case Qt.ItemDataRole.ToolTipRole if not number:
                return self._tooltip(index.row())
            case _ if role == VALUE_ROLE:
                return probability
            case _ if role == ZONE_ROLE:
                return self._zone(probability)
        return None

    def refresh(self) -> None:
        """Have every cell asked for again, after a change of language or identity."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(SeriesColumn) - 1)
        self._repaint()

    def _probability(self, index: Index) -> float | None:
        if not index.internalId():
            return self.series[index.row()].finding.probability
        row = self._table.rows[self.series[index.internalId() - 1].top[index.row()]]
        return row.finding.probability if row.finding else None

    def _zone(self, probability: float | None) -> Zone | None:
        card = self._table.card
        return None if card is None else zone_of(probability, card, self._table.threshold)

    def _tooltip(self, number: int) -> str:
        found = self.series[number].finding
        sentences = [words.plain(words.sentence(problem)) for problem in found.warnings]
        missing = ""
        if found.n_failed:
            missing = self.tr("{0} of {1} without a result").format(
                found.n_failed, len(found.members)
            )
        return words.tooltip(self.name(number), words.order_word(found.order), *sentences, missing)

    def _repaint(self) -> None:
        if self.series:
            last = self.index(len(self.series) - 1, len(SeriesColumn) - 1)
            # Views repaint what lies below as well; a signal for each series would take long.
            self.dataChanged.emit(self.index(0, 0), last)
