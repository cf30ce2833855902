"""Export: asks where to, has the tables written, and says in a sentence what stood in the way."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.engine.readings import SeriesReading
from desktop.engine.report import ExportFiles, ReportError
from desktop.engine.report_rows import Origin
from desktop.engine.run import ExportOptions, Run
from desktop.engine.targets import Standing, Target
from desktop.jobs.export import Wanted, Written, write_tables
from desktop.jobs.questions import InTurn
from desktop.settings import Settings
from desktop.state.workspace import State, Workspace
from desktop.text.language import text_of
from desktop.text.unbroken import unbroken
from desktop.window.file_dialogs import FileDialogs
from imaging.messages import Message


class Exporting(QObject):
    """One export after the other; offers another name as long as the reader takes it.

    An export is of what was open when it was asked for, whatever is opened while questions about it
    stand open or its tables are written.
    """

    written = Signal(object)
    """The export whose files are there now."""

    def __init__(self, workspace: Workspace, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._settings, self._window = workspace, settings, window
        self._dialogs = FileDialogs(settings, window)
        self._writing = InTurn(self)
        self._writing.arrived.connect(self._take)
        self._writing.failed.connect(partial(tell, window))

    def stop(self) -> None:
        """Wait until a table that is being written is whole."""
        self._writing.stop()

    @Slot()
    def ask(self) -> None:
        """Ask for a name, and write."""
        refusal, run = self._refusal(), self._workspace.run
        wanted = self._wanted(self._folder() / "images.csv")
        if refusal or wanted is None:
            tell(self._window, refusal)
            return
        target = self._target(wanted.target)
        if target:
            # More may be known by now; another folder may be open, too.
            later = self._wanted(target) if self._workspace.run is run else None
            self._write(later or replace(wanted, target=target))

    def _target(self, proposed: Path) -> Path | None:
        return self._dialogs.target(
            self.tr("Export the tables"), proposed, self.tr("Table (*.csv)")
        )

    def write(self, target: Path) -> None:
        """Write images.csv by that name, series.csv and the sidecar beside it.

        Each file that would be replaced is asked about.
        """
        wanted = self._wanted(target)
        if wanted is not None:
            self._write(wanted)

    def _write(self, wanted: Wanted) -> None:
        confirmed = self._confirmed(wanted)
        if confirmed is not None:
            shown = replace(wanted.shown, confirmed=confirmed)
            self._writing.ask(partial(write_tables, replace(wanted, shown=shown)))

    def _confirmed(self, wanted: Wanted) -> tuple[Path, ...] | None:
        """What may be replaced; None where the reader wants one of the files to stay."""
        try:
            targets = ExportFiles.at(wanted.target).targets(wanted.run.paths)
        except ReportError:
            return ()  # writing meets it again, and says so
        if any(each.is_never_replaced for each in targets):
            return ()
        there = [each for each in targets if each.standing is not Standing.FREE]
        if not all(self._may_replace(each) for each in there):
            return None
        return tuple(each.path for each in there)

    def _may_replace(self, target: Target) -> bool:
        name = target.path.name
        told = {
            Standing.OURS: self.tr("{0} is an earlier export. Replace it?"),
            Standing.FOREIGN: self.tr("{0} was not written by this program. Replace it?"),
            Standing.LINK: self.tr("{0} is a link. Replace the file that it leads to?"),
        }
        box = message(self._window, told[target.standing].format(name))
        box.setIcon(QMessageBox.Icon.Warning)
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        replace = box.addButton(self.tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
        box.exec()
        return box.clickedButton() is replace

    def _wanted(self, target: Path) -> Wanted | None:
        """All that an export to there needs, as it is now; None without a model or a folder."""
        workspace = self._workspace
        session = workspace.opened_model.session if workspace.opened_model else None
        if session is None or workspace.run is None:
            return None
        rows = workspace.table.rows
        shown = ExportOptions(
            readings=[row.read for row in rows],
            series_readings=self._series_readings(workspace.run),
            hide_identity=self._settings.hide_identity,
            is_scoring=workspace.state is State.SCORING,
            hidden_scores=frozenset(at for at, row in enumerate(rows) if row.is_blinded),
        )
        origin = Origin.of(session, workspace.table.threshold)
        return Wanted(target, workspace.run.as_it_is(), origin, shown)

    def _series_readings(self, run: Run) -> list[SeriesReading | None]:
        labels = self._workspace.table.reader_labels
        return [labels.series(run.series_key(number)) for number in range(len(run.series))]

    @Slot(object)
    def _take(self, written: Written) -> None:
        files = written.files
        if files is not None:
            names = (files.images.name, files.series.name, files.sidecar.name)
            told = [self.tr("Written: {0}, {1} and {2}.").format(*names)]
            left = written.exported.unscreened  # by now the window may know more, or another folder
            if left or not written.exported.finished:
                told.append(
                    self.tr("Scoring is not finished: {0} images were left out.").format(left)
                )
            tell(self._window, "\n\n".join(told))
            self.written.emit(files)
        elif written.refusal and self._accepts_other_name(written.refusal, written.other):
            target = written.other or self._target(written.wanted.target)
            if target:
                self._write(replace(written.wanted, target=target))

    def _accepts_other_name(self, refusal: Message, other: Path | None) -> bool:
        box = message(self._window, text_of(refusal))
        box.setIcon(QMessageBox.Icon.Warning)
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        wording = self.tr("Choose another place…")
        if other is not None:
            wording = self.tr("Write {0}").format(other.name.replace("&", "&&"))
        accept = box.addButton(wording, QMessageBox.ButtonRole.AcceptRole)
        box.exec()
        return box.clickedButton() is accept

    def _refusal(self) -> str:
        opened = self._workspace.opened_model
        if opened is None or opened.session is None:
            return self.tr("There are no scores to export: no model is in use.")
        listed = self._workspace.series.is_grouped and self._workspace.table.rows
        return "" if listed else self.tr("There is nothing to export yet.")

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
    box.setText(unbroken(sentence, selectable=True))
    return box


def tell(parent: QWidget, sentence: str) -> None:
    """A sentence with one button; the program goes on behind it."""
    box = message(parent, sentence)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
