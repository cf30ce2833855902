"""A crew: every call has one outcome, though workers are lost on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYetError
from typing import Any

import pytest

from desktop.engine.crew import (
    AT_ONCE,
    LONGEST_WITHOUT_WORKERS,
    MOST_LOST,
    TRIES,
    ClusterCode,
    ClusterError,
    Crew,
    Files,
    WorkerLostError,
)
from desktop.engine.scoring import Scored
from imaging.errors import Code, ImageError

PATIENCE = 20.0


class Hand:
    """A worker that answers at once, keeps what it is to hold, or is lost."""

    def __init__(self, place: int, shift: Shift) -> None:
        self.place, self._shift = place, shift
        self.is_dismissed = False

    def begun(self) -> Future[None]:
        if self._shift.waits_for_a_machine(self):
            return Future()
        return self._shift.outcome(lambda: self._shift.begins(self.place))

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        self._shift.calls.append((self.place, arguments))
        if self._shift.holds(self.place):
            held: Future[Any] = Future()
            self._shift.held.append(held)
            return held
        return self._shift.outcome(lambda: function(*arguments))

    def score(self, files: Files) -> Future[list[Scored]]:
        return self._shift.outcome(lambda: self._shift.scores(files))

    def dismiss(self) -> None:
        self.is_dismissed = True


class Shift:
    """Hires such workers, and says what happens to them."""

    def __init__(self) -> None:
        self.hired: list[Hand] = []
        self.calls: list[tuple[int, tuple[Any, ...]]] = []
        self.held: list[Future[Any]] = []
        self.begins: Callable[[int], None] = lambda place: None
        self.waits_for_a_machine: Callable[[Hand], bool] = lambda hand: False
        self.holds: Callable[[int], bool] = lambda place: False
        self.scores: Callable[[Files], list[Scored]] = lambda files: []

    def hire(self, place: int) -> Hand:
        self.hired.append(Hand(place, self))
        return self.hired[-1]

    @staticmethod
    def outcome(of: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(of())
        except Exception as error:  # noqa: BLE001  it is the future's
            future.set_exception(error)
        return future


def _until(holds: Callable[[], bool]) -> None:
    """Wait for what the crew's thread does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


def _lost(*_: object) -> None:
    raise WorkerLostError("gone")


def _damaged(*_: object) -> None:
    raise ImageError(Code.DAMAGED)


def test_a_call_has_its_functions_value() -> None:
    with Crew(Shift().hire, 2) as crew:
        assert crew.submit(divmod, 7, 2).result(PATIENCE) == (3, 1)


def test_a_calls_own_error_is_its_outcome_and_no_loss() -> None:
    shift = Shift()
    with Crew(shift.hire, 1) as crew, pytest.raises(ImageError) as caught:
        crew.submit(_damaged).result(PATIENCE)
    assert caught.value.problem.code is Code.DAMAGED
    assert len(shift.hired) == 1


def test_what_a_lost_worker_was_at_is_done_by_another_one() -> None:
    shift = Shift()
    shift.holds = lambda place: len(shift.hired) == 1
    with Crew(shift.hire, 1) as crew:
        answers = [crew.submit(abs, -number) for number in range(2)]
        _until(lambda: len(shift.held) >= AT_ONCE)
        shift.held[0].set_exception(WorkerLostError())
        assert [each.result(PATIENCE) for each in answers] == [0, 1]
    assert [each.is_dismissed for each in shift.hired] == [True, True]
    assert len(shift.calls) == 2 * AT_ONCE


def test_a_late_answer_of_a_lost_worker_changes_nothing() -> None:
    shift = Shift()
    shift.holds = lambda place: len(shift.hired) == 1
    with Crew(shift.hire, 1) as crew:
        answers = [crew.submit(abs, -number) for number in range(2)]
        _until(lambda: len(shift.held) >= AT_ONCE)
        shift.held[0].set_exception(WorkerLostError())
        assert answers[1].result(PATIENCE) == 1
        shift.held[1].set_result("late")
        assert crew.submit(abs, -5).result(PATIENCE) == 5
    assert answers[1].result() == 1


def test_a_call_that_loses_every_worker_is_given_up_and_the_next_one_is_not() -> None:
    shift = Shift()
    with Crew(shift.hire, 1) as crew:
        with pytest.raises(ImageError) as caught:
            crew.submit(_lost).result(PATIENCE)
        assert crew.submit(abs, -1).result(PATIENCE) == 1
    assert caught.value.problem.code is Code.DECODER_DIED
    assert [arguments for _, arguments in shift.calls].count(()) == TRIES == 3


def test_files_at_which_every_worker_is_lost_say_so() -> None:
    shift = Shift()
    shift.scores = _lost  # type: ignore[assignment]
    with Crew(shift.hire, 1) as crew, pytest.raises(WorkerLostError):
        crew.score(()).result(PATIENCE)


def test_no_worker_is_given_more_calls_than_it_takes() -> None:
    shift = Shift()
    shift.holds = lambda place: True
    with Crew(shift.hire, 2) as crew:
        waiting = [crew.submit(abs, -number) for number in range(9)]
        _until(lambda: len(shift.held) >= 2 * AT_ONCE)
        assert sorted(place for place, _ in shift.calls) == [0] * AT_ONCE + [1] * AT_ONCE
    assert all(each.done() for each in waiting)


def test_a_place_that_loses_too_many_stays_empty_and_others_go_on() -> None:
    shift = Shift()
    shift.begins = lambda place: _lost() if place == 0 else None
    with Crew(shift.hire, 2) as crew:
        _until(lambda: len([each for each in shift.hired if each.place == 0]) >= MOST_LOST)
        assert crew.submit(abs, -3).result(PATIENCE) == 3
    assert [each.place for each in shift.hired].count(0) == MOST_LOST == 8


def test_where_no_worker_is_left_every_call_says_so() -> None:
    shift = Shift()
    shift.begins = _lost
    with Crew(shift.hire, 2) as crew:
        for _ in range(2):
            with pytest.raises(ClusterError):
                crew.submit(abs, -3).result(PATIENCE)
    assert len(shift.hired) == 2 * MOST_LOST


def test_where_all_machines_are_gone_waiting_ends() -> None:
    shift = Shift()
    shift.holds = lambda place: True
    shift.waits_for_a_machine = lambda hand: len(shift.hired) > 2
    with Crew(shift.hire, 2, patience=0.2) as crew:
        answers = [crew.submit(abs, -number) for number in range(2 * AT_ONCE + 1)]
        _until(lambda: len(shift.held) == 2 * AT_ONCE)
        for held in shift.held:
            held.set_exception(WorkerLostError())
        for answer in [*answers, crew.submit(abs, -1)]:
            with pytest.raises(ClusterError) as caught:
                answer.result(PATIENCE)
            assert caught.value.message.code is ClusterCode.NO_MACHINES
    assert all(each.is_dismissed for each in shift.hired)


def test_one_worker_is_enough_to_go_on_however_long_it_takes() -> None:
    shift = Shift()
    shift.holds = lambda place: True
    shift.waits_for_a_machine = lambda hand: hand.place == 1
    with Crew(shift.hire, 2, patience=0.05) as crew:
        answer = crew.submit(abs, -1)
        _until(lambda: len(shift.held) == 1)
        with pytest.raises(NotYetError):
            answer.result(0.3)
        shift.held[0].set_result(1)
        assert answer.result(PATIENCE) == 1


def test_machines_of_a_cloud_have_minutes_to_come() -> None:
    assert LONGEST_WITHOUT_WORKERS == 600
    shift = Shift()
    shift.waits_for_a_machine = lambda hand: True
    with Crew(shift.hire, 1) as crew, pytest.raises(NotYetError):
        crew.submit(abs, -1).result(0.3)


def test_leaving_ends_what_still_waits() -> None:
    shift = Shift()
    shift.holds = lambda place: True
    with Crew(shift.hire, 1) as crew:
        waiting = crew.submit(abs, -1)
    assert waiting.done()
    assert all(each.is_dismissed for each in shift.hired)
