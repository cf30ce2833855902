"""Grouping by file name, on offer where nothing else tells patients apart; never done silently."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.name_groups import LONGEST, NamePattern, guessed_pattern
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.window.text import Text

SHOWN = 40
"""Groups that the preview names."""
NAMES = 3
"""Files of each."""


class GroupDialog(QDialog):
    """Asks for a pattern, guessed from the names, and shows the groups that it makes."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Group images by file name"))
        self._workspace, self._run = workspace, workspace.run
        self._paths = workspace.unidentified_images()
        told = Text()
        told.setText(
            self.tr(
                "These images do not say whose they are. {patient} stands for the part of the "
                "name that all images of one patient share, * for anything."
            )
        )
        known = workspace.run.grouped_by if workspace.run else ""
        self.pattern = QLineEdit(known or guessed_pattern(self._paths), self)
        self.pattern.setMaxLength(LONGEST)
        self.pattern.setAccessibleName(self.tr("Pattern of the names"))
        self.count = Text("heading")
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.group = QPushButton(self.tr("Group"), self)
        self.apart = QPushButton(self.tr("Do not group"), self)
        buttons.addButton(self.group, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.apart, QDialogButtonBox.ButtonRole.ResetRole)
        layout = QVBoxLayout(self)
        for part in (told, self.pattern, self.count, self.preview, buttons):
            layout.addWidget(part)
        self.resize(520, 460)
        self.pattern.textChanged.connect(self._show)
        buttons.accepted.connect(self._group)
        buttons.rejected.connect(self.reject)
        self.apart.clicked.connect(self._ungroup)
        workspace.state_changed.connect(self._withdraw)
        self._show()

    @Slot()
    def _withdraw(self) -> None:
        """The question was about images that are no longer open."""
        if self._workspace.run is not self._run:
            self.reject()

    def _chosen(self) -> NamePattern | None:
        try:
            return NamePattern(self.pattern.text())
        except ValueError:
            return None

    @Slot()
    def _show(self) -> None:
        """The groups as the pattern makes them now; names only where identity is shown."""
        pattern = self._chosen()
        self.group.setEnabled(pattern is not None)
        groups: dict[str, list[Path]] = {}
        for path in self._paths if pattern is not None else ():
            groups.setdefault(pattern.group_of(path) if pattern else "", []).append(path)
        without = len(groups.pop("", []))
        told = self.tr("Groups: {0} · images in no group, without a series result: {1}")
        unfit = self.tr("A pattern has {patient} once, and at most three *.")
        self.count.setText(unfit if pattern is None else told.format(len(groups), without))
        hidden = self._workspace.table.hide_identity
        lines = [_line(name, of) for name, of in sorted(groups.items())[:SHOWN]]
        more = ["…"] if len(groups) > SHOWN else []
        self.preview.setPlainText("" if hidden else "\n".join(lines + more))

    @Slot()
    def _group(self) -> None:
        self._workspace.group_by_name(self._chosen())
        self.accept()

    @Slot()
    def _ungroup(self) -> None:
        self._workspace.group_by_name(None)
        self.accept()


def _line(name: str, paths: list[Path]) -> str:
    names = ", ".join(words.file_name(path) for path in paths[:NAMES])
    more = ", …" if len(paths) > NAMES else ""
    return f"{words.visible(name)} ({len(paths)}): {names}{more}"
