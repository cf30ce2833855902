"""The bounds are where a share would be just as far from the count as its own error reaches."""

from __future__ import annotations

import pytest

from model.proportion import Z95, wilson


@pytest.mark.parametrize(("count", "total"), [(38, 40), (5, 10), (1, 300), (0, 10), (10, 10)])
def test_both_bounds_solve_the_score_equation(count: int, total: int) -> None:
    for bound in wilson(count, total):
        if 0.0 < bound < 1.0:
            error = (bound * (1 - bound) / total) ** 0.5
            assert abs(count / total - bound) == pytest.approx(Z95 * error)


def test_all_or_none_reach_the_end_exactly() -> None:
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)
