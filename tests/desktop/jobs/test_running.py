from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.jobs.job import Stopping
from desktop.jobs.running import Running


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[Running]:
    owner = QObject()
    running = Running(owner)
    yield running
    running.close()
    owner.deleteLater()


def _until_stopped(stopping: Stopping) -> Iterator[int]:
    for number in count():
        if stopping():
            return
        yield number


def test_what_a_job_gives_is_taken_and_its_end_is_told(running: Running, qtbot: QtBot) -> None:
    taken: list[Any] = []
    with qtbot.waitSignal(running.ended) as told:
        running.begin(lambda _: iter("abc"), taken.extend)
        assert running.busy
    assert told.args == [""]
    assert (taken, running.busy) == (list("abc"), False)


def test_a_job_that_is_stopped_still_tells_its_end(running: Running, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.ended):
        running.begin(_until_stopped, lambda _: None)
        running.stop()
    assert running.stopping
    assert not running.busy


def test_a_job_that_is_left_is_not_heard_of_again(running: Running, qtbot: QtBot) -> None:
    taken: list[Any] = []
    with qtbot.assertNotEmitted(running.ended):
        running.begin(_until_stopped, taken.extend)
        qtbot.waitUntil(lambda: bool(taken))
        running.leave()
        assert not running.busy
        before = len(taken)
        running.wait()
        qtbot.wait(50)
    assert len(taken) == before
