"""The reader's reading of the selected series: its label and a comment. It ends the blinding."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.reader_labels import Label
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.text.language import text_of
from desktop.window.action import Actions
from desktop.window.text import Text, action_button

LONGEST = 2000
"""Letters of a comment."""
ACTIONS = {
    Label.PRESENT: "read_series_present",
    Label.ABSENT: "read_series_absent",
    Label.UNSURE: "read_series_unsure",
}


class SeriesReadPanel(QFrame):
    """Keeps what the reader says at once; a comment can be added when there is a label."""

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._table, self._worklist = workspace.table, workspace.series
        self._selection, self._actions = selection, actions
        self.heading = Text("heading")
        self.buttons = {
            label: action_button(self, actions[name]) for label, name in ACTIONS.items()
        }
        self.comment = QLineEdit(self)
        self.comment.setProperty("role", "search")
        self.comment.setMaxLength(LONGEST)
        self._commented: int | None = None
        """The series that the comment on screen is of."""
        self.state = Text("quiet")
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.heading, 1)
        for button in self.buttons.values():
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(top)
        layout.addWidget(self.comment)
        layout.addWidget(self.state)
        self.comment.editingFinished.connect(self.keep_comment)
        selection.changed.connect(self._show)
        workspace.series_changed.connect(self._show)
        self._retranslate()

    @Slot()
    def keep_comment(self) -> None:
        """Keep what was typed, with the reading of the series beside which it was typed."""
        if self._commented is not None and self.comment.isModified():
            self.comment.setModified(False)
            self._worklist.comment(self._commented, self.comment.text().strip())

    @Slot()
    def _show(self) -> None:
        number = self._selection.series
        if number != self._commented:
            self.keep_comment()
        self._commented = number
        reading = None if number is None else self._worklist.reading(number)
        self._actions.refresh()
        # A comment may name someone.
        hidden = self._table.hide_identity
        self.comment.setEnabled(reading is not None and not hidden)
        text = reading.comment if reading and not hidden else ""
        if not self.comment.isModified() and self.comment.text() != text:
            self.comment.setText(text)
        self.state.setText(self._state(number))
        self.state.setVisible(bool(self.state.text()))

    def _state(self, number: int | None) -> str:
        fault = self._table.reader_labels.fault
        if fault is not None:
            return words.visible(text_of(fault))
        reading = None if number is None else self._worklist.reading(number)
        if reading is None:
            return ""
        when = reading.time.astimezone().strftime("%Y-%m-%d %H:%M")
        blinded = self.tr("before AI (blinded)") if reading.blinded else ""
        reader = "" if self._table.hide_identity else words.visible(reading.reader)
        return " · ".join(filter(None, [when, reader, blinded]))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.heading.setText(self.tr("Series"))
        self.comment.setPlaceholderText(self.tr("Comment"))
        self.comment.setAccessibleName(self.tr("Comment on this series"))
        self._show()
