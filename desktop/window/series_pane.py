"""The series: each with its aggregate, and its most suspicious pictures one click away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHeaderView, QTreeView, QVBoxLayout, QWidget

from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables.series_tree import SeriesColumn
from desktop.window.cells import Cell, VerdictCell
from desktop.window.text import Text
from model.series_result import ONE_IN

_WIDTHS = {
    SeriesColumn.PROBABILITY: 84,
    SeriesColumn.THRESHOLD: 74,
    SeriesColumn.VERDICT: 82,
}


class SeriesPane(QWidget):
    """A click on a series or on one of its top pictures selects that picture.

    Below stands what is known of the threshold of the series that the selected picture is in.
    """

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._series, self._selection = workspace.series, selection
        self._open: set[tuple[str, ...]] = set()
        self._following = False
        self.view = QTreeView(self)
        self.view.setModel(self._series)
        self.view.setItemDelegate(Cell(self.view))
        self.view.setItemDelegateForColumn(SeriesColumn.VERDICT, VerdictCell(self.view))
        self.view.setUniformRowHeights(True)
        self.view.setIndentation(16)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(SeriesColumn.NAME, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            self.view.setColumnWidth(column, width)
        self.how, self.name = Text("quiet"), Text("heading")
        self.threshold, self.known = Text(), Text("quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.view, 1)
        for text in (self.how, self.name, self.threshold, self.known):
            layout.addWidget(text)
        self.view.clicked.connect(self._choose)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        selection.changed.connect(self._follow)
        self.view.expanded.connect(self._on_expanded)
        self.view.collapsed.connect(self._on_collapsed)
        self._series.modelReset.connect(self._restore)
        for signal in (
            selection.changed,
            workspace.threshold_changed,
            workspace.weights_changed,
            workspace.series_changed,
        ):
            signal.connect(self._tell)
        self._retranslate()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = self._series.row_of(index)
        if row is not None:
            self._selection.select(row)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._following:
            self._choose(current)

    @Slot()
    def _follow(self) -> None:
        """The marked row is always of the series on screen, whoever chose the picture."""
        number, current = self._selection.number, self.view.currentIndex()
        if number is None or self._series.row_of(current) == number:
            return
        series = self._series.index_of(number)
        tops = [self._series.index(at, 0, series) for at in range(self._series.rowCount(series))]
        shown = tops if self.view.isExpanded(series) else []
        here = next((top for top in shown if self._series.row_of(top) == number), series)
        self._following = True
        self.view.setCurrentIndex(here)
        self._following = False

    @Slot(QModelIndex)
    def _on_expanded(self, index: QModelIndex) -> None:
        self._open.add(self._series.key(index.row()))

    @Slot(QModelIndex)
    def _on_collapsed(self, index: QModelIndex) -> None:
        self._open.discard(self._series.key(index.row()))

    @Slot()
    def _restore(self) -> None:
        for number in range(self._series.rowCount()):
            if self._series.key(number) in self._open:
                self.view.expand(self._series.index(number, 0))
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Series"))
        self.how.setText(
            self.tr(
                "A series counts as what one in {0} of its judged pictures reaches, and has a "
                "threshold of its own. Where fewer are above the threshold of single pictures, it "
                "is uncertain."
            ).format(ONE_IN)
        )
        self._tell()
        self._series.refresh()

    @Slot()
    def _tell(self) -> None:
        number = self._series.number_of(self._selection.number)
        sentences = [] if number is None else self._series.sentences(number)
        self.name.setText(self._series.name(number) if number is not None and sentences else "")
        self.threshold.setText("\n".join(sentences[:2]))
        self.known.setText("\n".join(sentences[2:]))
        for text in (self.name, self.threshold, self.known):
            text.setVisible(bool(sentences))
