"""Steps that each have a turn of the event loop of their own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from desktop.tables.turns import Turns


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


def test_work_goes_on_in_as_many_turns_as_it_takes_before_the_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop.tables.turns.LASTS", 0.0)
    parent, taken = QObject(), list[str]()
    turns, seen = Turns(parent), list[list[str]]()
    turns.add_work(map(taken.append, ("a", "b")))
    turns.add(lambda: taken.append("step"))
    while "step" not in taken:
        QCoreApplication.processEvents()
        seen.append(list(taken))
    assert seen[:2] == [["a"], ["a", "b"]]
    assert taken == ["a", "b", "step"]
