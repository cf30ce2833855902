"""The window: table on the left, viewer in the middle, result and threshold on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
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
from desktop.state.planes import Planes
from desktop.state.second import Second
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.viewer.options import ViewerOptions
from desktop.window.action import Actions, Menu
from desktop.window.heat_panel import HeatPanel
from desktop.window.image_area import ImageArea
from desktop.window.image_reading import ImageReading
from desktop.window.images_pane import ImagesPane
from desktop.window.menus import Menus
from desktop.window.progress_line import ProgressLine
from desktop.window.reading_panel import ReadingPanel
from desktop.window.result_panel import ResultPanel
from desktop.window.series_reading import SeriesReadingPanel
from desktop.window.start_page import StartPage
from desktop.window.threshold_panel import ThresholdPanel
from desktop.window.toolbar import Toolbar
from desktop.window.translated import Translated
from desktop.window.worklist_pane import WorklistPane
from imaging.input.recipe import Subject

SIDE = 312
"""Width of the right column, its scroll bar included: that never lies over what stands there."""
TABLE = 322
"""Width of the left one, at first: the image gets half of a window of 1280 pixels."""


LOW = 600
"""Height of a window below which the patients get that of what is secondary beside them."""
FRAME = QSize(4, 48)
"""Room that is left on a screen for the window's frame, so that its last line is not cut off."""


class MainWindow(Translated, QMainWindow):
    """Shows workspace and selection; says by ``dropped`` and ``closing`` what the reader did."""

    dropped = Signal(list)
    closing = Signal()
    state_changed = Signal()
    """Full screen, the image alone or another list in front, or no longer."""

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        planes: Planes,
        second: Second,
        settings: Settings,
        options: ViewerOptions,
        actions: Actions,
    ) -> None:
        super().__init__()
        self._workspace, self._settings, self._options = workspace, settings, options
        self._selection = selection
        self.named_actions = actions
        self.addActions(actions.all)  # so that keys work while the menus are hidden
        self.menus = Menus(actions, settings, self)
        self.setMenuBar(self.menus)
        self.start = StartPage(settings, self)
        self.results = ImagesPane(workspace, selection, self)
        self.worklist = WorklistPane(workspace, selection, self)
        self.centre = ImageArea(workspace, selection, planes, second, options, self)
        self.viewer = self.centre.viewer
        self.result = ResultPanel(workspace, selection, self)
        self.heat = HeatPanel(workspace, options, actions, self)
        self.threshold = ThresholdPanel(workspace, selection, settings, self)
        self.reading = ImageReading(workspace, selection, settings, actions, self)
        self.series_reading = SeriesReadingPanel(workspace, selection, settings, actions, self)
        self.progress = ProgressLine(workspace, self)
        self.setStatusBar(self.progress)
        self._before_full_screen = Qt.WindowState.WindowNoState
        self._pages = QStackedWidget(self)
        self.setCentralWidget(self._pages)
        self._lay_out()
        self.setAcceptDrops(True)
        self._connect()
        self.retranslate()
        self._retitle()
        self.restoreGeometry(settings.layout("window"))
        self.splitter.restoreState(settings.layout("columns"))

    def _lay_out(self) -> None:
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.worklist, "")
        self.tabs.addTab(self.results, "")
        self._left = QWidget(self)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(4, 6, 4, 6)
        left.addWidget(self.tabs, 1)
        left.addWidget(self.series_reading)
        left.addWidget(self.reading)
        self.tabs.currentChanged.connect(self._on_tab)
        self._on_tab()
        column = QWidget(self)
        right = QVBoxLayout(column)
        right.setContentsMargins(6, 6, 6, 6)
        right.setSpacing(6)
        right.addWidget(self.result)
        right.addWidget(self.heat)
        right.addWidget(self.threshold)
        right.addWidget(self.result.details)
        right.addStretch(1)
        self._right = self._scrolled(column)
        self.toolbar = Toolbar(self.named_actions, self.menus, self.centre)
        self.centre.column.insertWidget(0, self.toolbar)
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
        wide, high = room.width() - FRAME.width(), room.height() - FRAME.height()
        self.resize(min(1280, wide), min(800, high))

    def _scrolled(self, column: QWidget) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(column)
        area.setMinimumWidth(SIDE)
        # A click beside its buttons leaves the keys where they are.
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return area

    def _connect(self) -> None:
        self._workspace.state_changed.connect(self._follow)
        self._workspace.model_changed.connect(self._on_model)
        self.centre.maximise_requested.connect(self.named_actions["image_only"].trigger)
        self.centre.view_changed.connect(self._show_results)
        self.centre.view_changed.connect(self.state_changed)
        self.centre.menu_requested.connect(self.menus[Menu.IMAGE].popup)
        self._options.changed.connect(self._on_options)
        self._selection.acted_early.connect(self._tell_early)

    @Slot()
    def _tell_early(self) -> None:
        """Nothing was kept, and the reader must know."""
        self.tell(self.tr("The image was not on screen yet: nothing was done"))

    def tell(self, sentence: str) -> None:
        """Say something that a key came to: over the image, and below where there is none."""
        self.centre.tell(sentence)
        self.progress.tell(sentence)

    # -- what is shown

    @Slot()
    def _follow(self) -> None:
        self._pages.setCurrentWidget(self.splitter if self._workspace.paths else self.start)
        self._retitle()

    @Slot()
    def _on_model(self) -> None:
        card = self._workspace.table.card
        self.start.show_subject(card.recipe.subject if card else Subject.HEAD_CT)

    @property
    def image_only(self) -> bool:
        """Whether what stands beside the image is hidden."""
        return self._left.isHidden()

    @Slot()
    def _on_tab(self) -> None:
        """Beside patients stands the reading of the series, beside images that of the image."""
        self.reading.setVisible(self.images_in_front)
        self.series_reading.setVisible(not self.images_in_front)
        self.front_reading.show_reading()
        front, held = self._front_list, self._held
        if held is not None and front.isAncestorOf(held):  # Qt takes the first field of it
            front.view.setFocus()
        self.state_changed.emit()

    @property
    def images_in_front(self) -> bool:
        """Whether the list in front is that of the images, and not the worklist."""
        return self.tabs.currentWidget() is self.results

    @property
    def front_reading(self) -> ReadingPanel:
        """The reading that stands below the list in front."""
        return self.reading if self.images_in_front else self.series_reading

    @property
    def _front_list(self) -> ImagesPane | WorklistPane:
        return self.results if self.images_in_front else self.worklist

    def focus_search(self) -> None:
        """Search in the list that is in front."""
        self._front_list.search.setFocus()

    # -- the focus

    @property
    def _held(self) -> QWidget | None:
        """What has the focus in this window, or gets it with the window."""
        return self.focusWidget()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on. What is hidden or disabled leaves the keys to the list or the image."""
        return self._free_focus() or super().focusNextPrevChild(forward)

    def event(self, event: QEvent) -> bool:
        """While another window had the keys, what is to get them back may have been hidden."""
        if event.type() == QEvent.Type.WindowActivate:
            self._free_focus()
        return super().event(event)

    def _free_focus(self) -> bool:
        """Take the focus from what is hidden or disabled; False where there was nothing to do.

        Qt would give it to the next field, where a key that is meant for the image is typed.
        """
        held = self._held
        if held is None or (held.isVisibleTo(self) and held.isEnabled()):
            return False
        views = [self.centre.front, self._front_list.view]
        if self._left.isAncestorOf(held):
            views.reverse()
        shown = next((view for view in views if view.isVisibleTo(self)), None)
        if shown is not None:
            shown.setFocus()
        return shown is not None

    def show_only_image(self, only: bool) -> None:
        """Hide what stands beside the image, or bring it back."""
        self._left.setHidden(only)
        self._show_results()
        self.state_changed.emit()

    @Slot()
    def _show_results(self) -> None:
        """No result stands beside what it is not of."""
        self._right.setHidden(self.image_only or self.centre.hides_results)

    def set_full_screen(self, full: bool) -> None:
        """Fill the screen, or go back to what the window was: maximised, or of its own size."""
        if full and not self.isFullScreen():
            self._before_full_screen = self.windowState()
            self.showFullScreen()
        elif not full and self.isFullScreen():
            self.setWindowState(self._before_full_screen)
        self.state_changed.emit()

    @Slot()
    def _on_options(self) -> None:
        hide = self._options.hide_identity
        if hide != self._workspace.table.hide_identity:
            self._workspace.table.set_hide_identity(hide)
            self.start.refresh()
            self._retitle()

    def _retitle(self) -> None:
        paths = self._workspace.paths
        name = words.file_name(paths[0]) if paths and not self._options.hide_identity else ""
        self.setWindowTitle(f"{name} — Cranioscope" if name else "Cranioscope")

    # -- what the reader does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no widget wanted for itself."""
        if not self.named_actions.press(event):
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where height is short, the patients have it."""
        super().resizeEvent(event)
        is_low = self.height() < LOW
        self.worklist.set_low(is_low)
        self.series_reading.set_low(is_low)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout; the program ends its jobs."""
        self._settings.set_layout("window", self.saveGeometry())
        self._settings.set_layout("columns", self.splitter.saveState())
        self.closing.emit()
        super().closeEvent(event)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.tabs.setTabText(0, self.tr("Worklist"))
        self.tabs.setTabText(1, self.tr("Images"))


def _local(event: QDropEvent) -> Sequence[Path]:
    """The files and folders of a drop; an empty name would be that of the current folder."""
    named = (url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
    return [Path(name) for name in named if name]
