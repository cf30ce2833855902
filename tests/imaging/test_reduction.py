from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging import reduction


@pytest.mark.parametrize(
    ("shape", "step"), [((7, 10), 1), ((11, 3), 2), ((20, 20), 2), ((3, 21, 3), 3), ((1, 1), 1)]
)
def test_the_smallest_squares_that_leave_no_side_too_long(
    shape: tuple[int, ...], step: int
) -> None:
    assert reduction.factor(shape, 10) == step


def test_each_pixel_is_the_mean_of_a_square() -> None:
    pixels = np.array([[0, 2, 10, 10], [4, 6, 10, 14]], dtype=np.float32)
    assert reduction.reduce(pixels, 2).tolist() == [[3.0, 11.0]]


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_what_is_small_stays_as_it_is(kind: type) -> None:
    pixels: NDArray[Any] = np.ones((4, 5), kind)
    assert reduction.reduce(pixels, 5) is pixels
    assert reduction.reduce(pixels, 4).shape == (2, 3)
