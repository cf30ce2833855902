from collections import deque

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.regions import bodies, fill_holes, grown, largest_body


def flooded(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The bodies of a mask, found the slow and obvious way."""
    labels = np.zeros(mask.shape, dtype=np.int64)
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        reached, queue = {start}, deque([start])
        while queue:
            row, column = queue.popleft()
            for r, c in (
                (row + 1, column),
                (row - 1, column),
                (row, column + 1),
                (row, column - 1),
            ):
                inside = 0 <= r < mask.shape[0] and 0 <= c < mask.shape[1]
                if inside and mask[r, c] and (r, c) not in reached:
                    reached.add((r, c))
                    queue.append((r, c))
        highest = max(row * mask.shape[1] + column for row, column in reached) + 1
        for pixel in reached:
            labels[pixel] = highest
    return labels


def drawn(*lines: str) -> NDArray[np.bool_]:
    return np.array([[mark == "#" for mark in line] for line in lines])


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.6, 0.8, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (17, 23)])
def test_bodies_are_those_of_a_flood(share: float, shape: tuple[int, int]) -> None:
    chance = np.random.default_rng(5)
    for _ in range(5):
        mask = chance.random(shape) < share
        assert np.array_equal(bodies(mask), flooded(mask))


def test_a_spiral_is_one_body() -> None:
    mask = drawn(
        "#########",
        "........#",
        "#######.#",
        "#.....#.#",
        "#.###.#.#",
        "#.#...#.#",
        "#.#####.#",
        "#.......#",
        "#########",
    )
    assert np.array_equal(bodies(mask), flooded(mask))
    assert len(np.unique(bodies(mask))) == 2


def test_corners_do_not_connect() -> None:
    assert len(np.unique(bodies(drawn("#.", ".#")))) == 3


def test_holes_are_filled_but_bays_are_not() -> None:
    mask = drawn(
        "#####",
        "#...#",
        "#.#.#",
        "#####",
        "##.##",
    )
    assert np.array_equal(fill_holes(mask), drawn("#####", "#####", "#####", "#####", "##.##"))


def test_a_grown_mask_reaches_so_many_steps_further() -> None:
    mask = drawn(".......", ".......", ".......", "...#...", ".......", ".......", ".......")
    assert np.array_equal(grown(mask, 0), mask)
    assert np.array_equal(
        grown(mask, 2),
        drawn(".......", "...#...", "..###..", ".#####.", "..###..", "...#...", "......."),
    )


def test_what_grows_to_the_border_stays_within() -> None:
    assert np.array_equal(grown(drawn("#.."), 1), drawn("##."))


def test_the_largest_body_is_one_alone() -> None:
    mask = drawn("##...", "...##", "..##.", "#....")
    assert np.array_equal(largest_body(mask), drawn(".....", "...##", "..##.", "....."))


def test_without_a_body_there_is_no_largest_one() -> None:
    assert not largest_body(drawn("...", "...")).any()
