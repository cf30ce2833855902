from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.window.disclosure import Disclosure


def test_the_line_opens_to_the_rest_and_closes(qtbot: QtBot) -> None:
    rest, disclosure = QLabel("rest"), Disclosure()
    qtbot.addWidget(disclosure)
    disclosure.add(rest)
    disclosure.set_summary("line")
    disclosure.show()
    seen = [rest.isVisible()]
    for part in (disclosure.button, disclosure.summary, disclosure.button):
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)
        seen.append(rest.isVisible())
    assert seen == [False, True, False, True]


def test_without_details_there_is_nothing_to_open(qtbot: QtBot) -> None:
    disclosure = Disclosure()
    qtbot.addWidget(disclosure)
    disclosure.set_summary("line")
    disclosure.show()
    disclosure.button.click()
    disclosure.set_details(False)
    assert not disclosure.is_open
    assert not disclosure.button.isVisible()


def test_without_a_line_it_is_hidden(qtbot: QtBot) -> None:
    disclosure = Disclosure()
    qtbot.addWidget(disclosure)
    disclosure.show()
    disclosure.set_summary("")
    assert not disclosure.isVisible()
