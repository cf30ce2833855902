"""SeriesTree: the series of what is open, each with its aggregate and its most suspicious scans."""

from __future__ import annotations

from collections.abc import Container, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Slot

from desktop.engine.series_sentences import series_sentences
from desktop.tables import words
from desktop.tables.images_table import ImagesTable
from desktop.tables.row import DETAIL_ROLE, NO_PARENT, VALUE_ROLE, ZONE_ROLE, Index, Row
from desktop.tables.sentences import spoken
from desktop.tables.series_rows import Series
from model.image_result import Zone, zone_of
from model.series_point import SeriesPoint, SeriesPoints
from model.series_result import SeriesResult, SeriesState


class SeriesColumn(IntEnum):
    """The columns, from left to right."""

    NAME = 0
    PROBABILITY = 1
    THRESHOLD = 2
    VERDICT = 3


class SeriesTree(QAbstractItemModel):
    """Series at the top level; below each, its top scans. Rows of scans are the table's rows."""

    def __init__(self, table: ImagesTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self.series: list[Series] = []
        self._known: list[Series] = []
        """With their answers, whether the reader may see those or not."""
        self._series_of: dict[int, int] = {}
        """Which series each row of the table is in; rows that wait may be in none yet."""
        self._points: SeriesPoints | None = None
        table.dataChanged.connect(self._follow)

    def set_series(self, found: Sequence[SeriesResult], sure: Container[int]) -> None:
        """Take new series of the table's rows, of which ``sure`` had been read by then."""
        series = (Series.of(each, sure) for each in found)
        self._known = [each for each in series if each is not None]
        self._take()

    @Slot()
    def _follow(self) -> None:
        shown = [each.shown(self._table.rows).top for each in self._known]
        if shown == [each.top for each in self.series]:
            self._repaint()
        else:
            self._take()

    def _take(self) -> None:
        self.beginResetModel()
        self.series = [each.shown(self._table.rows) for each in self._known]
        self._series_of = {
            row: number for number, series in enumerate(self.series) for row in series.members
        }
        self.endResetModel()

    def name(self, number: int) -> str:
        """What a series is called on screen."""
        if self._table.hide_identity:
            return self.tr("Series {0}").format(number + 1)
        return words.plain(self.series[number].result.name)

    def key(self, number: int) -> tuple[str, ...]:
        """The same for a series as long as it is open, whatever else is grouped anew."""
        return self.series[number].key(self._table.rows)

    def number_of(self, row: int | None) -> int | None:
        """The number of the series that a row is in; None as long as that is not known."""
        return None if row is None else self._series_of.get(row)

    def members_with(self, row: int) -> tuple[int, ...]:
        """The rows of the same series, in its order; the row alone while that is not known."""
        number = self.number_of(row)
        return (row,) if number is None else self.series[number].members

    def index_of(self, row: int) -> QModelIndex:
        """The series that a row of the table is in; invalid as long as that is not known."""
        number = self.number_of(row)
        return QModelIndex() if number is None else self.index(number, 0)

    def row_of(self, index: Index) -> int | None:
        """The table's row to show for an index: a top scan, or a series' most suspicious scan."""
        if not index.isValid():
            return None
        if index.internalId():
            return self.series[index.internalId() - 1].top[index.row()]
        series = self.series[index.row()]
        return next(iter(series.top or series.members), None)

    def point(self, number: int) -> SeriesPoint | None:
        """The threshold of a series; None without weights or without any judged picture."""
        points, assessed = self._current_points(), self.series[number].result.n_assessed
        return points.of(assessed) if points is not None and assessed else None

    def verdict(self, number: int) -> str:
        """On which side of its threshold a series lies, and whether that is uncertain."""
        index = self.index(number, SeriesColumn.VERDICT)
        return " · ".join(
            dict.fromkeys(filter(None, [self._verdict(index), self._uncertain(index)]))
        )

    def sentences(self, number: int) -> list[str]:
        """What is known of a series' threshold, in the reader's language; empty without one."""
        point = self.point(number)
        return [] if point is None else [spoken(each) for each in series_sentences(point)]

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
            SeriesColumn.PROBABILITY: self.tr("Probability"),
            SeriesColumn.THRESHOLD: self.tr("Threshold"),
            SeriesColumn.VERDICT: self.tr("Verdict"),
        }[SeriesColumn(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        if not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index)
            case Qt.ItemDataRole.ToolTipRole if not index.internalId():
                return self._tooltip(index.row())
            case _ if role == DETAIL_ROLE:
                return self._detail(index)
            case _ if role == VALUE_ROLE:
                return self._probability(index)
            case _ if role == ZONE_ROLE:
                return self._zone(index)
        return None

    def refresh(self) -> None:
        """Have every cell asked for again, after a change of language or identity."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(SeriesColumn) - 1)
        self._repaint()

    def _text(self, index: Index) -> str:
        top = self._top_row(index)
        match SeriesColumn(index.column()):
            case SeriesColumn.NAME:
                return self.name(index.row()) if top is None else self._table.name(top)
            case SeriesColumn.PROBABILITY:
                return words.percent(self._probability(index))
            case SeriesColumn.THRESHOLD:
                return words.percent(self._threshold(index))
            case SeriesColumn.VERDICT:
                return self._verdict(index)

    def _detail(self, index: Index) -> str:
        match SeriesColumn(index.column()):
            case SeriesColumn.NAME if not index.internalId():
                found = self.series[index.row()].result
                counts = self.tr("Pictures: {0}, judged: {1}")
                whose = "" if self._table.hide_identity else words.plain(found.identity.patient)
                counted = counts.format(len(found.members), found.n_assessed)
                return " · ".join(filter(None, [whose, counted]))
            case SeriesColumn.VERDICT:
                return self._uncertain(index)
        return ""

    def _top_row(self, index: Index) -> Row | None:
        """The table's row of a top scan; None for a series."""
        if not index.internalId():
            return None
        return self._table.rows[self.series[index.internalId() - 1].top[index.row()]]

    def _probability(self, index: Index) -> float | None:
        top = self._top_row(index)
        found = self.series[index.row()].result if top is None else top.result
        return None if found is None else found.probability

    def _progress(self, index: Index) -> str:
        """How far a series is that has no result yet; empty for all others."""
        found = self.series[index.row()].result
        counts = found.n_done, found.n_images
        match found.state:
            case SeriesState.WAITING:
                return self.tr("Waiting")
            case SeriesState.SCORING:
                return self.tr("Scoring {0} of {1}").format(*counts)
            case SeriesState.STOPPED:
                return self.tr("Stopped at {0} of {1}").format(*counts)
            case SeriesState.NOT_ASSESSABLE:
                return self.tr("Not assessable")
        return ""

    def _threshold(self, index: Index) -> float | None:
        """That of single scans for a top scan."""
        if index.internalId():
            return self._table.threshold
        point = self.point(index.row())
        return None if point is None else point.threshold

    def _verdict(self, index: Index) -> str:
        probability, threshold = self._probability(index), self._threshold(index)
        if not index.internalId() and (progress := self._progress(index)):
            return progress
        if probability is None or threshold is None:
            return ""
        if not index.internalId() and probability < threshold and self._uncertain(index):
            return self._uncertain(index)  # never "below" where one of its images is flagged
        return words.verdict_word(probability >= threshold)

    def _uncertain(self, index: Index) -> str:
        return words.zone_word(Zone.UNCERTAIN) if self._zone(index) is Zone.UNCERTAIN else ""

    def _zone(self, index: Index) -> Zone | None:
        points = self._current_points()
        if points is None:
            return None
        if index.internalId():
            return zone_of(self._probability(index), points.card, points.threshold)
        return points.zone(self.series[index.row()].result)

    def _current_points(self) -> SeriesPoints | None:
        """Made anew when the card or the threshold of single scans is another; None without one."""
        card, threshold, points = self._table.card, self._table.threshold, self._points
        if card is None:
            return None
        if points is None or points.card is not card or points.threshold != threshold:
            self._points = points = SeriesPoints(card, threshold)
        return points

    def _tooltip(self, number: int) -> str:
        found = self.series[number].result
        sentences = [words.plain(words.sentence(problem)) for problem in found.warnings]
        if found.n_failed:
            missing = self.tr("{0} of {1} without a result")
            sentences.append(missing.format(found.n_failed, len(found.members)))
        sentences += self.sentences(number)
        return words.tooltip(self.name(number), words.order_word(found.order), *sentences)

    def _repaint(self) -> None:
        if self.series:
            last = self.index(len(self.series) - 1, len(SeriesColumn) - 1)
            # Views repaint what lies below as well; a signal for each series would take long.
            self.dataChanged.emit(self.index(0, 0), last)
