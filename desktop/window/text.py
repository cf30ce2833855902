"""Text: labels that show plain text whatever they are given, for names may contain markup."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStylePainter,
    QToolButton,
    QWidget,
)

from desktop.text.unbroken import unbroken

Role = Literal["", "title", "heading", "number", "quiet", "notice", "caption"]
_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class Text(QLabel):
    """A label of plain text that wraps; the role gives its look in the style sheet."""

    def __init__(self, role: Role = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = self._shown = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show this text; no line of it ends between a number and its unit."""
        selectable = bool(self.textInteractionFlags() & _SELECTABLE)
        self._given, self._shown = text, unbroken(text, selectable=selectable)
        super().setText(self._shown)

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        """Let it be selected or not; what can be selected has no invisible characters."""
        given = self.text()
        super().setTextInteractionFlags(flags)
        self.setText(given)

    def text(self) -> str:
        """The text as it was given; Qt's own, where Qt has put another in its place."""
        shown = super().text()
        return self._given if shown == self._shown else shown

    def set_zone(self, zone: str) -> None:
        """Colour the text for a zone by name; empty: plain."""
        if self.property("zone") != zone:
            self.setProperty("zone", zone)
            self.style().unpolish(self)
            self.style().polish(self)


class NameLine(Text):
    """A name in one line. Where room is short its middle is cut, so that an ID keeps its end.

    Cut without a mark, a long ID would read as another one.
    """

    def __init__(self, role: Role = "", *, parent: QWidget | None = None) -> None:
        super().__init__(role, parent=parent)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> str:
        """What there is room for."""
        room, middle = self.contentsRect().width(), Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(self.text(), middle, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The name, or what there is room for."""
        painter = QStylePainter(self)
        alignment, role = int(self.alignment()), self.foregroundRole()
        painter.drawItemText(
            self.contentsRect(), alignment, self.palette(), self.isEnabled(), self.shown, role
        )


def notice() -> str:
    """What must stand on every screen, in the reader's language."""
    return QCoreApplication.translate(
        "Text", "Research use only. Notification only, not for primary diagnosis."
    )


def percent_box(parent: QWidget, decimals: int) -> QDoubleSpinBox:
    """A field for a share in per cent; it speaks when the reader has finished typing."""
    box = QDoubleSpinBox(parent)
    box.setDecimals(decimals)
    box.setRange(0.0, 100.0)
    box.setSuffix(" %")
    box.setSingleStep(1.0)
    box.setKeyboardTracking(False)
    # Not by Tab: a digit that was meant for a window would become the share.
    box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    box.lineEdit().returnPressed.connect(box.clearFocus)
    box.setFixedWidth(96)
    return box


def action_button(parent: QWidget, action: QAction) -> QToolButton:
    """A flat button for an action, as wide as there is room."""
    button = QToolButton(parent)
    button.setProperty("role", "point")
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setDefaultAction(action)
    return button


def link_button(parent: QWidget) -> QPushButton:
    """A button that looks like a link."""
    button = QPushButton(parent)
    button.setProperty("role", "link")
    return button
