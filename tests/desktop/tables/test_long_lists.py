import pytest

from desktop.tables.long_lists import APART, stretches


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((), []),
        ((3,), [(3, 3)]),
        ((7, 1, 2, 0, 6), [(0, 2), (6, 7)]),
        (range(0, 2 * APART, 2), [(at, at) for at in range(0, 2 * APART, 2)]),
        (range(0, 2 * APART + 2, 2), [(0, 2 * APART)]),
    ],
)
def test_lines_that_changed_are_told_of_in_stretches(
    places: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    assert list(stretches(places)) == expected
