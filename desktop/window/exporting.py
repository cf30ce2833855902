"""Export: asks where to, has the tables written, and says in a sentence what stood in the way."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.engine.report_rows import Origin
from desktop.jobs.export import Wanted, Written, write_tables
from desktop.jobs.latest import Latest
from desktop.resources import app_version
from desktop.settings import Settings
from desktop.state.workspace import State, Workspace
from desktop.tables.sentences import spoken


class Exporting(QObject):
    """One export at a time; offers another name as long as the reader takes it."""

    written = Signal(object)
    """The Export whose files are there now."""

    def __init__(self, workspace: Workspace, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._settings, self._window = workspace, settings, window
        self._writing = Latest(self)
        self._writing.arrived.connect(self._take)
        self._writing.failed.connect(partial(tell, window))

    def stop(self) -> None:
        """Wait until a table that is being written is whole."""
        self._writing.stop()

    @Slot()
    def ask(self) -> None:
        """Ask for a name, and write."""
        refusal = self._refusal()
        if refusal:
            tell(self._window, refusal)
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Export the tables"),
            str(self._folder() / "images.csv"),
            self.tr("Table (*.csv)"),
        )
        if name:
            self.write(Path(name))

    def write(self, target: Path) -> None:
        """Write images.csv by that name, series.csv and the sidecar beside it."""
        workspace = self._workspace
        session = workspace.weights.session if workspace.weights else None
        if session is None:
            return
        results = workspace.results()
        wanted = Wanted(
            target,
            results,
            Origin(session.card, session.sha256, workspace.table.threshold, app_version()),
            workspace.progress,
            [workspace.table.reader_labels.get(result) for result in results],
            self._settings.hide_identity,
        )
        self._writing.ask(partial(write_tables, wanted))

    @Slot(object)
    def _take(self, written: Written) -> None:
        files = written.files
        if files is not None:
            names = (files.images.name, files.series.name, files.sidecar.name)
            told = [self.tr("Written: {0}, {1} and {2}.").format(*names)]
            left = sum(not each.is_screened for each in self._workspace.results())
            if left or self._workspace.state is not State.DONE:
                told.append(
                    self.tr("The screening is not finished: {0} were left out.").format(left)
                )
            tell(self._window, "\n\n".join(told))
            self.written.emit(files)
        elif self._accepts_other_name(written):
            self.write(written.other) if written.other is not None else self.ask()

    def _accepts_other_name(self, written: Written) -> bool:
        box = message(self._window, spoken(written.refusal))
        box.setIcon(QMessageBox.Icon.Warning)
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        wording = self.tr("Choose another place…")
        if written.other is not None:
            wording = self.tr("Write {0}").format(written.other.name.replace("&", "&&"))
        accept = box.addButton(wording, QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        return box.clickedButton() is accept

    def _refusal(self) -> str:
        weights = self._workspace.weights
        if weights is None or weights.session is None:
            return self.tr("There are no weights, and so no probabilities to export.")
        return "" if self._workspace.results() else self.tr("There is nothing to export yet.")

    def _folder(self) -> Path:
        paths = self._workspace.paths
        if not paths or self._settings.hide_identity or not paths[0].exists():
            return Path.home()
        return paths[0].absolute().parent


def message(parent: QWidget, sentence: str) -> QMessageBox:
    """A message box of plain text."""
    box = QMessageBox(parent)
    box.setWindowTitle("Cranioscope")
    box.setIcon(QMessageBox.Icon.Information)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    return box


def tell(parent: QWidget, sentence: str) -> None:
    """A sentence with one button; the program goes on behind it."""
    box = message(parent, sentence)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
