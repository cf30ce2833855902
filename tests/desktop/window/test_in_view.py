from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from desktop.window.in_view import keep_in_view


def lines(qtbot: QtBot) -> QListWidget:
    made = QListWidget()
    qtbot.addWidget(made)
    made.addItems([str(number) for number in range(100)])
    made.resize(200, 400)
    made.show()
    return made


def lower(view: QListWidget) -> None:
    before = view.size()
    view.resize(200, 120)
    keep_in_view(view, QResizeEvent(view.size(), before))


def test_a_marked_line_that_was_seen_is_seen_when_the_list_is_lower(qtbot: QtBot) -> None:
    view = lines(qtbot)
    view.setCurrentRow(15)
    view.scrollToTop()
    assert view.visualItemRect(view.item(15)).bottom() < view.viewport().height()
    lower(view)
    lying = view.visualItemRect(view.item(15))
    assert 0 <= lying.top() < lying.bottom() < view.viewport().height()


def test_a_marked_line_that_was_scrolled_away_stays_away(qtbot: QtBot) -> None:
    view = lines(qtbot)
    view.setCurrentRow(15)
    view.scrollToBottom()
    before = view.verticalScrollBar().value()
    lower(view)
    assert view.verticalScrollBar().value() == before
