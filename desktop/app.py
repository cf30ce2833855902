"""Program: puts workspace, selection, settings, actions and window together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from desktop.engine.reader_labels import ReaderLabels
from desktop.resources import MODELS, resource
from desktop.settings import OWN_KEYS, Settings
from desktop.state.planes import Planes
from desktop.state.second import Second
from desktop.state.selection import CHILDREN, Selection
from desktop.state.workspace import Workspace
from desktop.viewer.cine import Cine
from desktop.viewer.options import ViewerOptions
from desktop.window.action import Actions
from desktop.window.actions import ACTIONS, Desk
from desktop.window.appearance import Appearance
from desktop.window.exporting import Exporting
from desktop.window.key_images import KeyImages
from desktop.window.main_window import MainWindow
from desktop.window.opening import Opening
from imaging.sandbox.sandbox import Sandbox
from model.device import Device

NICENESS = 10
"""Of the processes that read files for scoring, 0 being the window's. They are always busy: next to
them a thread that holds the interpreter would lose the processor, and the window wait for both."""


class Program(QObject):
    """One window with all that belongs to it. ``close`` ends every thread and child process."""

    ready = Signal()
    """The window was painted and the model is being opened."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        *,
        shipped: Path | None = None,
        device: Device = "auto",
        sandbox: Callable[[], Sandbox] | None = None,
        reader_labels: ReaderLabels | None = None,
    ) -> None:
        super().__init__()
        self.app, self.settings = app, settings
        app.setWindowIcon(QIcon(str(resource("icons/cranioscope.png"))))
        self.appearance = Appearance(app, settings, self)
        self.workspace = Workspace(
            shipped or resource(MODELS),
            device,
            sandbox or partial(Sandbox, niceness=NICENESS),
            reader_labels or ReaderLabels(),
            self,
        )
        self.workspace.readings.set_reader(settings.reader)
        self.selection = Selection(self.workspace, sandbox or partial(Sandbox, CHILDREN), self)
        self.planes = Planes(self.workspace, self.selection, self)
        self.second = Second(self.workspace, self.selection, self)
        self.options, self.actions = ViewerOptions(self), Actions(ACTIONS, self)
        self.window = self._make_window()
        self.cine = Cine(self.selection, self)
        self.exporting = Exporting(self.workspace, settings, self.window)
        self.key_images = KeyImages(self.workspace, self.selection, settings, self.window.centre)
        self.opening = Opening(self.workspace, settings, self.window)
        self._closed = False
        self._take_settings()
        self._bind_actions()
        self._connect()

    def _make_window(self) -> MainWindow:
        return MainWindow(
            self.workspace,
            self.selection,
            self.planes,
            self.second,
            self.settings,
            self.options,
            self.actions,
        )

    def show(self) -> None:
        """Show the window; what is heavy follows after its first paint."""
        self.window.show()
        QTimer.singleShot(0, self._prepare)

    def open(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open files and folders in place of what is open."""
        self.opening.open(paths, remember=remember)

    def close(self) -> None:
        """End every thread and child process. What was still to be prepared begins no more."""
        self._closed = True
        self.cine.play(False)
        self.window.reading.keep_comment()
        self.window.series_reading.keep_comment()
        self.opening.stop()
        self.exporting.stop()
        self.planes.close()
        self.key_images.stop()
        self.second.close()
        self.workspace.close()
        self.selection.close()

    @Slot()
    def _prepare(self) -> None:
        if self._closed:  # before the first paint
            return
        self.workspace.prepare()
        self.selection.prepare()
        self.ready.emit()

    # Settings and options

    def _take_settings(self) -> None:
        options, settings = self.options, self.settings
        options.hide_identity = settings.hide_identity
        options.down_is_brighter = settings.down_is_brighter
        options.own_windows = settings.own_windows
        options.changed.connect(self._keep_settings)

    @Slot()
    def _keep_settings(self) -> None:
        options, settings = self.options, self.settings
        if settings.hide_identity != options.hide_identity:
            settings.hide_identity = options.hide_identity
        if settings.down_is_brighter != options.down_is_brighter:
            settings.down_is_brighter = options.down_is_brighter
        for key in OWN_KEYS:
            window = options.own_windows.get(key)
            if window is not None and window != settings.own_windows.get(key):
                settings.keep_window(key, window)

    # Wiring

    def _bind_actions(self) -> None:
        self.actions.bind(
            Desk(
                settings=self.settings,
                workspace=self.workspace,
                selection=self.selection,
                planes=self.planes,
                second=self.second,
                options=self.options,
                actions=self.actions,
                window=self.window,
                opening=self.opening,
                exporting=self.exporting,
                key_images=self.key_images,
                appearance=self.appearance,
                cine=self.cine,
            )
        )
        for signal in (
            self.options.changed,
            self.workspace.state_changed,
            self.workspace.model_changed,
            self.selection.changed,
            self.cine.playing,
            self.window.state_changed,
            self.planes.changed,
            self.second.changed,
            self.window.centre.content.measurements.changed,
            *(
                viewer.display.content.measurements.changed
                for viewer in (*self.window.centre.planes.viewers, *self.window.centre.pair.viewers)
            ),
        ):
            signal.connect(self.actions.refresh)
        for viewer in self.window.centre.views:
            viewer.focused.connect(self.actions.refresh)

    def _connect(self) -> None:
        window, opening = self.window, self.opening
        window.start.folder_wanted.connect(opening.ask_folder)
        window.start.files_wanted.connect(opening.ask_files)
        window.start.samples_wanted.connect(opening.open_samples)
        for recent in (window.start.recent_wanted, window.menus.recent_wanted):
            recent.connect(lambda folder: self.open([folder]))
        opening.recent_changed.connect(window.start.refresh)
        opening.opened.connect(window.centre.front.setFocus)
        for searched in (window.worklist, window.results):
            opening.opened.connect(searched.search.clear)  # it was for who was open before
        window.worklist.by_name.clicked.connect(self.actions["group_by_name"].trigger)
        window.dropped.connect(self.open)
        window.closing.connect(self.close)
