"""Steps that each have a turn of the event loop of their own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from desktop.state.turns import Turns


def test_steps_are_taken_in_order_and_one_in_each_turn(qtbot: QtBot) -> None:
    parent, taken = QObject(), []
    turns = Turns(parent)
    turns.add(lambda: taken.append(1), lambda: turns.add(lambda: taken.append(4)))
    turns.add(lambda: taken.append(3))
    assert taken == []
    QCoreApplication.processEvents()
    assert taken == [1]
    qtbot.waitUntil(lambda: taken == [1, 3, 4])


def test_steps_that_wait_are_not_taken_once_they_are_cleared(qtbot: QtBot) -> None:
    parent, taken = QObject(), []
    turns = Turns(parent)
    turns.add(turns.clear, lambda: taken.append("cleared"))
    QCoreApplication.processEvents()
    turns.add(lambda: taken.append("added"))
    qtbot.waitUntil(lambda: taken != [])
    assert taken == ["added"]
