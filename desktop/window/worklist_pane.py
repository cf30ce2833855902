"""The worklist: patients, the most suspicious first, and how many search and filter find."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.worklist import WorklistCounts
from desktop.tables.worklist_cells import WorklistColumn
from desktop.tables.worklist_order import SortBy, WorklistFilter
from desktop.window.cells import PatientCell, ProbabilityCell, ReadCell, ResultCell
from desktop.window.series_rule import SeriesRule
from desktop.window.text import Text, link_button
from desktop.window.translated import Translated
from desktop.window.worklist_view import WorklistView

_WIDTHS = {WorklistColumn.SCORE: 72, WorklistColumn.RESULT: 138, WorklistColumn.READ: 34}


class WorklistPane(Translated, QWidget):
    """Its current line is the series on screen, both ways; below stands that one's rule."""

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._worklist, self._series = workspace.worklist, workspace.series
        self._selection = selection
        self._open: set[int] = set()
        self._following = False
        self._height: int | None = None
        """Of the marked line on screen, while others are being moved."""
        self._looking_above = QTimer(self, singleShot=True)
        self._looking_above.timeout.connect(self._tell_above)
        self.search = QLineEdit(self)
        self.search.setProperty("role", "search")
        self.search.setClearButtonEnabled(True)
        self.order = QComboBox(self)
        self.order.setMinimumContentsLength(8)
        self.order.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for order in (SortBy.SUSPICION, SortBy.TIME, SortBy.NAME, SortBy.FILES):
            self.order.addItem("", order)
        self.only_flagged, self.only_unread = self._toggle(), self._toggle()
        self.view = WorklistView(self)
        self.count = Text("quiet")
        self.show_all = link_button(self)
        self.sort_now = link_button(self)
        self.above = link_button(self)
        self.by_name = link_button(self)
        self._links = (self.above, self.by_name, self.sort_now, self.show_all)
        self.rule = SeriesRule(workspace, selection, self)
        self._set_up_view(workspace)
        self._lay_out()
        self._connect(workspace)
        self.retranslate()

    def _toggle(self) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setProperty("role", "point")
        return button

    def _set_up_view(self, workspace: Workspace) -> None:
        view = self.view
        view.setModel(self._worklist)
        self._cells = {
            WorklistColumn.NAME: PatientCell(view),
            WorklistColumn.SCORE: ProbabilityCell(workspace.table),
            WorklistColumn.RESULT: ResultCell(view),
            WorklistColumn.READ: ReadCell(view),
        }
        header = view.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(30)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, cell in self._cells.items():
            view.setItemDelegateForColumn(column, cell)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            view.setColumnWidth(column, width)
        header.setSectionResizeMode(WorklistColumn.NAME, QHeaderView.ResizeMode.Stretch)
        view.setUniformRowHeights(True)
        view.setIndentation(14)
        view.setVerticalScrollMode(WorklistView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setSortingEnabled(True)
        header.setSortIndicator(WorklistColumn.RESULT, Qt.SortOrder.AscendingOrder)

    def _lay_out(self) -> None:
        chosen = QHBoxLayout()
        chosen.setSpacing(4)
        chosen.addWidget(self.order, 1)
        chosen.addWidget(self.only_flagged)
        chosen.addWidget(self.only_unread)
        self._below, self._links_row = QHBoxLayout(), QHBoxLayout()
        self._below.addWidget(self.count, 1)
        self._links_row.addStretch(1)
        for link in self._links:
            self._below.addWidget(link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.search)
        layout.addLayout(chosen)
        layout.addWidget(self.view, 1)
        layout.addLayout(self._below)
        layout.addLayout(self._links_row)
        layout.addWidget(self.rule)

    def _connect(self, workspace: Workspace) -> None:
        worklist, view = self._worklist, self.view
        self.search.textChanged.connect(self._filter)
        self.only_flagged.toggled.connect(self._filter)
        self.only_unread.toggled.connect(self._filter)
        self.order.activated.connect(self._sort)
        self.show_all.clicked.connect(self.clear_filter)
        self.sort_now.clicked.connect(worklist.arrange)
        self.above.clicked.connect(view.scrollToTop)
        view.verticalScrollBar().valueChanged.connect(self._tell_above)
        # In a turn of the event loop of its own: it has the list laid out, which takes a while.
        worklist.counted.connect(self._looking_above.start)
        view.hovered.connect(self._hold)
        view.clicked.connect(self._choose)
        view.selectionModel().currentChanged.connect(self._on_current)
        view.expanded.connect(lambda index: self._open.add(worklist.key(index)))
        view.collapsed.connect(lambda index: self._open.discard(worklist.key(index)))
        worklist.modelReset.connect(self._restore)
        worklist.layoutAboutToBeChanged.connect(self._note_place)
        worklist.layoutChanged.connect(self._stay_in_place)
        worklist.counted.connect(self._count)
        worklist.counted.connect(self._follow)
        self._selection.changed.connect(self._follow)

    def set_low(self, is_low: bool) -> None:
        """Leave the height to the patients where there is little, or show all again."""
        if is_low == self.rule.is_low:
            return
        self.view.setHeaderHidden(is_low)
        self.rule.set_low(is_low, self._below)
        self._place_links()

    def clear_filter(self) -> None:
        """Hide nobody."""
        self.search.clear()
        self.only_flagged.setChecked(False)
        self.only_unread.setChecked(False)

    @Slot()
    def _filter(self) -> None:
        self._worklist.set_filter(
            WorklistFilter(
                self.search.text().strip(),
                self.only_flagged.isChecked(),
                self.only_unread.isChecked(),
            )
        )

    @Slot()
    def _sort(self) -> None:
        self._worklist.set_order(self.order.currentData())
        by = {SortBy.SUSPICION: WorklistColumn.RESULT, SortBy.NAME: WorklistColumn.NAME}
        header = self.view.header()
        header.blockSignals(True)  # or the column's own order would follow
        column = by.get(self.order.currentData(), -1)
        header.setSortIndicator(column, Qt.SortOrder.AscendingOrder)
        header.blockSignals(False)

    @Slot(bool)
    def _hold(self, is_over: bool) -> None:
        """Nothing moves under the mouse; what had to wait is done when it has gone."""
        self._worklist.held = is_over
        if not is_over and self._worklist.stale:
            self._worklist.arrange()

    @Slot()
    def _note_place(self) -> None:
        """Remember how high the marked line stands, where the list was scrolled to it."""
        lying = self.view.visualRect(self.view.currentIndex())
        seen = lying.isValid() and self.view.viewport().rect().intersects(lying)
        bar = self.view.verticalScrollBar()
        # At the top the list stays: what is flagged now must come into view, not above it.
        self._height = lying.top() if seen and bar.value() > bar.minimum() else None

    @Slot()
    def _stay_in_place(self) -> None:
        """Whatever came before the marked line, it stays where it is on screen."""
        if self._height is None:
            return  # nothing is laid out for its place before it is painted
        lying = self.view.visualRect(self.view.currentIndex())
        if lying.isValid():
            bar = self.view.verticalScrollBar()
            bar.setValue(bar.value() + lying.top() - self._height)

    @Slot()
    def _tell_above(self) -> None:
        """How many flagged patients stand above what can be seen; a click leads to them."""
        first = self.view.indexAt(QPoint(self.view.viewport().width() // 2, 1))
        while first.parent().isValid():
            first = first.parent()
        above = self._worklist.flagged_above(max(first.row(), 0))
        self.above.setText(self.tr("Flagged above: {0}").format(above))
        self.above.setVisible(above > 0)
        self._place_links()

    def _place_links(self) -> None:
        """One link stands beside the counts; of several the counts would be squeezed."""
        shown = sum(not link.isHidden() for link in self._links) + self.rule.is_low
        place = self._below if shown < 2 else self._links_row
        for link in self._links:
            if place.indexOf(link) < 0:
                place.addWidget(link)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = self._worklist.row_of(index)
        if row is not None:
            self._selection.select(row)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._following and not self._worklist.arranging:
            self._choose(current)

    @Slot()
    def _follow(self) -> None:
        """The marked line is always of the series on screen, whoever chose the image."""
        number, current = self._selection.image, self.view.currentIndex()
        if number is None or self._stands_for(current, number):
            return
        series = self._worklist.index_of(number)
        rows = range(self._worklist.rowCount(series)) if self.view.isExpanded(series) else ()
        tops = [self._worklist.index(at, 0, series) for at in rows]
        here = next((top for top in tops if self._worklist.row_of(top) == number), series)
        if here == current:
            return
        while series.isValid() and not self.view.isExpanded(series.parent()):
            series = series.parent()
            if not series.isValid():
                break
            self.view.expand(series)
        self._following = True
        self.view.setCurrentIndex(here)
        self._following = False
        if not self._worklist.held:
            self._show_patient_of(here)

    def _show_patient_of(self, index: QModelIndex) -> None:
        """Bring the patient's own line into view above that of a series, where both have room."""
        patient = index
        while patient.parent().isValid():
            patient = patient.parent()
        for line in (patient, index):
            self.view.scrollTo(line)

    def _stands_for(self, index: QModelIndex, row: int) -> bool:
        """Whether a line leads to that row, or is that of a patient whose series it is in."""
        if not index.isValid():
            return False
        shown = self._worklist.row_of(index)
        if shown == row:
            return True
        is_image = self._worklist.is_image(index)
        return not is_image and self._worklist.series_at(index) == self._series.number_of(row)

    @Slot()
    def _restore(self) -> None:
        self._open.clear()
        self._follow()

    @Slot()
    def _count(self) -> None:
        series, counts = self._series, self._worklist.counts()
        told = self._counted(counts)
        if counts.outside:
            told += " · " + self.tr("outside the filter: {0}").format(counts.outside)
        if counts.hidden:
            told += " · " + self.tr("hidden by the filter: {0}").format(counts.hidden)
        if series.files_without_image:
            told += " · " + self.tr("files without an image: {0}").format(
                series.files_without_image
            )
        if series.ungrouped:
            told += " · " + self.tr("images in no group: {0}").format(series.ungrouped)
        unidentified = series.has_unidentified_only and series.has_several_images
        self.by_name.setVisible(series.by_name or unidentified)
        is_open = self._worklist.patients or series.files_without_image
        self.count.setText(told if is_open else "")
        self.show_all.setVisible(bool(counts.outside or counts.hidden))
        self.sort_now.setVisible(self._worklist.stale)
        self._place_links()

    def _counted(self, counts: WorklistCounts) -> str:
        """How many of them the filter finds; each folder of images may be of many patients."""
        folders, parts = counts.folders, []
        if counts.patients[1] or not folders[1]:
            parts.append(self.tr("Patients: {0}").format(self._share(counts.patients)))
        if folders[1] and self._series.by_name:
            parts.append(self.tr("Groups by file name: {0}").format(self._share(folders)))
        elif folders[1]:
            parts.append(self.tr("Folders of images: {0}").format(self._share(folders)))
        return " · ".join(parts)

    def _share(self, found: tuple[int, int]) -> str:
        """How many of how many; one number where it is all of them."""
        return str(found[1]) if found[0] == found[1] else self.tr("{0} of {1}").format(*found)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.view.setAccessibleName(self.tr("Worklist"))
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search patients, studies and series"))
        names = {
            SortBy.SUSPICION: self.tr("By suspicion"),
            SortBy.TIME: self.tr("By study time"),
            SortBy.NAME: self.tr("By name"),
            SortBy.FILES: self.tr("In file order"),
        }
        for at in range(self.order.count()):
            self.order.setItemText(at, names[self.order.itemData(at)])
        self.order.setAccessibleName(self.tr("Order"))
        self.only_flagged.setText(self.tr("Flagged only"))
        self.only_unread.setText(self.tr("Unread only"))
        self.show_all.setText(self.tr("Show all"))
        self.by_name.setText(self.tr("Group by name…"))
        self.sort_now.setText(self.tr("Sort now"))
        self.sort_now.setToolTip(
            words.tooltip(self.tr("New results: the order is kept while the mouse is here"))
        )
        self._count()
