"""The reader's own reading of the selected scan: its label, a comment, and whether it is key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.reader_labels import Label, Reading, agrees
from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.row_words import KEY_IMAGE
from desktop.tables.sentences import spoken
from desktop.window.actions import Actions
from desktop.window.text import Text
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
        """The scan whose comment is being typed."""
        self.heading = Text("heading")
        self.buttons = {label: self._button(name) for label, name in ACTIONS.items()}
        self.key = self._button("key_image")
        self.key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.comment = QLineEdit(self)
        self.comment.setProperty("role", "search")
        self.comment.setMaxLength(LONGEST)
        self.state = Text("quiet")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPED)
        self._lay_out()
        for label, name in ACTIONS.items():
            actions[name].triggered.connect(partial(self._choose, label))
        self.comment.textEdited.connect(self._type)
        self.comment.editingFinished.connect(self.keep_comment)
        self._pause.timeout.connect(self.keep_comment)
        selection.changed.connect(self._follow)
        workspace.threshold_changed.connect(self._show)
        actions["key_image"].triggered.connect(self._mark)
        actions["reader_first"].toggled.connect(self._set_reader_first)
        actions["reader_first"].setChecked(settings.read_before_ai)
        self._retranslate()

    def _button(self, action: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("role", "point")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setDefaultAction(self._actions[action])
        return button

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
        """Keep what was typed, for the scan beside which it was typed."""
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

    def _choose(self, label: Label) -> None:
        row = self._selection.row
        if row is None or row.known is None:
            return
        again = row.read is not None and row.read.label is label
        self.keep_comment()
        read = self._table.reader_labels.set_label(row.known, None if again else label)
        self._table.show_reading(row.known, read)
        self._selection.ask_heat()

    @Slot(bool)
    def _mark(self, is_key: bool) -> None:
        row = self._selection.row
        if row is not None and row.known is not None:
            self.keep_comment()
            self._table.show_reading(
                row.known, self._table.reader_labels.set_key_image(row.known, is_key)
            )

    @Slot(bool)
    def _set_reader_first(self, first: bool) -> None:
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
        known = row.known if row else None
        read = row.read if row else None
        can = known is not None and bool(known.sha256)
        for label, name in ACTIONS.items():
            self._actions[name].setEnabled(can)
            self._actions[name].setChecked(read is not None and read.label is label)
        self._actions["key_image"].setEnabled(can)
        self._actions["key_image"].setChecked(read is not None and read.is_key)
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
            return words.plain(spoken(self._table.reader_labels.fault))
        if read is None or result is None:
            return ""
        same = agrees(read, prediction(result, self._table.threshold))
        told = {
            None: "",
            True: self.tr("As the threshold says"),
            False: self.tr("Unlike the threshold"),
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
        self.comment.setAccessibleName(self.tr("Comment on this picture"))
        for label, name in ACTIONS.items():
            self._actions[name].setIconText(words.read_word(label))
        self._actions["key_image"].setIconText(KEY_IMAGE)
        self.key.setAccessibleName(self.tr("Key image"))
        self._show()
