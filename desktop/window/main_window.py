"""The window: table on the left, viewer in the middle, answer and threshold on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.keys import press_key
from desktop.window.actions import Actions
from desktop.window.answer_panel import AnswerPanel
from desktop.window.heat_panel import HeatPanel
from desktop.window.images_pane import ImagesPane
from desktop.window.menus import Menus
from desktop.window.picture_area import PictureArea
from desktop.window.progress_line import ProgressLine
from desktop.window.read_panel import ReadPanel
from desktop.window.series_pane import SeriesPane
from desktop.window.start_page import StartPage
from desktop.window.threshold_panel import ThresholdPanel
from imaging.image import Window

SIDE = 328
"""Width of the right column."""
TABLE = 476
"""Width of the left one, at first."""


class MainWindow(QMainWindow):
    """Shows workspace and selection; says by ``dropped`` and ``closing`` what the reader did."""

    dropped = Signal(list)
    closing = Signal()

    def __init__(self, workspace: Workspace, selection: Selection, settings: Settings) -> None:
        super().__init__()
        self._workspace, self._selection, self._settings = workspace, selection, settings
        self.actions_by_name = Actions(self)
        self.menus = Menus(self.actions_by_name, settings, self)
        self.setMenuBar(self.menus)
        self.start = StartPage(settings, self)
        self.results = ImagesPane(workspace, selection, self)
        self.series = SeriesPane(workspace, selection, self)
        self.centre = PictureArea(workspace, selection, self)
        self.viewer = self.centre.viewer
        self.answer = AnswerPanel(workspace, selection, self)
        self.heat = HeatPanel(workspace, self.centre, self)
        self.threshold = ThresholdPanel(workspace, settings, self)
        self.reading = ReadPanel(workspace, selection, settings, self.actions_by_name, self)
        self.progress = ProgressLine(workspace, self)
        self.setStatusBar(self.progress)
        self._pages = QStackedWidget(self)
        self.setCentralWidget(self._pages)
        self._lay_out()
        self.setAcceptDrops(True)
        self._connect()
        self._retranslate()
        self.restoreGeometry(settings.layout("window"))
        self.splitter.restoreState(settings.layout("columns"))

    def _lay_out(self) -> None:
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.results, "")
        self.tabs.addTab(self.series, "")
        self._left = QWidget(self)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(8, 6, 8, 6)
        left.addWidget(self.tabs, 1)
        left.addWidget(self.reading)
        column = QWidget(self)
        right = QVBoxLayout(column)
        right.setContentsMargins(8, 8, 8, 8)
        right.addWidget(self.answer)
        right.addWidget(self.heat)
        right.addWidget(self.threshold)
        right.addWidget(self.answer.details)
        right.addStretch(1)
        self._right = QScrollArea(self)
        self._right.setWidgetResizable(True)
        self._right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._right.setWidget(column)
        self._right.setMinimumWidth(SIDE)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        for part in (self._left, self.centre, self._right):
            self.splitter.addWidget(part)
        self.splitter.setCollapsible(1, False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setHandleWidth(1)
        self.splitter.setSizes([TABLE, 1280 - TABLE - SIDE, SIDE])
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.splitter)
        room = self.screen().availableGeometry()
        self.resize(min(1280, room.width()), min(800, room.height()))

    def _connect(self) -> None:
        self._workspace.state_changed.connect(self._follow)
        self.centre.maximise_requested.connect(self.actions_by_name["maximise"].toggle)
        self.centre.window_kept.connect(self._keep_window)
        self.actions_by_name["down_is_brighter"].toggled.connect(self._brighten_downwards)
        self.actions_by_name["down_is_brighter"].setChecked(self._settings.down_is_brighter)
        self._brighten_downwards(self._settings.down_is_brighter)
        self.centre.set_own_windows(self._settings.own_windows)

    # -- what is shown

    @Slot()
    def _follow(self) -> None:
        self._pages.setCurrentWidget(self.splitter if self._workspace.paths else self.start)
        self._retitle()

    def show_only_picture(self, only: bool) -> None:
        """Hide what stands beside the viewer, or bring it back."""
        for part in (self._left, self._right):
            part.setVisible(not only)

    def hide_identity(self, hide: bool) -> None:
        """Take names and ids off the screen and the title, or bring them back."""
        self._settings.hide_identity = hide
        self._workspace.table.set_hide_identity(hide)
        self._workspace.series.refresh()
        self.centre.set_identity_hidden(hide)
        self.start.refresh()
        self._retitle()

    @Slot(bool)
    def _brighten_downwards(self, brighter: bool) -> None:
        self._settings.down_is_brighter = brighter
        self.centre.set_down_is_brighter(brighter)

    @Slot(str, object)
    def _keep_window(self, key: str, window: Window) -> None:
        self._settings.keep_window(key, window)
        self.centre.set_own_windows(self._settings.own_windows)

    def _retitle(self) -> None:
        paths = self._workspace.paths
        name = words.file_name(paths[0]) if paths and not self._settings.hide_identity else ""
        self.setWindowTitle(f"{name} — Cranioscope" if name else "Cranioscope")

    # -- what the reader does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The viewer's keys from anywhere, and Left and Right for the series."""
        series = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if series is not None:
            self._selection.step_series(series)
        elif event.key() == Qt.Key.Key_Escape and self.actions_by_name["maximise"].isChecked():
            self.actions_by_name["maximise"].setChecked(False)
        elif not press_key(self.centre.front, event):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of this computer may be dropped."""
        if _local(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = _local(event)
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout; the program ends its jobs."""
        self._settings.set_layout("window", self.saveGeometry())
        self._settings.set_layout("columns", self.splitter.saveState())
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.tabs.setTabText(0, self.tr("Pictures"))
        self.tabs.setTabText(1, self.tr("Series"))


def _local(event: QDropEvent) -> Sequence[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
