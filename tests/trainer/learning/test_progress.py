"""The time left follows the pace of the last epochs, and what the ones to come will cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from trainer.learning.progress import RECENT, Clock, cost_of, duration
from trainer.recipes import TRAVEL


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[Clock, int, float], None]:
    """Lets an epoch of a clock take so many seconds."""
    now = [1000.0]
    monkeypatch.setattr("trainer.learning.progress.time.monotonic", lambda: now[0])

    def take(clock: Clock, epoch: int, seconds: float) -> None:
        clock.start()
        now[0] += seconds
        clock.stop(epoch)

    return take


def test_the_pace_of_the_last_epochs_counts_and_older_ones_do_not(
    pass_time: Callable[[Clock, int, float], None],
) -> None:
    clock = Clock([1, 2], 20)
    for epoch in range(1, 4):
        pass_time(clock, epoch, 10.0)
    assert clock.left(1, 3) == pytest.approx(10.0 * (17 + 20))
    for epoch in range(4, 4 + RECENT):  # something else begins to compute
        pass_time(clock, epoch, 70.0)
    assert clock.left(1, 3 + RECENT) == pytest.approx(70.0 * (20 - 3 - RECENT + 20))
    assert clock.left(2, 20) == 0.0


def test_one_slow_epoch_among_the_last_weighs_as_one_of_them(
    pass_time: Callable[[Clock, int, float], None],
) -> None:
    clock = Clock([1], RECENT + 1)
    for epoch in range(1, RECENT):
        pass_time(clock, epoch, 10.0)
    pass_time(clock, RECENT, 60.0)
    assert clock.left(1, RECENT) == pytest.approx((10.0 * (RECENT - 1) + 60.0) / RECENT)


def test_before_any_epoch_nothing_is_foretold() -> None:
    assert Clock([1], 5).left(1, 0) == 0.0


def test_images_that_grow_make_later_epochs_dearer(
    pass_time: Callable[[Clock, int, float], None],
) -> None:
    cost = cost_of(TRAVEL)
    assert cost(1) == 128**2
    assert cost(TRAVEL.schedule.epochs) == 224**2
    clock = Clock([1], 2, cost_of(replace(TRAVEL, schedule=replace(TRAVEL.schedule, epochs=2))))
    pass_time(clock, 1, 10.0)
    assert clock.left(1, 1) == pytest.approx(10.0 * (208 / 128) ** 2)  # the second of two


@pytest.mark.parametrize(
    ("seconds", "told"), [(40.2, "40 s"), (89.9, "90 s"), (90, "2 min"), (11100, "3 h 05 min")]
)
def test_a_duration_is_told_as_people_do(seconds: float, told: str) -> None:
    assert duration(seconds) == told
