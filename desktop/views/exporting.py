"""Export: asks where to, writes the tables, and says in a sentence what stood in the way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.engine.aggregate import series_findings
from desktop.engine.anonymous import anonymous_findings, anonymous_series
from desktop.engine.report import Export, ReportError, write_export
from desktop.engine.report_rows import Origin
from desktop.resources import app_version
from desktop.tables.sentences import spoken
from desktop.workspace import Workspace

translate = QCoreApplication.translate


def ask_and_export(workspace: Workspace, *, hide_identity: bool, parent: QWidget) -> None:
    """Ask for a name, write, and offer another name as long as the reader takes it."""
    refusal = _refusal(workspace)
    if refusal:
        tell(parent, refusal)
        return
    name, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Export", "Export the tables"),
        str(_folder(workspace) / "images.csv"),
        translate("Export", "Table (*.csv)"),
    )
    target: Path | None = Path(name) if name else None
    while target is not None:
        target = _try(workspace, target, hide_identity, parent)


def export(workspace: Workspace, target: Path, *, hide_identity: bool) -> Export:
    """Write images.csv, series.csv and the sidecar beside each other. Raises ReportError."""
    classifier = workspace.weights.classifier if workspace.weights else None
    if classifier is None:
        raise ReportError(_refusal(workspace), target)
    findings = workspace.findings()
    series = series_findings(findings)
    if hide_identity:
        findings, series = anonymous_findings(findings), anonymous_series(series)
    origin = Origin(classifier.card, classifier.sha256, workspace.table.threshold, app_version())
    files = Export.at(target)
    write_export(files, findings, series, origin, workspace.progress)
    return files


def tell(parent: QWidget, sentence: str) -> None:
    """A sentence, as plain text, with one button."""
    box = QMessageBox(QMessageBox.Icon.Information, "Cranioscope", sentence, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()


def _try(workspace: Workspace, target: Path, hide_identity: bool, parent: QWidget) -> Path | None:
    """Write once; the other name that the reader accepts where that failed."""
    try:
        files = export(workspace, target, hide_identity=hide_identity)
    except ReportError as error:
        box = QMessageBox(
            QMessageBox.Icon.Warning, "Cranioscope", spoken(str(error)), parent=parent
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        other = translate("Export", "Write {0}").format(error.other.name).replace("&", "&&")
        accept = box.addButton(other, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return error.other if box.clickedButton() is accept else None
    written = translate("Export", "Written: {0}, {1} and {2}.").format(
        files.images.name, files.series.name, files.sidecar.name
    )
    tell(parent, written)
    return None


def _refusal(workspace: Workspace) -> str:
    if workspace.weights is None or workspace.weights.classifier is None:
        return translate("Export", "There are no weights, and so no probabilities to export.")
    if not workspace.findings():
        return translate("Export", "There is nothing to export yet.")
    return ""


def _folder(workspace: Workspace) -> Path:
    first = workspace.paths[0] if workspace.paths else Path.home()
    return first.parent if first.is_dir() or first.is_file() else Path.home()
