"""The images: search and filters, the table, and how many rows are hidden."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables.images_order import Filter, Having
from desktop.tables.row import Column
from desktop.window.cells import (
    ROW_HEIGHT,
    Cell,
    ImageNameCell,
    ProbabilityCell,
    ResultCell,
    ThumbnailCell,
)
from desktop.window.images_view import ImagesView
from desktop.window.text import Text, link_button
from desktop.window.translated import Translated

_WIDTHS = {Column.IMAGE: 54, Column.PROBABILITY: 66, Column.RESULT: 92, Column.STATUS: 68}


class ImagesPane(Translated, QWidget):
    """Table and filters; its current row is the selection, both ways."""

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._order, self._selection, self._table = workspace.order, selection, workspace.table
        self.search = QLineEdit(self)
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        self.having = QComboBox(self)
        for having in Having:
            self.having.addItem("", having)
        self.only_flagged = QToolButton(self)
        self.only_flagged.setCheckable(True)
        self.only_flagged.setProperty("role", "point")
        self.view = ImagesView(self)
        self.hidden = Text("quiet")
        self.show_all = link_button(self)
        self._set_up_view(workspace)
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.having.currentIndexChanged.connect(self._filter)
        self.only_flagged.toggled.connect(self._filter)
        self.show_all.clicked.connect(self.clear_filter)
        self._order.counted.connect(self._count)
        self._order.counted.connect(self._follow)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        selection.changed.connect(self._follow)
        self.retranslate()

    def clear_filter(self) -> None:
        """Hide nothing."""
        self.search.clear()
        self.having.setCurrentIndex(0)
        self.only_flagged.setChecked(False)

    def _set_up_view(self, workspace: Workspace) -> None:
        view = self.view
        view.setModel(self._order)
        view.setItemDelegate(Cell(view))
        cells = {
            Column.IMAGE: ThumbnailCell(view),
            Column.NAME: ImageNameCell(view),
            Column.PROBABILITY: ProbabilityCell(workspace.table),
            Column.RESULT: ResultCell(view),
        }
        for column, cell in cells.items():
            view.setItemDelegateForColumn(column, cell)
        self._cells = cells
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = view.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = view.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setMinimumSectionSize(40)
        for column, width in _WIDTHS.items():
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            view.setColumnWidth(column, width)
        columns.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        view.setSortingEnabled(True)
        view.sortByColumn(Column.PROBABILITY, Qt.SortOrder.AscendingOrder)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.addWidget(self.search, 1)
        filters.addWidget(self.having)
        filters.addWidget(self.only_flagged)
        below = QHBoxLayout()
        below.addWidget(self.hidden, 1)
        below.addWidget(self.show_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addLayout(filters)
        layout.addWidget(self.view, 1)
        layout.addLayout(below)

    @Slot()
    def _filter(self) -> None:
        wanted = Filter(
            self.search.text().strip(), self.only_flagged.isChecked(), self.having.currentData()
        )
        self._order.set_filter(wanted)
        self._follow()

    @Slot()
    def _count(self) -> None:
        shown, hidden = self._order.rowCount(), self._order.hidden
        if hidden:
            text = self.tr("{0} shown, {1} hidden by the filter").format(shown, hidden)
        else:
            text = self.tr("{0} shown, none hidden").format(shown)
        self.hidden.setText(text)
        self.show_all.setVisible(bool(hidden))

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._order.arranging:
            self._selection.select(self._order.mapToSource(current).row())

    @Slot()
    def _follow(self) -> None:
        number = self._selection.image
        if number is None:
            return
        index = self._order.mapFromSource(self._table.index(number, Column.NAME))
        if index.row() == self.view.currentIndex().row():
            return
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:  # the filter hides it: the image stays, and no row is marked
            self.view.selectionModel().clear()
            self.view.scrollToTop()

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search names and reasons"))
        words = {
            Having.ANYTHING: self.tr("All"),
            Having.ASSESSED: self.tr("Assessed"),
            Having.NOT_ASSESSED: self.tr("Not assessed"),
            Having.WARNING: self.tr("With a warning"),
            Having.UNREAD: self.tr("Unread"),
            Having.KEY: self.tr("Key images"),
        }
        for number, having in enumerate(Having):
            self.having.setItemText(number, words[having])
        self.having.setAccessibleName(self.tr("Rows to show"))
        self.only_flagged.setText(self.tr("Flagged only"))
        self.only_flagged.setToolTip(self.tr("Show only images at or above the threshold"))
        self.show_all.setText(self.tr("Show all"))
        self.view.setAccessibleName(self.tr("Images"))
        self._table.refresh()
        self._count()
