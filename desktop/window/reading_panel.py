"""What the readings of an image and of a series have in common on screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.engine.readings import Label
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.text.language import text_of
from desktop.window.action import Actions
from desktop.window.text import Text, action_button
from desktop.window.translated import Translated

TYPED = 800
"""Milliseconds after the last letter until a comment is kept."""
LONGEST = 2000
"""Letters of a comment."""

KeepComment = Callable[[str], None]
"""Keeps a comment with what was on screen when its typing began."""


class ReadingPanel(Translated, QFrame):
    """A button for each label, a comment, and a line that says what is kept.

    All of it is of what is on screen; nothing is kept while the selected image is not there yet. A
    comment is kept with what was on screen when it was typed. It may name someone, and is not shown
    while identity is hidden.
    """

    def __init__(
        self,
        labels: Mapping[Label, str],
        workspace: Workspace,
        selection: Selection,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        """``labels``: the action that gives each label."""
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._table, self._selection, self._actions = workspace.table, selection, actions
        self._typed: KeepComment | None = None
        """Keeps the comment that is being typed; None while none is."""
        self.heading = Text("heading")
        self.buttons = {label: action_button(self, actions[name]) for label, name in labels.items()}
        self.comment = QLineEdit(self)
        self.comment.setProperty("role", "search")
        self.comment.setMaxLength(LONGEST)
        self.state = Text("quiet")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPED)
        self.top = QHBoxLayout()
        self.top.setSpacing(4)
        self.top.addWidget(self.heading, 1)
        for button in self.buttons.values():
            self.top.addWidget(button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 8, 12, 8)
        self.column.setSpacing(4)
        self.column.addLayout(self.top)
        self.column.addWidget(self.comment)
        self.column.addWidget(self.state)
        self.comment.textEdited.connect(self._type)
        self.comment.editingFinished.connect(self.keep_comment)
        self._pause.timeout.connect(self.keep_comment)
        selection.changed.connect(self.keep_comment)
        workspace.leaving.connect(self.keep_comment)
        selection.on_screen_changed.connect(self._follow)

    # -- what the deriving classes say

    @property
    def can_read(self) -> bool:
        """Whether a reading of what is on screen could be kept."""
        raise NotImplementedError

    @property
    def label(self) -> Label | None:
        """The reader's label of what is on screen."""
        raise NotImplementedError

    def choose(self, label: Label) -> None:
        """Give what is on screen a label, or take the same one back."""
        raise NotImplementedError

    def _comment(self) -> str:
        """The comment on what is on screen."""
        raise NotImplementedError

    def _comment_keeper(self) -> KeepComment | None:
        """Keeps a comment on what is on screen now; None where none could be kept."""
        raise NotImplementedError

    def _told(self) -> list[str]:
        """What is known of the reading, in parts of a line."""
        raise NotImplementedError

    def _name(self) -> tuple[str, str]:
        """The heading, and what the comment is called for who cannot see where it stands."""
        raise NotImplementedError

    # -- the comment

    @Slot()
    def keep_comment(self) -> None:
        """Keep what was typed, with what was on screen then."""
        self._pause.stop()
        keep, self._typed = self._typed, None
        if keep is not None:
            keep(self.comment.text().strip())

    @Slot()
    def _type(self) -> None:
        if self._typed is None and not self._selection.may_act():
            self.show_reading()  # the comment is the one that is kept
            return
        self._typed = self._typed or self._comment_keeper()
        self._pause.start()

    # -- what is shown

    @Slot()
    def _follow(self) -> None:
        self.keep_comment()
        self.show_reading()

    @Slot()
    def show_reading(self) -> None:
        """Bring the panel up to what is on screen; while the panel is hidden, nothing."""
        self._actions.refresh()
        if not self.isHidden():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while the panel was hidden is shown now."""
        super().showEvent(event)
        self.show_reading()

    def _fill(self) -> None:
        """Show what is known of the reading of what is on screen."""
        hidden = self._table.hide_identity
        self.comment.setEnabled(self._comment_keeper() is not None and not hidden)
        text = "" if hidden else self._comment()
        if self._typed is None and self.comment.text().strip() != text:
            self.comment.setText(text)
        fault = self._table.reader_labels.fault
        told = self._told() if fault is None else [words.visible(text_of(fault))]
        # The line has its place also where nothing is kept: the list above keeps its height.
        self.state.setText(" · ".join(filter(None, told)) or " ")

    def retranslate(self) -> None:
        """Name everything in the language of now."""
        heading, comment = self._name()
        self.heading.setText(heading)
        self.comment.setPlaceholderText(self.tr("Comment"))
        self.comment.setAccessibleName(comment)
        self.show_reading()
