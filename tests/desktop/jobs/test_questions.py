"""Of many questions the latest alone is answered, once; in turn, each of them is."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.jobs.job import Stopping, told
from desktop.jobs.questions import InTurn, Latest

WHY = told(ValueError("nothing left"))


class Heard:
    """Asks, and remembers what it heard."""

    def __init__(self) -> None:
        self.latest = Latest()
        self.answers: list[object] = []
        self.errors: list[str] = []
        self.latest.arrived.connect(self.answers.append)
        self.latest.failed.connect(self.errors.append)


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    made = Heard()
    yield made
    made.latest.stop()


class Slow:
    """A question that answers when it is interrupted, and not before."""

    def __init__(self, answer: object = "slow") -> None:
        self.answer = answer
        self.under_way = threading.Event()

    def __call__(self, stopping: Stopping) -> object:
        self.under_way.set()
        while not stopping():
            pass
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def broken(stopping: Stopping) -> object:
    raise ValueError("nothing left")


def settled(qtbot: QtBot, heard: Heard) -> tuple[list[object], list[str]]:
    qtbot.waitUntil(lambda: not heard.latest.busy)
    qtbot.wait(5)
    return heard.answers, heard.errors


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


def test_what_breaks_the_latest_question_is_told_and_of_earlier_ones_nothing(
    qtbot: QtBot, heard: Heard
) -> None:
    heard.latest.ask(broken)
    assert settled(qtbot, heard) == ([], [WHY])
    first = Slow(ValueError("late"))
    heard.latest.ask(first)
    first.under_way.wait()
    heard.latest.ask(lambda stopping: "second")
    assert settled(qtbot, heard) == (["second"], [WHY])


def test_after_a_drop_nothing_is_heard_and_the_next_question_is_answered(
    qtbot: QtBot, heard: Heard
) -> None:
    first = Slow()
    heard.latest.ask(first)
    first.under_way.wait()
    heard.latest.ask(lambda stopping: "second")
    heard.latest.drop()
    assert settled(qtbot, heard) == ([], [])
    heard.latest.drop()
    heard.latest.ask(lambda stopping: "third")
    assert settled(qtbot, heard) == (["third"], [])


@pytest.mark.parametrize("then", ["second", "drop"])
def test_who_hears_of_a_failure_may_ask_anew(qtbot: QtBot, heard: Heard, then: str) -> None:
    """Once, twice, or once and not at all: never two at a time, and of the last one alone."""
    first, running = Slow(), []

    def counted(answer: object) -> object:
        running.append(answer)
        return answer

    def anew(_error: str) -> None:
        heard.latest.ask(first)
        first.under_way.wait()
        if then == "drop":
            heard.latest.drop()
        else:
            heard.latest.ask(lambda stopping: counted("second"))

    heard.latest.failed.connect(anew)
    heard.latest.ask(broken)
    qtbot.waitUntil(lambda: bool(heard.errors))
    expected = [] if then == "drop" else ["second"]
    assert settled(qtbot, heard) == (expected, [WHY])
    assert running == expected


def test_who_hears_an_answer_may_ask_anew(qtbot: QtBot, heard: Heard) -> None:
    def anew(answer: object) -> None:
        if answer == "first":
            heard.latest.ask(lambda stopping: "second")

    heard.latest.arrived.connect(anew)
    heard.latest.ask(lambda stopping: "first")
    qtbot.waitUntil(lambda: len(heard.answers) == 2)
    assert settled(qtbot, heard) == (["first", "second"], [])


def test_who_hears_an_answer_may_stop(qtbot: QtBot, heard: Heard) -> None:
    heard.latest.arrived.connect(lambda _answer: heard.latest.stop())
    heard.latest.ask(lambda stopping: "only")
    assert settled(qtbot, heard) == (["only"], [])


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
    assert heard == [
        "first",
        told(ZeroDivisionError("integer division or modulo by zero")),
        "third",
    ]


def test_in_turn_all_that_was_asked_is_done_before_it_stops(qtbot: QtBot) -> None:
    turn = InTurn()
    done: list[str] = []
    heard: list[object] = []
    turn.arrived.connect(heard.append)
    for name in ("first", "second"):
        turn.ask(lambda _stopping, name=name: done.append(name))  # type: ignore[misc]
    turn.stop()
    assert (done, heard, turn.busy) == (["first", "second"], [], False)
