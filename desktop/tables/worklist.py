"""Worklist: patients, studies and series as lines, in the order and with the cells of now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal, Slot

from desktop.tables.long_lists import Rest
from desktop.tables.row import NO_PARENT, Index
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.worklist_cells import WorklistCells, WorklistColumn, heading
from desktop.tables.worklist_lines import Level, WorklistLines
from desktop.tables.worklist_order import SortBy, WorklistFilter, WorklistOrder
from model.series_decision import Rank
from model.series_result import TOP

IMAGES = 1 << 30
"""Internal ids from here on are those of top images; below are numbers of entries."""


_COLUMN = tuple(WorklistColumn)
_COLUMNS = len(_COLUMN)


@dataclass(frozen=True)
class WorklistCounts:
    """How many patients the list shows and hides."""

    patients: tuple[int, int]
    """How many of them the filter finds, and of how many."""
    folders: tuple[int, int]
    """The same of those that are unidentified: folders of images, or groups of them. Nobody knows
    of how many patients each of them is."""
    outside: int
    """How many stand in the list although the filter does not find them, as the one on screen."""
    hidden: int
    """How many the filter hides. Those that it finds, these and those outside are all of them."""


class Worklist(QAbstractItemModel):
    """Entries at two or three levels, and below each series its most suspicious images.

    ``changed`` follows every change of what is known of a series; ``counted`` follows every change
    of what is shown.
    """

    changed = Signal()
    counted = Signal()

    def __init__(
        self, series: SeriesList, readings: SeriesReadings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.series, self.readings = series, readings
        self.order = WorklistOrder(series, readings)
        self.held = False
        """Whether the order is to stay as it is, as while the mouse is over the list."""
        self.stale = False
        """Whether the order would be another one were it not held."""
        self.arranging = False
        """Lines are just being moved: a view's current line means nothing."""
        self._rest = Rest(self, self._catch_up)
        self._show_lines()
        series.regrouping.connect(self.beginResetModel)
        series.regrouped.connect(self._reset)
        series.changed.connect(self._follow)
        series.table.headerDataChanged.connect(self._rename)
        series.table.thumbnail_made.connect(self._show_thumbnail)
        readings.marked.connect(self._forget)

    # -- following the series

    def _show_lines(self) -> None:
        """Take the lines of the series that are open now."""
        self._lines = WorklistLines.of([each.group for each in self.series])
        known = self.series, self.readings
        self._cells = WorklistCells(self._lines, *known, self.order.is_outside)
        self._unidentified = frozenset(
            entry
            for entry in self._lines.below[None]
            if self.series[self._lines.entries[entry].series[0]].is_unidentified
        )
        self._top = [each.top for each in self.series]
        """The rows of the images that stand below each series."""
        self.order.forget()
        self._shown = {at: self.order.shown(self._lines, at) for at in self._lines.below}
        """The entries that are shown below each patient or study, and (None) at the top."""
        self._positions: dict[int | None, dict[int, int]] = {}
        """The same by entry, as far as that has been asked for."""
        self.order.settle()

    @Slot()
    def _reset(self) -> None:
        self.order.pinned, self.stale = None, False
        self._show_lines()
        self.endResetModel()
        self._settle(())

    @Slot(object)
    def _follow(self, numbers: Collection[int]) -> None:
        touched: dict[int, None] = {}
        for number in numbers:
            self._show_top(number, self.series[number].top)
            entry: int | None = self._lines.of_series[number]
            while entry is not None:
                touched[entry] = None
                entry = self._lines.entries[entry].parent
        if not touched:
            self._forget()
            return
        for entry in touched:
            self.order.follow(self._lines, entry)
        if self._rest.isActive():
            self._tell(touched)
        else:
            self._settle(touched)

    @Slot()
    def _forget(self) -> None:
        """Something else is known of all series."""
        self.order.forget()
        self._settle(self._shown[None])

    @Slot()
    def _catch_up(self) -> None:
        """Bring the order up to the results that came during the pause."""
        if self.order.is_outdated:
            self._settle(())

    def _show_top(self, number: int, top: tuple[int, ...]) -> None:
        """Show the images below a series that are its most suspicious ones now."""
        if top == self._top[number]:
            return
        before, after = len(self._top[number]), len(top)
        above = self.index_of_series(number)
        if above.isValid() and after > before:
            self.beginInsertRows(above, before, after - 1)
            self._top[number] = top
            self.endInsertRows()
        elif above.isValid() and after < before:
            self.beginRemoveRows(above, after, before - 1)
            self._top[number] = top
            self.endRemoveRows()
        else:
            self._top[number] = top

    def _settle(self, entries: Collection[int]) -> None:
        """Bring order and these entries' cells up to what is known; a held order stays."""
        if self.order.is_outdated and self.held:
            self.stale = any(self._wanted(parent) != shown for parent, shown in self._shown.items())
            self.order.settle()
        elif self.order.is_outdated or self.stale:
            self._arrange()
            self._rest.begin(self.patients)
        self._tell(entries)

    def _tell(self, entries: Collection[int]) -> None:
        self._repaint(entries)
        self.changed.emit()
        self.counted.emit()

    @Slot()
    def _rename(self) -> None:
        """The columns may have other names; the cells follow with the series."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(WorklistColumn) - 1)

    def _repaint(self, entries: Collection[int]) -> None:
        """Say that these entries' cells may be others, all at once where many of them are.

        A view asks for each line that it is told of whether anything stands below.
        """
        last = _COLUMNS - 1
        if len(entries) < len(self._shown[None]) // 2:
            for entry in entries:
                if (first := self._index_of_entry(entry)).isValid():
                    self.dataChanged.emit(first, first.siblingAtColumn(last))
        elif self._shown[None]:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown[None]) - 1, last))

    @Slot(int)
    def _show_thumbnail(self, row: int) -> None:
        """The thumbnail of a row is there: say so of the lines that show it."""
        number = self.series.number_of(row)
        above = QModelIndex() if number is None else self.index_of_series(number)
        if number is None or not above.isValid():
            return
        if row in self._top[number]:
            top = self.index(self._top[number].index(row), 0, above)
            self.dataChanged.emit(top, top)
        while above.isValid():
            self.dataChanged.emit(above, above)
            above = self.parent(above)

    # -- order and filter

    @property
    def hidden(self) -> int:
        """How many patients the filter hides."""
        return self.patients - len(self._shown[None])

    @property
    def patients(self) -> int:
        """How many patients (or folders of images) are open."""
        return len(self._lines.below[None])

    def counts(self) -> WorklistCounts:
        """How many there are, how many the filter finds, and where the others are."""
        shown = self._shown[None]
        found = shown
        if not self.order.finds_all:
            found = [entry for entry in shown if self.order.finds(self._lines, entry)]
        folders = len(self._unidentified.intersection(found))
        return WorklistCounts(
            (len(found) - folders, self.patients - len(self._unidentified)),
            (folders, len(self._unidentified)),
            len(shown) - len(found),
            self.hidden,
        )

    def set_filter(self, wanted: WorklistFilter) -> None:
        """Show the patients that the reader asked for, and the one on screen."""
        self.order.filter = wanted
        self._arrange()
        self._repaint(self._shown[None])  # of the one on screen, whether the filter found it
        self.counted.emit()

    def set_order(self, by: SortBy, *, descending: bool = False) -> None:
        """Sort by something else."""
        self.order.by, self.order.descending = by, descending
        self.arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        columns = {WorklistColumn.NAME: SortBy.NAME, WorklistColumn.READ: SortBy.UNREAD}
        by = columns.get(WorklistColumn(max(column, 0)), SortBy.SUSPICION)
        self.set_order(by, descending=order == Qt.SortOrder.DescendingOrder)

    def arrange(self) -> None:
        """Bring everything into its order, whether that was held or not."""
        self._arrange()
        self.counted.emit()

    def _arrange(self) -> None:
        self.stale, self.arranging = False, True
        for parent in self._shown:
            if parent is not None and not self._is_shown(parent):
                self._take(parent, self._wanted(parent))
        self._let_through(self._wanted(None))
        for parent in self._shown:
            self._reorder(parent, self._wanted(parent))
        self.arranging = False
        self.order.settle()

    def in_order(self) -> list[int]:
        """The numbers of the series that are shown, from top to bottom."""
        found: list[int] = []
        waiting = list(reversed(self._shown[None]))
        while waiting:
            entry = waiting.pop()
            if self._lines.entries[entry].level is Level.SERIES:
                found += self._lines.entries[entry].series
            waiting += reversed(self._shown.get(entry, []))
        return found

    def _wanted(self, parent: int | None) -> list[int]:
        return self.order.shown(self._lines, parent, self._shown[parent])

    def _take(self, parent: int | None, shown: list[int]) -> None:
        self._shown[parent] = shown
        self._positions.pop(parent, None)

    def _position(self, entry: int) -> int | None:
        """Where an entry stands below its parent; None where it is hidden."""
        parent = self._lines.entries[entry].parent
        if parent not in self._positions:
            self._positions[parent] = {each: at for at, each in enumerate(self._shown[parent])}
        return self._positions[parent].get(entry)

    def _is_shown(self, entry: int) -> bool:
        """Whether an entry and all that it stands below are shown."""
        parent = self._lines.entries[entry].parent
        return self._position(entry) is not None and (parent is None or self._is_shown(parent))

    def _let_through(self, wanted: list[int]) -> None:
        """Take patients out of the list and add others at its end."""
        shown, passing = self._shown[None], set(wanted)
        staying = [entry for entry in shown if entry in passing]
        added = [entry for entry in wanted if self._position(entry) is None]
        if len(staying) < len(shown):
            self._reorder(None, staying + [entry for entry in shown if entry not in passing])
            self.beginRemoveRows(QModelIndex(), len(staying), len(shown) - 1)
            self._take(None, staying)
            self.endRemoveRows()
        if added:
            self.beginInsertRows(QModelIndex(), len(staying), len(staying) + len(added) - 1)
            self._take(None, staying + added)
            self.endInsertRows()

    def _reorder(self, parent: int | None, wanted: list[int]) -> None:
        if wanted == self._shown[parent]:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        self._take(parent, wanted)
        place = {entry: at for at, entry in enumerate(wanted)}
        after = [
            self.createIndex(
                place.get(index.internalId(), index.row()), index.column(), index.internalId()
            )
            for index in before
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def flagged_above(self, row: int) -> int:
        """How many flagged patients stand at the top of the list, above one of its lines."""
        ranks = (
            self.series.rank(self.series.foremost(self._lines.entries[entry].series))
            for entry in self._shown[None][:row]
        )
        return sum(1 for _ in takewhile(lambda rank: rank is Rank.FLAGGED, ranks))

    # -- moving through the list

    def following(
        self, number: int | None, way: int, wanted: Callable[[int], bool] | None = None
    ) -> int | None:
        """The next (``way`` 1) or previous (-1) series in the list that is as ``wanted``.

        Round the end where something is wanted, else to the end at most. None where there is none.
        """
        every = self.in_order()
        here = every.index(number) if number in every else -1 if way > 0 else len(every)
        rest = every[here + 1 :] if way > 0 else every[: max(here, 0)][::-1]
        if wanted is None:
            return next(iter(rest), None)
        round_the_end = every[: max(here, 0)] if way > 0 else every[here + 1 :][::-1]
        return next(filter(wanted, [*rest, *round_the_end]), None)

    # -- indices

    def index_of(self, row: int) -> QModelIndex:
        """The series that a row of the table is in; invalid as long as that is not known."""
        number = self.series.number_of(row)
        return QModelIndex() if number is None else self.index_of_series(number)

    def index_of_series(self, number: int) -> QModelIndex:
        """Where a series stands; invalid where it is hidden."""
        if number >= len(self._lines.of_series):
            return QModelIndex()
        return self._index_of_entry(self._lines.of_series[number])

    def _index_of_entry(self, entry: int) -> QModelIndex:
        position = self._position(entry)
        if position is None or not self._is_shown(entry):
            return QModelIndex()
        return self.createIndex(position, 0, entry)

    def row_of(self, index: Index) -> int | None:
        """The table's row to show for an index: of an entry its most suspicious series' image."""
        if not index.isValid():
            return None
        top = self._top_row(index)
        return self.series.first_image(self.series_at(index)) if top is None else top

    def series_at(self, index: Index) -> int:
        """The number of the series at an index; of a patient or study its most suspicious one."""
        identifier = index.internalId()
        if identifier >= IMAGES:
            return (identifier - IMAGES) // TOP
        return self.series.foremost(self._lines.entries[identifier].series)

    def patient_of(self, row: int | None) -> str:
        """What the list calls the patient of a row of the table; empty while that is not known."""
        number = self.series.number_of(row)
        if number is None or number >= len(self._lines.of_series):
            return ""
        return self._cells.patient(number)

    def is_image(self, index: Index) -> bool:
        """Whether an index is that of a top image."""
        return bool(index.internalId() >= IMAGES)

    def key(self, index: Index) -> int:
        """The same for an entry as long as it is open, whatever the order."""
        return index.internalId()

    def _top_row(self, index: Index) -> int | None:
        """The row of a top image; None for an entry."""
        identifier = index.internalId() - IMAGES
        return None if identifier < 0 else self._top[identifier // TOP][identifier % TOP]

    # -- Qt

    def index(self, row: int, column: int, parent: Index = NO_PARENT) -> QModelIndex:
        """An entry by its number, a top image by IMAGES + TOP * series + place among the top."""
        # Not hasIndex, which asks Python twice more: a view asks for every line after a move.
        if not parent.isValid():
            shown = self._shown[None]
            inside = 0 <= row < len(shown) and 0 <= column < _COLUMNS
            return self.createIndex(row, column, shown[row]) if inside else QModelIndex()
        if not (0 <= row < self.rowCount(parent) and 0 <= column < _COLUMNS):
            return QModelIndex()
        entry = parent.internalId()
        if self._lines.entries[entry].level is Level.SERIES:
            identifier = IMAGES + TOP * self._lines.entries[entry].series[0] + row
            return self.createIndex(row, column, identifier)
        return self.createIndex(row, column, self._shown[entry][row])

    def sibling(self, row: int, column: int, index: Index) -> QModelIndex:
        """Another cell of a line, or a line beside it; Qt's own would ask for what is above."""
        if row == index.row() and 0 <= column < _COLUMNS:
            return self.createIndex(row, column, index.internalId())
        return self.index(row, column, self.parent(index))

    def parent(self, index: Index = NO_PARENT) -> QModelIndex:  # type: ignore[override]
        """The series of a top image, the entry above an entry."""
        if not index.isValid():
            return QModelIndex()
        if index.internalId() >= IMAGES:
            return self.index_of_series(self.series_at(index))
        above = self._lines.entries[index.internalId()].parent
        return QModelIndex() if above is None else self._index_of_entry(above)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Entries, and below each series its top images."""
        if not parent.isValid():
            return len(self._shown[None])
        if parent.internalId() >= IMAGES or parent.column() > 0:
            return 0
        entry = self._lines.entries[parent.internalId()]
        if entry.level is Level.SERIES:
            return len(self._top[entry.series[0]])
        return len(self._shown[parent.internalId()])

    def hasChildren(self, parent: Index = NO_PARENT) -> bool:
        """Whether anything stands below; Qt's own would ask for rows and columns."""
        return self.rowCount(parent) > 0

    def columnCount(self, _parent: Index = NO_PARENT) -> int:
        """The same everywhere."""
        return _COLUMNS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return heading(WorklistColumn(section))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        if not index.isValid():
            return None
        top, column = self._top_row(index), _COLUMN[index.column()]
        if top is None:
            return self._cells.of_entry(index.internalId(), column, role)
        return self._cells.of_image(top, column, role)
