"""ImagesOrder: which rows of the images table are shown, and in which order."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractProxyModel, QModelIndex, QObject, Qt, Signal, Slot

from desktop.tables import words
from desktop.tables.images_table import ImagesTable
from desktop.tables.long_lists import Rest, stretches
from desktop.tables.row import NO_PARENT, Column, Index, Row
from imaging.errors import Status


class Having(Enum):
    """What an image must have to be shown."""

    ANYTHING = "anything"
    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"
    WARNING = "warning"
    UNREAD = "unread"
    KEY = "key"


@dataclass(frozen=True)
class Filter:
    """What the reader asked to see; the default hides nothing."""

    text: str = ""
    only_flagged: bool = False
    having: Having = Having.ANYTHING


class ImagesOrder(QAbstractProxyModel):
    """Sorts by suspicion unless told otherwise, and hides nothing unless the reader filters.

    Qt's own proxy asks Python at every comparison; this one sorts keys in one go, so that 10,000
    rows never hold up the window. ``counted`` follows every change of what is shown or hidden.
    """

    counted = Signal()

    def __init__(self, table: ImagesTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._values: MutableSequence[Any] = array("d")
        """What each row of the table is ordered by; kept, for it is asked for at every chunk.
        Numbers, but a list while it is the name."""
        self._orders = array("i")
        """What settles ties between rows of one value."""
        self._passes = bytearray()
        """Of each row of the table 1 where the filter lets it through, else 0."""
        self._shown = array("i")
        """The numbers of the table's rows that are shown, from top to bottom."""
        self._position: NDArray[np.int32] | None = None
        """Where each row of the table is shown, -1 where it is hidden."""
        self._column, self._descending = Column.PROBABILITY, False
        self.filter = Filter()
        self.arranging = False
        """Rows are just being taken out, put in or moved: a view's current row means nothing."""
        self._is_outdated = False
        """Whether other rows are to be shown, or in another order, than are."""
        self._rest = Rest(self, self._catch_up)
        self.setSourceModel(table)
        table.modelAboutToBeReset.connect(self.beginResetModel)
        table.modelReset.connect(self._reset)
        table.thumbnail_made.connect(self._show_thumbnail)
        table.rowsInserted.connect(self._on_inserted)
        table.altered.connect(self._on_altered)
        table.headerDataChanged.connect(self.headerDataChanged)
        self._reset(announce=False)

    @property
    def hidden(self) -> int:
        """How many rows the filter hides."""
        return len(self._table.rows) - len(self._shown)

    def shown_rows(self) -> list[int]:
        """The numbers of the table's rows that are shown, from top to bottom."""
        return list(self._shown)

    def set_filter(self, wanted: Filter) -> None:
        """Show what the reader asked for."""
        self.filter = wanted
        self._filter(range(len(self._table.rows)))
        self._arrange()
        self.counted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; ascending by probability means: the most suspicious first."""
        self._column = Column(max(0, column))
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._forget_keys()
        self._weigh(range(len(self._table.rows)))
        self._arrange()
        self.counted.emit()

    # -- Qt

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """All rows; none below a row."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """All columns; none below a row."""
        return 0 if parent.isValid() else len(Column)

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        """The index of a shown row."""
        inside = 0 <= row < len(self._shown) and 0 <= column < len(Column)
        return self.createIndex(row, column) if inside and not parent.isValid() else QModelIndex()

    def parent(self, _index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        """There is none."""
        return QModelIndex()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the images table says of the cell; without the indices that Qt would make."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        return self._table.cell(self._shown[index.row()], index.column(), role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A row can be chosen; nothing stands below. Asked of each cell that is painted."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag
        return flags.ItemIsSelectable | flags.ItemIsEnabled | flags.ItemNeverHasChildren

    def mapToSource(self, index: Index) -> QModelIndex:
        """The same cell in the images table."""
        if not index.isValid() or index.row() >= len(self._shown):
            return QModelIndex()
        return self._table.index(self._shown[index.row()], index.column())

    def mapFromSource(self, index: Index) -> QModelIndex:
        """The same cell as it is shown, invalid where it is hidden."""
        place = self._place(index.row()) if index.isValid() else None
        return QModelIndex() if place is None else self.index(place, index.column())

    # -- following the table

    def _reset(self, *, announce: bool = True) -> None:
        count = len(self._table.rows)
        self._passes = bytearray(count)
        self._forget_keys()
        self._weigh(range(count))
        self._filter(range(count))
        self._take(self._sorted(row for row in range(count) if self._passes[row]))
        if announce:
            self.endResetModel()
            self.counted.emit()

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._values.extend([0] * (last - first + 1))
        self._orders.extend([0] * (last - first + 1))
        self._passes.extend(bytes(last - first + 1))
        self._position = None  # also where the filter hides all that came
        self._weigh(range(first, last + 1))
        self._filter(range(first, last + 1))
        self._arrange()
        self.counted.emit()

    @Slot(object, int, int)
    def _on_altered(self, changed: Sequence[int], first: int, last: int) -> None:
        """``changed`` rows have other cells, from the first to the last of these columns."""
        # Up to the result only: the threshold moved, which orders nothing anew.
        if last == Column.STATUS or self.filter.only_flagged:
            moved = last == Column.STATUS and self._weigh(changed)
            passing = self._filter(changed)
            self._is_outdated = self._is_outdated or moved or passing
            if not self._rest.isActive() or len(changed) == len(self._passes):
                self._catch_up()
        self.counted.emit()
        # Not every shown row: a view paints again all that it is told of, ten times a second.
        stretch: Iterable[tuple[int, int]] = [(0, len(self._shown) - 1)] if self._shown else []
        if len(changed) < len(self._passes):
            places = (self._place(row) for row in changed)
            stretch = stretches(place for place in places if place is not None)
        for above, below in stretch:
            self.dataChanged.emit(self.index(above, first), self.index(below, last))

    @Slot(int)
    def _show_thumbnail(self, row: int) -> None:
        """The thumbnail of a row is there."""
        if (place := self._place(row)) is not None:
            cell = self.index(place, Column.IMAGE)
            self.dataChanged.emit(cell, cell)

    @Slot()
    def _catch_up(self) -> None:
        """Bring rows and order up to what is known; a long list rests after that."""
        if self._is_outdated:
            self._arrange()
            self.counted.emit()
            self._rest.begin(len(self._passes))

    def _forget_keys(self) -> None:
        """Make room for other keys of all rows."""
        blank = [0] * len(self._table.rows)
        self._values = blank if self._column is Column.NAME else array("d", blank)
        self._orders = array("i", blank)

    def _weigh(self, rows: Iterable[int]) -> bool:
        """Find anew what rows are ordered by; whether that is another for any of them."""
        column, changes = self._column, False
        if column is Column.NAME and self._table.hide_identity:
            column = Column.IMAGE  # numbers stand in place of names
        for number in rows:
            value, order = self._table.sort_key(number, column)
            changes = changes or (value, order) != (self._values[number], self._orders[number])
            self._values[number], self._orders[number] = value, order
        return changes

    def _filter(self, rows: Iterable[int]) -> bool:
        """Find anew which rows the filter lets through; whether any of them changes sides."""
        everything, changes = self.filter == Filter(), False
        for number in rows:
            passes = everything or self._accepts(self._table.rows[number])
            changes = changes or passes != self._passes[number]
            self._passes[number] = passes
        return changes

    def _arrange(self) -> None:
        """Bring what is shown to what should be: drop at the end, add at the end, then reorder."""
        passes, self.arranging, self._is_outdated = self._passes, True, False
        if len(self._shown) < len(passes) or not all(passes):
            self._let_through(passes)
        self._reorder(self._sorted(self._shown))
        self.arranging = False

    def _let_through(self, passes: bytearray) -> None:
        shown = set(self._shown)
        staying = array("i", (row for row in self._shown if passes[row]))
        added = array("i", (r for r in range(len(passes)) if passes[r] and r not in shown))
        if len(staying) < len(self._shown):
            self._reorder(staying + array("i", (r for r in self._shown if not passes[r])))
            self.beginRemoveRows(QModelIndex(), len(staying), len(self._shown) - 1)
            self._take(staying)
            self.endRemoveRows()
        if added:
            self.beginInsertRows(QModelIndex(), len(staying), len(staying) + len(added) - 1)
            self._take(staying + added)
            self.endInsertRows()

    def _reorder(self, wanted: array[int]) -> None:
        if wanted == self._shown:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [self._shown[index.row()] for index in before]
        self._take(wanted)
        after = [
            self.index(self._place(row) or 0, index.column())
            for row, index in zip(rows, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _take(self, shown: array[int]) -> None:
        self._shown, self._position = shown, None

    def _place(self, row: int) -> int | None:
        """Where a row of the table is shown; None where it is hidden."""
        if self._position is None:
            self._position = np.full(len(self._table.rows), -1, dtype=np.int32)
            self._position[self._shown] = np.arange(len(self._shown))
        place = int(self._position[row])
        return None if place < 0 else place

    def _sorted(self, rows: Iterable[int]) -> array[int]:
        in_order: list[int]
        if isinstance(self._values, list):
            keys = list(zip(self._values, self._orders, strict=True))
            in_order = sorted(rows, key=keys.__getitem__)
        else:
            places = np.fromiter(rows, dtype=np.intp)
            values, orders = (np.asarray(each)[places] for each in (self._values, self._orders))
            in_order = places[np.lexsort((orders, values))].tolist()
        return array("i", reversed(in_order) if self._descending else in_order)

    def _accepts(self, row: Row) -> bool:
        wanted = self.filter
        if wanted.only_flagged and not self._table.is_flagged(row):
            return False
        result, read = row.result, row.read
        status = result and result.status
        is_assessed = result and result.probability is not None
        match wanted.having:
            case Having.ASSESSED if not is_assessed:
                return False
            case Having.NOT_ASSESSED if is_assessed or is_assessed is None:
                return False
            case Having.WARNING if status is not Status.WARNING:
                return False
            case Having.KEY if read is None or not read.is_key:
                return False
            case Having.UNREAD if read is not None and read.label is not None:
                return False
        return not wanted.text or self._names(row, wanted.text.casefold())

    def _names(self, row: Row, text: str) -> bool:
        """Whether the text stands in what the reader knows of the row; path first, most have it."""
        hidden, result = self._table.hide_identity, row.result
        if text in (self._table.name(row).casefold() if hidden else row.searched):
            return True
        if result and result.problems and text in words.reason(result.problems).casefold():
            return True
        if hidden or row.header is None:
            return False
        who = row.header.identity
        named = (who.patient_id, who.patient_name, who.series_description)
        return any(text in each.casefold() for each in named if each)
