"""The reader's own reading of the selected image: its label, a comment, and whether it is key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.reader_labels import Label, Reading, agrees
from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.text.language import text_of
from desktop.window.action import Actions
from desktop.window.text import Text, action_button
from model.image_result import ImageResult, prediction

TYPED = 800
"""Milliseconds after the last letter until a comment is kept."""
LONGEST = 2000
"""Letters of a comment."""
ACTIONS = {
    Label.PRESENT: "read_present",
    Label.ABSENT: "read_absent",
    Label.UNSURE: "read_unsure",
}


class ReadPanel(QFrame):
    """Keeps what the reader says at once; the label that is chosen again is taken back."""

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        settings: Settings,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._table, self._selection, self._settings = workspace.table, selection, settings
        self._actions = actions
        self._typed: ImageResult | None = None
        """The image whose comment is being typed."""
        self.heading = Text("heading")
        self.buttons = {
            label: action_button(self, actions[name]) for label, name in ACTIONS.items()
        }
        self.key = action_button(self, actions["key_image"])
        self.key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.comment = QLineEdit(self)
        self.comment.setProperty("role", "search")
        self.comment.setMaxLength(LONGEST)
        self.state = Text("quiet")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPED)
        self._lay_out()
        self.comment.textEdited.connect(self._type)
        self.comment.editingFinished.connect(self.keep_comment)
        self._pause.timeout.connect(self.keep_comment)
        selection.changed.connect(self._follow)
        workspace.threshold_changed.connect(self._show)
        self.read_before_ai(settings.read_before_ai)
        self._retranslate()

    @property
    def can_read(self) -> bool:
        """Whether an image that can be read is selected."""
        row = self._selection.row
        return row is not None and row.known is not None and bool(row.known.sha256)

    @property
    def label(self) -> Label | None:
        """The reader's label of the selected image."""
        row = self._selection.row
        return row.read.label if row is not None and row.read is not None else None

    @property
    def is_key(self) -> bool:
        """Whether the selected image is a key image."""
        row = self._selection.row
        return row is not None and row.read is not None and row.read.is_key

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.heading, 1)
        for button in (*self.buttons.values(), self.key):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addLayout(top)
        layout.addWidget(self.comment)
        layout.addWidget(self.state)

    @Slot()
    def keep_comment(self) -> None:
        """Keep what was typed, for the image beside which it was typed."""
        self._pause.stop()
        result, self._typed = self._typed, None
        if result is not None:
            read = self._table.reader_labels.set_comment(result, self.comment.text().strip())
            self._table.show_reading(result, read)

    @Slot()
    def _type(self) -> None:
        row = self._selection.row
        self._typed = row.known if row else None
        self._pause.start()

    def choose(self, label: Label) -> None:
        """Give the selected image a label, or take the same one back."""
        row = self._selection.row
        if row is None or row.known is None:
            return
        again = row.read is not None and row.read.label is label
        self.keep_comment()
        read = self._table.reader_labels.set_label(row.known, None if again else label)
        self._table.show_reading(row.known, read)
        self._selection.ask_heat()

    def mark(self, is_key: bool) -> None:
        """Mark the selected image as a key image, or unmark it."""
        row = self._selection.row
        if row is not None and row.known is not None:
            self.keep_comment()
            self._table.show_reading(
                row.known, self._table.reader_labels.set_key_image(row.known, is_key)
            )

    def read_before_ai(self, first: bool) -> None:
        """Hide what the model says until the reader has given a reading, or show it."""
        self._settings.read_before_ai = first
        self._table.set_reader_first(first)
        self._selection.ask_heat()

    @Slot()
    def _follow(self) -> None:
        self.keep_comment()
        self._show()

    @Slot()
    def _show(self) -> None:
        row = self._selection.row
        read = row.read if row else None
        can = self.can_read
        self._actions.refresh()
        # A comment may name someone, as an export without it supposes.
        hidden = self._table.hide_identity
        self.comment.setEnabled(can and not hidden)
        text = read.comment if read and not hidden else ""
        if self._typed is None and self.comment.text().strip() != text:
            self.comment.setText(text)
        self.state.setText(self._state(row.result if row else None, read))
        self.state.setVisible(bool(self.state.text()))

    def _state(self, result: ImageResult | None, read: Reading | None) -> str:
        if self._table.reader_labels.fault:
            return words.visible(text_of(self._table.reader_labels.fault))
        if read is None or result is None:
            return ""
        same = agrees(read, prediction(result, self._table.threshold))
        told = {
            None: "",
            True: self.tr("Agrees with AI"),
            False: self.tr("Disagrees with AI"),
        }[same]
        when = read.time.astimezone().strftime("%Y-%m-%d %H:%M")
        key = self.tr("Key image") if read.is_key else ""
        return " · ".join(filter(None, [when, told, key]))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.heading.setText(self.tr("Your reading"))
        self.comment.setPlaceholderText(self.tr("Comment"))
        self.comment.setAccessibleName(self.tr("Comment on this image"))
        self.key.setAccessibleName(self.tr("Key image"))
        self._show()
