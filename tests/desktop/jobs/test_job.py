import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.jobs.job import LARGEST, Job, Stopping


class Heard:
    """Remembers what a job said."""

    def __init__(self, job: Job) -> None:
        self.items: list[object] = []
        self.chunks: list[int] = []
        self.errors: list[str] = []
        job.chunk.connect(self.hear)
        job.ended.connect(self.errors.append)

    def hear(self, chunk: list[object]) -> None:
        self.items += chunk
        self.chunks.append(len(chunk))


def test_items_arrive_in_order_and_in_this_thread(qtbot: QtBot) -> None:
    job = Job(lambda stopping: range(1200), interval=1)
    heard = Heard(job)
    threads: list[int] = []
    job.chunk.connect(lambda chunk: threads.append(threading.get_ident()))
    with qtbot.waitSignal(job.ended):
        job.start()
    assert heard.items == list(range(1200))
    assert max(heard.chunks) <= LARGEST
    assert set(threads) == {threading.get_ident()}


def test_an_item_arrives_while_the_iterator_waits_for_the_next(qtbot: QtBot) -> None:
    go_on = threading.Event()

    def items(stopping: Stopping) -> Iterator[int]:
        yield 1
        go_on.wait()
        yield 2

    job = Job(items)
    heard = Heard(job)
    with qtbot.waitSignal(job.chunk):
        job.start()
    first = list(heard.items)
    go_on.set()
    with qtbot.waitSignal(job.ended):
        pass
    assert first == [1]
    assert heard.items == [1, 2]


def test_between_the_last_items_and_the_end_the_window_has_a_turn(qtbot: QtBot) -> None:
    job, said = Job(lambda stopping: range(3), interval=100), list[str]()

    def hear(_chunk: list[object]) -> None:
        QTimer.singleShot(0, lambda: said.append("turn"))

    job.chunk.connect(hear)
    job.ended.connect(lambda _error: said.append("end"))
    with qtbot.waitSignal(job.ended):
        job.start()
        job.wait()
    assert said == ["turn", "end"]


def test_stop_keeps_what_was_done(qtbot: QtBot) -> None:
    under_way = threading.Event()

    def items(stopping: Stopping) -> Iterator[int]:
        yield 1
        yield 2
        under_way.set()
        while not stopping():
            pass

    job = Job(items, interval=60_000)
    heard = Heard(job)
    job.start()
    under_way.wait()
    job.stop()
    assert job.isFinished()
    assert heard.items == [1, 2]
    assert heard.errors == [""]


def test_a_broken_iterator_is_heard_and_its_items_kept(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def items(stopping: Stopping) -> Iterator[int]:
        yield 1
        raise ValueError("nothing left")

    job = Job(items)
    heard = Heard(job)
    with qtbot.waitSignal(job.ended):
        job.start()
    said = "This could not be done: nothing left."
    assert (heard.items, heard.errors) == ([1], [said])
    assert "A job broke off." in caplog.text
