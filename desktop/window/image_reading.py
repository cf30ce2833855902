"""The reader's own reading of the image on screen: its label, a comment, whether it is key."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.engine.readings import Label, agrees
from desktop.settings import Settings
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.row import Row
from desktop.window.action import Actions
from desktop.window.reading_panel import KeepComment, ReadingPanel
from desktop.window.text import action_button
from model.image_result import ImageResult, prediction

ACTIONS = {
    Label.PRESENT: "read_present",
    Label.ABSENT: "read_absent",
    Label.UNSURE: "read_unsure",
}


class ImageReading(ReadingPanel):
    """Keeps what the reader says of an image at once."""

    def __init__(
        self,
        workspace: Workspace,
        selection: Selection,
        settings: Settings,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ACTIONS, workspace, selection, actions, parent)
        self._settings = settings
        self.key = action_button(self, actions["key_image"])
        self.key.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.top.addWidget(self.key)
        workspace.threshold_changed.connect(self.show_reading)
        self.set_read_before_ai(settings.read_before_ai)
        self.retranslate()

    @property
    def _row(self) -> Row | None:
        """The image that is on screen."""
        number = self._selection.on_screen
        return None if number is None else self._table.rows[number]

    @property
    def can_read(self) -> bool:
        """Whether the image on screen can be read; what is not to be seen cannot."""
        row, shown = self._row, self._selection.shown
        is_there = shown is None or shown.image is not None
        return is_there and row is not None and row.known is not None and bool(row.known.sha256)

    @property
    def label(self) -> Label | None:
        """The reader's label of the image on screen."""
        row = self._row
        return row.read.label if row is not None and row.read is not None else None

    @property
    def is_key(self) -> bool:
        """Whether the image on screen is a key image."""
        row = self._row
        return row is not None and row.read is not None and row.read.is_key

    def choose(self, label: Label) -> None:
        """Give the selected image a label, or take the same one back; only if it is on screen."""
        row = self._row
        if row is None or row.known is None or not self.can_read or not self._selection.may_act():
            return
        again = self.label is label
        self.keep_comment()
        read = self._table.reader_labels.set_label(row.known, None if again else label)
        self._table.show_reading(row.known, read)
        self._selection.ask_heat()

    def mark(self, is_key: bool) -> None:
        """Mark the selected image as a key image, or unmark it; only if it is on screen."""
        row = self._row
        if row is None or row.known is None or not self.can_read or not self._selection.may_act():
            return
        self.keep_comment()
        read = self._table.reader_labels.set_key_image(row.known, is_key)
        self._table.show_reading(row.known, read)

    def set_read_before_ai(self, first: bool) -> None:
        """Hide what the model says until the reader has given a reading, or show it."""
        self._settings.read_before_ai = first
        self._table.set_read_before_ai(first)
        self._selection.ask_heat()

    def _comment(self) -> str:
        row = self._row
        return row.read.comment if row is not None and row.read is not None else ""

    def _comment_keeper(self) -> KeepComment | None:
        row = self._row
        if row is None or row.known is None or not self.can_read:
            return None
        return partial(self._keep, row.known)

    def _keep(self, result: ImageResult, comment: str) -> None:
        read = self._table.reader_labels.set_comment(result, comment)
        self._table.show_reading(result, read)

    def _told(self) -> list[str]:
        row = self._row
        if row is None or row.read is None or row.result is None:
            return []
        same = agrees(row.read, prediction(row.result, self._table.threshold))
        told = {
            None: "",
            True: self.tr("Agrees with AI"),
            False: self.tr("Disagrees with AI"),
        }[same]
        return [words.moment(row.read.time), told, self.tr("Key image") if row.read.is_key else ""]

    def _name(self) -> tuple[str, str]:
        return self.tr("Image"), self.tr("Comment on this image")
