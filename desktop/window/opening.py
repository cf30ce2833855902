"""Opening: asks for folders, files and models, opens them, and keeps the recent list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.folders import data_folder
from desktop.jobs.questions import Latest
from desktop.jobs.samples import sample_folder
from desktop.messages import CommandCode
from desktop.settings import Settings
from desktop.state.workspace import Workspace
from desktop.text.language import text_of
from desktop.window.exporting import tell
from desktop.window.file_dialogs import FileDialogs
from imaging.files.zip_archive import has_zip_suffix
from imaging.messages import Message


class Opening(QObject):
    """What a reader opens takes the place of what was open."""

    opened = Signal()
    failed = Signal()
    """The sample images could not be written, and the reader was told why."""
    recent_changed = Signal()

    def __init__(self, workspace: Workspace, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._settings, self._window = workspace, settings, window
        self._dialogs = FileDialogs(settings, window)
        self._samples = Latest(self)
        self._samples.arrived.connect(self._open_samples)
        self._samples.failed.connect(self._on_no_samples)
        workspace.model_refused.connect(self._on_model_refused)

    def stop(self) -> None:
        """Wait until the sample images are written."""
        self._samples.stop()

    def open(self, paths: Sequence[Path], *, remember: bool = True) -> None:
        """Open files and folders; folders and ZIP files are remembered if the reader wants it."""
        if not paths:
            return
        self._samples.drop()  # they were asked for before, and would take the place of these
        if remember:
            for path in paths:
                is_container = path.is_dir() or has_zip_suffix(path)
                if is_container and not self._settings.hide_identity:
                    self._settings.add_recent(path)
        self._workspace.open(paths)
        self.recent_changed.emit()
        self.opened.emit()

    def ask_folder(self) -> None:
        """Ask for a folder, and open it."""
        folder = self._dialogs.folder(self.tr("Open folder"))
        self.open([folder] if folder else [])

    def ask_files(self) -> None:
        """Ask for files, and open them."""
        self.open(self._dialogs.files(self.tr("Open files")))

    def open_samples(self) -> None:
        """Write the sample images, where they are not there yet, and open them."""
        self._samples.ask(lambda _stopping: sample_folder(data_folder()))

    @Slot(object)
    def _open_samples(self, folder: Path) -> None:
        self.open([folder], remember=False)

    @Slot(str)
    def _on_no_samples(self, why: str) -> None:
        tell(self._window, text_of(Message(CommandCode.NO_SAMPLES, reason=why.rstrip(".。"))))
        self.failed.emit()

    def ask_model(self) -> None:
        """Ask for a model file, and use it from now on."""
        model = self._dialogs.file(self.tr("Open model"), self.tr("Model (*.onnx)"))
        if model:
            self._workspace.open_model(model)

    @Slot(object)
    def _on_model_refused(self, refusal: Message) -> None:
        unused = self.tr("This file is not used, and no probabilities are shown.")
        tell(self._window, f"{text_of(refusal)}\n\n{unused}")

    def clear_recent(self) -> None:
        """Forget every opened folder."""
        self._settings.clear_recent()
        self.recent_changed.emit()

    def keep_recent(self, keep: bool) -> None:
        """Remember opened folders from now on, or forget them."""
        self._settings.keep_recent = keep
        self.recent_changed.emit()
