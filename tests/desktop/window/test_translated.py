"""A widget names everything anew when the language changes, and at no other event."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.window.translated import Translated


class Named(Translated, QLabel):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language, self.said = "en", 0
        self.retranslate()

    def retranslate(self) -> None:
        self.said += 1
        self.setText(self.language)


@pytest.fixture
def named(qtbot: QtBot) -> Named:
    made = Named()
    qtbot.addWidget(made)
    return made


def test_another_language_is_spoken_at_once(named: Named) -> None:
    named.language = "zh_CN"
    QApplication.sendEvent(named, QEvent(QEvent.Type.LanguageChange))
    assert (named.text(), named.said) == ("zh_CN", 2)


def test_other_changes_reach_qt_and_say_nothing_anew(named: Named) -> None:
    named.setAutoFillBackground(True)
    named.setEnabled(False)
    for kind in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
        QApplication.sendEvent(named, QEvent(kind))
    assert named.said == 1
    named.setText("wider than before")
    hint = named.sizeHint()
    font = named.font()
    font.setPointSize(3 * max(font.pointSize(), 8))
    named.setFont(font)  # Qt's own changeEvent lays the text out again
    assert named.sizeHint().height() > hint.height()
