"""The first screen: what this program is for, and the ways to open images."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.settings import Settings
from desktop.tables import words
from desktop.window.text import Text, notice
from desktop.window.translated import Translated
from imaging.input.recipe import Subject

WIDTH = 620
SHOWN = 5
"""Recent folders on the page; the menu has them all."""


class StartPage(Translated, QWidget):
    """Shown while nothing is open."""

    folder_wanted = Signal()
    files_wanted = Signal()
    samples_wanted = Signal()
    recent_wanted = Signal(Path)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._subject = Subject.HEAD_CT
        self._title, self._purpose = Text("title"), Text()
        self._drop, self._recent_word = Text("quiet"), Text("heading")
        self._notice = Text("heading")
        self.folder, self.files, self.samples = (QPushButton(self) for _ in range(3))
        self.folder.setProperty("role", "main")
        self.folder.clicked.connect(self.folder_wanted)
        self.files.clicked.connect(self.files_wanted)
        self.samples.clicked.connect(self.samples_wanted)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        self.recent: list[QPushButton] = []
        self._lay_out()
        self.retranslate()

    def show_subject(self, subject: Subject) -> None:
        """Say what the program is for, unless the model is for other images than heads."""
        self._subject = subject
        self.retranslate()

    def refresh(self) -> None:
        """Show the recent folders as they are now, unless identity is hidden."""
        for button in self.recent:
            self._recent.removeWidget(button)
            button.deleteLater()
        hidden = self._settings.hide_identity
        folders = [] if hidden else self._settings.recent[:SHOWN]
        self.recent = [self._recent_button(folder) for folder in folders]
        for button in self.recent:
            self._recent.addWidget(button)
        self._recent_word.setVisible(bool(folders))

    def _recent_button(self, folder: Path) -> QPushButton:
        name = words.visible(str(folder))
        metrics = self.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, WIDTH - 40)
        button = QPushButton(shown.replace("&", "&&"), self)
        button.setProperty("role", "recent")
        button.setToolTip(words.tooltip(name))
        button.clicked.connect(partial(self.recent_wanted.emit, folder))
        return button

    def _lay_out(self) -> None:
        inner = QWidget(self)
        inner.setFixedWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._purpose)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        for button in (self.folder, self.files, self.samples):
            button.setMinimumHeight(36)
            buttons.addWidget(button, 1)
        column.addLayout(buttons)
        column.addWidget(self._drop)
        column.addSpacing(8)
        column.addWidget(self._recent_word)
        column.addLayout(self._recent)
        column.addSpacing(16)
        column.addWidget(self._notice)
        # Not by alignment: that would give wrapped text the height of its widest line.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inner)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(middle)
        layout.addStretch(3)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._title.setText("Cranioscope")
        purpose = self.tr(
            "Opens a folder of head CT (DICOM or image files). Shows for each image the "
            "probability of the finding that the model was trained for. You set the "
            "threshold. Nothing leaves this computer."
        )
        self._purpose.setText(purpose if self._subject is Subject.HEAD_CT else "")
        self.folder.setText(self.tr("Open folder…"))
        self.files.setText(self.tr("Open files…"))
        self.samples.setText(self.tr("Open sample images"))
        self._drop.setText(self.tr("You can also drop files and folders on this window."))
        self._recent_word.setText(self.tr("Recent folders"))
        self._notice.setText(notice())
        self.refresh()
