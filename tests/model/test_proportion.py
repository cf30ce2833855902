"""The bounds are where a share would be just as far from the count as its own error reaches."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.proportion import Z95, Interval, Proportion


@pytest.mark.parametrize(("count", "total"), [(38, 40), (5, 10), (1, 300), (0, 10), (10, 10)])
def test_both_bounds_solve_the_score_equation(count: int, total: int) -> None:
    share = Proportion.of(count, total)
    for bound in (share.low, share.high):
        if 0.0 < bound < 1.0:
            error = (bound * (1 - bound) / total) ** 0.5
            assert abs(count / total - bound) == pytest.approx(Z95 * error)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (38, 40, 0.8350, 0.9862),  # the two examples of any reader's table of Wilson intervals
        (40, 40, 0.9124, 1.0),
        (0, 40, 0.0, 0.0876),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_the_interval_is_wilsons(count: int, total: int, low: float, high: float) -> None:
    share = Proportion.of(count, total)
    assert (share.value, share.rate) == (count / total, count / total)
    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-4)


def test_all_or_none_reach_the_end_exactly() -> None:
    assert (Proportion.of(0, 10).low, Proportion.of(10, 10).high) == (0.0, 1.0)


def test_of_nothing_nothing_is_known() -> None:
    nothing = Proportion.of(0, 0)
    assert math.isnan(nothing.value)
    assert (nothing.rate, nothing.low, nothing.high) == (None, 0.0, 1.0)
    assert str(nothing) == "unknown (no such images)"


def test_an_interval_is_shown_as_it_is_and_in_per_cent() -> None:
    estimate = Interval(0.84314, 0.76, 0.9014)
    assert estimate.limits == "0.760–0.901"
    assert estimate.percent == "84.3 % (76.0–90.1)"


def test_a_proportion_is_shown_with_counts_and_interval() -> None:
    assert str(Proportion.of(38, 40)) == "95.0 % (38/40; 95 % CI 83.5–98.6)"


def test_of_groups_of_one_the_interval_is_wilsons() -> None:
    hits = np.array([True] * 30 + [False] * 10)
    apart, alone = Proportion.of_groups(hits, np.arange(40)), Proportion.of(30, 40)
    assert (apart.count, apart.total, apart.value) == (30, 40, 0.75)
    assert (apart.low, apart.high) == pytest.approx((alone.low, alone.high), abs=0.01)


def test_slices_of_one_group_that_agree_count_as_one() -> None:
    hits = np.repeat(np.array([True] * 30 + [False] * 10), 9)
    groups = np.repeat(np.arange(40), 9)
    found, of_groups = Proportion.of_groups(hits, groups), Proportion.of(30, 40)
    assert (found.count, found.total) == (270, 360)
    assert (found.low, found.high) == pytest.approx((of_groups.low, of_groups.high), abs=0.01)


def test_the_interval_of_groups_is_about_that_of_drawing_them() -> None:
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), random.integers(1, 12, 60))
    hits = random.random(len(groups)) < random.beta(1, 1, 60)[groups]
    parts = [hits[groups == at] for at in range(60)]
    drawn = [
        np.concatenate([parts[at] for at in random.integers(0, 60, 60)]).mean() for _ in range(2000)
    ]
    found, alone = Proportion.of_groups(hits, groups), Proportion.of(int(hits.sum()), len(hits))
    assert (found.low, found.high) == pytest.approx(np.quantile(drawn, (0.025, 0.975)), abs=0.02)
    assert found.high - found.low > 1.3 * (alone.high - alone.low)


def test_where_all_are_alike_the_groups_count_and_of_none_nothing_is_known() -> None:
    every = Proportion.of_groups(np.ones(50, np.bool_), np.arange(50) // 10)
    assert (every.low, every.high) == (Proportion.of(5, 5).low, 1.0)
    assert Proportion.of_groups(np.zeros(0, np.bool_), np.zeros(0, np.int64)).rate is None


@pytest.mark.parametrize(("hits", "of", "groups"), [(1, 3, 1), (1, 30, 1), (2, 7, 5), (1, 3, 10)])
def test_groups_of_one_and_the_same_share_count_as_one_each(
    hits: int, of: int, groups: int
) -> None:
    alike = np.tile(np.arange(of) < hits, groups)
    found = Proportion.of_groups(alike, np.repeat(np.arange(groups), of))
    # Wilson's of as many independent ones as there are groups, each with that share.
    for bound in (found.low, found.high):
        error = (bound * (1 - bound) / groups) ** 0.5
        assert abs(hits / of - bound) == pytest.approx(Z95 * error)
