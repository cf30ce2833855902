import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from desktop.tables.long_lists import APART, LONG, Rest, stretches


@pytest.mark.parametrize(("lines", "rests"), [(LONG - 1, False), (LONG, True)])
def test_a_list_rests_from_the_documented_length_on(
    qapp: QApplication, lines: int, rests: bool
) -> None:
    model = QObject()
    rest = Rest(model, lambda: None)
    rest.begin(lines)
    assert rest.isActive() is rests


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
