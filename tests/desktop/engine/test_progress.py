"""The time that is left is told from the pace of this run alone, by whoever looks at any time."""

from __future__ import annotations

import pytest

from desktop.engine.progress import SETTLED, Progress


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    """Of ten images, all of them found."""
    return Progress(files=10, headers=10, found=10, listed=True, clock=clock)


def rows(progress: Progress, clock: Clock, count: int, seconds: float) -> None:
    """So many results, each after so long."""
    for _ in range(count):
        clock.now += seconds
        progress.row_done()


def test_the_first_row_gives_no_pace_and_the_second_does(progress: Progress, clock: Clock) -> None:
    assert progress.seconds_left is None
    rows(progress, clock, 1, 50.0)  # the start of everything
    assert progress.seconds_left is None
    rows(progress, clock, 1, 2.0)
    assert progress.seconds_left == pytest.approx(16.0)
    rows(progress, clock, 8, 2.0)
    assert progress.seconds_left == 0.0


def test_rows_that_come_at_once_promise_no_end(progress: Progress, clock: Clock) -> None:
    rows(progress, clock, 1, 50.0)
    rows(progress, clock, 2, 0.25)  # a note and a broken file
    assert progress.seconds_left is None
    clock.now += SETTLED - 0.5
    assert progress.seconds_left == pytest.approx(SETTLED / 2 * 7)


def test_while_files_are_found_nothing_is_estimated(progress: Progress, clock: Clock) -> None:
    rows(progress, clock, 5, 1.0)
    progress.listed = False
    assert progress.seconds_left is None


def test_frames_that_are_found_later_take_their_time(progress: Progress, clock: Clock) -> None:
    rows(progress, clock, 3, 1.0)
    before = progress.seconds_left
    progress.found += 10
    assert before == pytest.approx(7.0)
    assert progress.seconds_left == pytest.approx(17.0)


def test_results_of_an_earlier_run_say_nothing_of_the_pace(
    progress: Progress, clock: Clock
) -> None:
    rows(progress, clock, 6, 1.0)
    progress.begin_again(4)
    assert (progress.done, progress.seconds_left) == (4, None)
    clock.now += 1000.0
    rows(progress, clock, 2, 3.0)
    assert progress.seconds_left == pytest.approx(12.0)


def test_a_look_while_results_are_forgotten_is_no_error(progress: Progress, clock: Clock) -> None:
    """The clock stands for the other thread: it begins again between two steps of the estimate."""
    rows(progress, clock, 5, 1.0)

    def meanwhile() -> float:
        progress.begin_again(1)
        return clock.now

    progress.clock = meanwhile
    assert progress.seconds_left == pytest.approx(5.0)
    assert progress.seconds_left is None
