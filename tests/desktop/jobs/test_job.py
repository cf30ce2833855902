import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.jobs.job import LARGEST, Job, Stopping
from desktop.jobs.latest import InTurn, Latest


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
    assert (heard.items, heard.errors) == ([1], ["nothing left"])
    assert "A job broke off." in caplog.text


def test_only_the_latest_question_is_answered(qtbot: QtBot) -> None:
    latest = Latest()
    answers: list[object] = []
    latest.arrived.connect(answers.append)
    under_way = threading.Event()

    def slow(stopping: Stopping) -> str:
        under_way.set()
        while not stopping():
            pass
        return "first"

    latest.ask(slow)
    under_way.wait()
    latest.ask(lambda stopping: "second")
    with qtbot.waitSignal(latest.arrived):
        latest.ask(lambda stopping: "third")
    qtbot.waitUntil(lambda: not latest.busy)
    assert answers == ["third"]


def test_stopping_drops_every_question(qtbot: QtBot) -> None:
    latest = Latest()
    answers: list[object] = []
    latest.arrived.connect(answers.append)

    def endless(stopping: Stopping) -> str:
        while not stopping():
            pass
        return "late"

    latest.ask(endless)
    latest.ask(lambda stopping: "next")
    latest.stop()
    assert not latest.busy
    assert answers == []


def test_a_question_that_was_given_up_has_no_answer(qtbot: QtBot) -> None:
    latest = Latest()
    answers: list[object] = []
    latest.arrived.connect(answers.append)
    latest.ask(lambda stopping: None)
    qtbot.waitUntil(lambda: not latest.busy)
    assert answers == []


def test_in_turn_every_question_is_answered_in_the_order_of_asking(qtbot: QtBot) -> None:
    turn = InTurn()
    heard: list[object] = []
    turn.arrived.connect(heard.append)
    turn.failed.connect(heard.append)
    go_on = threading.Event()

    def slow(stopping: Stopping) -> str:
        assert not stopping()
        go_on.wait()
        return "first"

    turn.ask(slow)
    turn.ask(lambda stopping: 1 // 0)
    turn.ask(lambda stopping: "third")
    go_on.set()
    qtbot.waitUntil(lambda: not turn.busy)
    assert heard == ["first", "integer division or modulo by zero", "third"]


def test_in_turn_all_that_was_asked_is_done_before_it_stops(qtbot: QtBot) -> None:
    turn = InTurn()
    done: list[str] = []
    heard: list[object] = []
    turn.arrived.connect(heard.append)
    for name in ("first", "second"):
        turn.ask(lambda _stopping, name=name: done.append(name))  # type: ignore[misc]
    turn.stop()
    assert (done, heard, turn.busy) == (["first", "second"], [], False)
