"""Program: puts workspace, selection, settings and window together, and wires the actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.engine.reader_labels import ReaderLabels
from desktop.jobs.latest import Latest
from desktop.resources import WEIGHTS, app_version, resource
from desktop.settings import Settings, Theme, data_folder
from desktop.state.selection import CHILDREN, Selection
from desktop.state.workspace import Workspace
from desktop.tables.sentences import spoken
from desktop.viewer.cine import Cine
from desktop.window.dialogs import about_dialog, keys_dialog
from desktop.window.exporting import Exporting, tell
from desktop.window.language import Language
from desktop.window.main_window import MainWindow
from desktop.window.theme import apply_theme
from imaging.files.zip_archive import has_zip_suffix
from imaging.sandbox.sandbox import Sandbox
from model.device import Device

THRESHOLD_STEP = 0.01


class Program(QObject):
    """One window with all that belongs to it. ``close`` ends every thread and child process."""

    ready = Signal()
    """The window was painted and the weights are being opened."""

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
        apply_theme(app, settings.theme)
        self.language = Language(app)
        self.language.set_language(settings.language)
        self.workspace = Workspace(
            shipped or resource(WEIGHTS),
            device,
            sandbox or Sandbox,
            reader_labels or ReaderLabels(),
            self,
        )
        self.selection = Selection(self.workspace, sandbox or partial(Sandbox, CHILDREN), self)
        self.cine = Cine(self.selection, self)
        self.window = MainWindow(self.workspace, self.selection, settings)
        self.exporting = Exporting(self.workspace, settings, self.window)
        self._samples = Latest(self)
        self._samples.arrived.connect(self._open_samples)
        self._samples.failed.connect(lambda error: tell(self.window, error))
        self._wire()
        self.window.hide_identity(settings.hide_identity)

    def show(self) -> None:
        """Show the window; what is heavy follows after its first paint."""
        self.window.show()
        QTimer.singleShot(0, self._prepare)

    def close(self) -> None:
        """End every thread and child process."""
        self.cine.play(False)
        self.window.reading.keep_comment()
        self._samples.stop()
        self.exporting.stop()
        self.workspace.close()
        self.selection.close()

    def open(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open files and folders in place of what is open."""
        if not paths:
            return
        if remember:
            for path in paths:
                if path.is_dir() or has_zip_suffix(path):
                    self.settings.add_recent(path)
        self.workspace.open(paths)
        self.window.start.refresh()
        self.window.results.view.setFocus()

    def apply_theme(self, theme: Theme) -> None:
        """Change the theme and remember it."""
        self.settings.theme = theme
        apply_theme(self.app, theme)

    def set_language(self, code: str) -> None:
        """Change the language and remember it."""
        self.settings.language = code
        self.language.set_language(code)

    @Slot()
    def open_samples(self) -> None:
        """Write the sample scans, where they are not there yet, and open them."""
        from desktop.jobs.samples import sample_folder

        base = data_folder()
        self._samples.ask(lambda _stopping: sample_folder(base))

    @Slot()
    def _prepare(self) -> None:
        self.workspace.prepare()
        self.selection.prepare()
        self.ready.emit()

    @Slot(object)
    def _open_samples(self, folder: Path) -> None:
        self.open([folder], remember=False)

    # -- actions

    def _wire(self) -> None:
        window, selection = self.window, self.selection
        actions = window.actions_by_name
        for name, do in {
            "open_folder": self._ask_folder,
            "open_files": self._ask_files,
            "open_samples": self.open_samples,
            "open_model": self._ask_model,
            "shipped_model": lambda: self.workspace.open_model(None),
            "export": self.exporting.ask,
            "stop": self.workspace.stop,
            "quit": window.close,
            "clear_recent": self._clear_recent,
            "next_series": lambda: selection.step_series(1),
            "previous_series": lambda: selection.step_series(-1),
            "next_above": lambda: selection.step_above(1),
            "previous_above": lambda: selection.step_above(-1),
            "threshold_down": lambda: self._move_threshold(-THRESHOLD_STEP),
            "threshold_up": lambda: self._move_threshold(THRESHOLD_STEP),
            "frozen_threshold": self._freeze_threshold,
            "search": lambda: window.results.search.setFocus(),
            "keys": lambda: keys_dialog(window).open(),
            "about": lambda: about_dialog(self.workspace, app_version(), window).open(),
        }.items():
            actions[name].triggered.connect(lambda _=False, do=do: do())
        self._wire_switches()
        self._wire_settings()
        self._wire_window()

    def _wire_switches(self) -> None:
        window, viewer = self.window, self.window.viewer
        actions = window.actions_by_name
        for name, switch in {
            "keep_recent": self._keep_recent,
            "cine": self.cine.play,
            "heat_map": viewer.set_heat_map_shown,
            "compare": window.centre.compare,
            "network_view": viewer.set_network_view_shown,
            "hide_identity": window.hide_identity,
            "maximise": window.show_only_picture,
            "full_screen": self._full_screen,
        }.items():
            actions[name].toggled.connect(switch)
        viewer.heat_map_toggled.connect(actions["heat_map"].setChecked)
        self.cine.playing.connect(actions["cine"].setChecked)

    def _wire_settings(self) -> None:
        actions = self.window.actions_by_name
        actions["hide_identity"].setChecked(self.settings.hide_identity)
        actions.choose(actions.themes, str(self.settings.theme))
        actions.choose(actions.languages, self.settings.language)
        actions.themes.triggered.connect(lambda action: self.apply_theme(Theme(action.data())))
        actions.languages.triggered.connect(lambda action: self.set_language(action.data()))

    def _wire_window(self) -> None:
        window = self.window
        window.start.folder_wanted.connect(self._ask_folder)
        window.start.files_wanted.connect(self._ask_files)
        window.start.samples_wanted.connect(self.open_samples)
        window.start.recent_wanted.connect(lambda folder: self.open([folder]))
        window.menus.recent_wanted.connect(lambda folder: self.open([folder]))
        window.dropped.connect(self.open)
        window.closing.connect(self.close)
        self.workspace.weights_refused.connect(self._refused)
        hints = self.app.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)

    @Slot()
    def _follow_system(self) -> None:
        if self.settings.theme is Theme.SYSTEM:
            apply_theme(self.app, Theme.SYSTEM)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.window, self.tr("Open folder"))
        self.open([Path(folder)] if folder else [])

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self.window, self.tr("Open files"))
        self.open([Path(name) for name in names])

    def _ask_model(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.window, self.tr("Open model"), "", self.tr("Model (*.onnx)")
        )
        if name:
            self.workspace.open_model(Path(name))

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        tell(
            self.window,
            spoken(sentence)
            + "\n\n"
            + self.tr("This file is not used, and no probabilities are shown."),
        )

    def _move_threshold(self, step: float) -> None:
        if self.workspace.table.card is not None:
            self.workspace.set_threshold(self.workspace.table.threshold + step)

    def _freeze_threshold(self) -> None:
        card = self.workspace.table.card
        if card is not None:
            self.workspace.set_threshold(card.threshold)

    def _clear_recent(self) -> None:
        self.settings.clear_recent()
        self.window.start.refresh()

    def _keep_recent(self, keep: bool) -> None:
        self.settings.keep_recent = keep
        self.window.start.refresh()

    def _full_screen(self, full: bool) -> None:
        if full:
            self.window.showFullScreen()
        else:
            self.window.showNormal()
