"""Disclosure: one line that opens to the rest of what there is to say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QToolButton, QVBoxLayout, QWidget

from desktop.window.text import Text


class Disclosure(QWidget):
    """A summary that is always to be seen, and a body that is closed at first.

    Where the body has nothing to say, ``set_details(False)`` takes the arrow away.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton(self)
        self.button.setProperty("role", "arrow")
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setFixedSize(18, 18)
        self.summary = Text()
        self.summary.installEventFilter(self)
        self._body = QWidget(self)
        self._has_details = True
        self.rows = QVBoxLayout(self._body)
        self.rows.setContentsMargins(22, 2, 0, 2)
        self.rows.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self._body)
        self.button.toggled.connect(self._show)
        self._show()

    def add(self, *parts: QWidget | QLayout) -> None:
        """Put widgets and rows of them into the body, one below the other."""
        for part in parts:
            if isinstance(part, QWidget):
                self.rows.addWidget(part)
            else:
                self.rows.addLayout(part)

    def set_summary(self, text: str) -> None:
        """The line; without any the whole disclosure is hidden."""
        self.summary.setText(text)
        self.button.setAccessibleName(text)
        self.setVisible(bool(text))

    def set_details(self, there: bool) -> None:
        """Whether there is anything to open."""
        self._has_details = there
        self._show()

    @property
    def is_open(self) -> bool:
        """Whether the body is to be seen."""
        return self._has_details and self.button.isChecked()

    @Slot()
    def _show(self) -> None:
        arrows = Qt.ArrowType
        self.button.setArrowType(arrows.DownArrow if self.is_open else arrows.RightArrow)
        self.button.setVisible(self._has_details)
        self._body.setVisible(self.is_open)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the line opens and closes as one on the arrow does."""
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and self._has_details
        ):
            self.button.toggle()
        return False
