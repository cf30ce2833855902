"""The toolbar: tools and layers in words, made from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from desktop.window.action import Actions, Menu
from desktop.window.menus import Menus
from desktop.window.theme import colours_of

BESIDE = 8
"""Pixels beside the word of a button, of both sides together: Qt's own would be twice as many."""
ARROW = 14
"""Pixels of the arrow of a button that opens a menu."""
MARK = QSize(12, 16)
"""The mark that more stands behind it."""


class Toolbar(QToolBar):
    """The tools and layers that a reader changes most, in words, and the menu of windows.

    In a window of 1280 pixels all of it is in view. Where room is shorter, a marked button at the
    end opens the rest.
    """

    def __init__(self, actions: Actions, menus: Menus, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        presets = menus[Menu.WINDOW].menuAction()
        self.addAction(presets)
        button = self.widgetForAction(presets)
        if isinstance(button, QToolButton):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setProperty("role", "menu")
        before: Menu | None = None
        for action in actions.table:
            if not action.on_toolbar:
                continue
            if action.separated or action.menu is not before:
                self.addSeparator()
            self.addAction(actions[action.id])
            before = action.menu
        self.more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        for each in self.actions():
            each.changed.connect(self._fit)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._fit)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font, theme or language: after Qt has made the buttons anew."""
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
            QEvent.Type.PaletteChange,
            QEvent.Type.LanguageChange,
        ):
            self._later.start()

    def _fit(self) -> None:
        """Each button as wide as its word, and the mark in the colours of now."""
        for action in self.actions():
            button = self.widgetForAction(action)
            if isinstance(button, QToolButton):
                button.ensurePolished()
                width = button.fontMetrics().horizontalAdvance(action.iconText()) + BESIDE
                width += ARROW if button.property("role") == "menu" else 0
                if button.minimumWidth() != width:
                    button.setFixedWidth(width)
        if self.more is not None:
            self.more.setIcon(_chevrons(QColor(colours_of(self.palette()).on_accent)))
            self.more.setToolTip(self.tr("More tools"))
            self.more.setAccessibleName(self.tr("More tools"))


def _chevrons(colour: QColor) -> QIcon:
    """Two arrowheads that point to what is not in view."""
    ratio = 2
    pixmap = QPixmap(MARK * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 2))
    for left in (1.5, 6.5):
        tip = QPointF(left + 4, MARK.height() / 2)
        for end in (3.5, MARK.height() - 3.5):
            painter.drawLine(QPointF(left, end), tip)
    painter.end()
    return QIcon(pixmap)
