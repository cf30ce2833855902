"""A glance at each series, then the most suspicious one as a whole."""

from __future__ import annotations

import pytest

from desktop.engine.triage import BLOCK, Triage


def series_of(count: int, files: int = 8) -> list[list[int]]:
    """Series of so many files each, numbered on."""
    return [list(range(place * files, (place + 1) * files)) for place in range(count)]


def test_a_file_of_each_series_comes_before_any_series_is_whole() -> None:
    triage = Triage(series_of(2), lambda place: None)
    order = list(dict.fromkeys(triage.files()))
    assert order == [4, 12, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15]


@pytest.mark.parametrize(
    ("files", "glances"),
    [(7, []), (8, [4]), (19, [9]), (20, [13, 6]), (29, [19, 9]), (30, [15, 22, 7])],
)
def test_one_file_in_ten_is_glanced_at_and_three_at_most(files: int, glances: list[int]) -> None:
    triage = Triage([list(range(files)), [900]], lambda place: None)
    order = list(triage.files())
    assert order == [*glances, *range(files), 900]


def test_a_long_series_has_three_glances() -> None:
    triage = Triage([list(range(300)), [900]], lambda place: None)
    assert list(triage.files())[:4] == [150, 75, 225, 0]


def test_the_middle_of_each_series_is_glanced_at_before_more_of_any() -> None:
    triage = Triage(series_of(3, files=20), lambda place: None)
    assert list(triage.files())[:6] == [13, 33, 53, 6, 26, 46]


def test_the_most_suspicious_series_is_next_once_all_glances_have_arrived() -> None:
    known: dict[int, float] = {}
    triage = Triage(series_of(3), known.get)
    assert [triage.arrived(file) for file in (4, 5, 12)] == [None, None, None]
    known.update({0: 0.1, 1: 0.9, 2: 0.3})
    assert triage.arrived(20) == [*range(8, 16), *range(16, 24), *range(8)]
    assert triage.arrived(20) is None


def test_one_series_alone_is_scored_in_its_order() -> None:
    assert list(Triage(series_of(1), lambda place: None).files()) == list(range(8))


def test_a_series_that_was_begun_needs_no_glance_and_has_its_place_by_what_is_known() -> None:
    triage = Triage(series_of(2), {1: 0.8}.get)
    assert list(triage.files()) == [4, *range(8, 16), *range(8)]


def test_a_long_list_is_taken_in_blocks_of_thirty_two() -> None:
    assert BLOCK == 32
    known: dict[int, float] = {}
    triage = Triage(series_of(33), known.get)
    order = list(dict.fromkeys(triage.files()))
    first = 32 * 8
    assert set(order[:first]) == set(range(first))
    known[5] = 0.9
    following = [found for file in order[:32] if (found := triage.arrived(file)) is not None]
    assert len(following) == 1
    assert following[0][:8] == list(range(40, 48))
    assert set(following[0]) == set(range(first))


def test_a_series_with_a_flagged_glance_is_scored_before_further_glances() -> None:
    known: dict[int, float] = {}
    triage = Triage(series_of(3), known.get, flagged=0.5)
    known[0] = 0.49
    assert triage.arrived(4) is None
    known[1] = 0.5
    assert triage.arrived(12) == list(range(8, 16))


def test_a_series_that_was_begun_is_not_left_for_one_with_a_higher_glance() -> None:
    known: dict[int, float] = {}
    triage = Triage(series_of(4), known.get, flagged=0.5)
    known[1] = 0.6
    triage.arrived(12)
    known[2] = 0.9
    assert triage.arrived(20) == [*range(8, 16), *range(16, 24)]
    assert triage.arrived(4) is None
    known[3] = 0.2
    assert triage.arrived(28) == [
        *(*range(8, 16), *range(16, 24)),
        *(*range(16, 24), *range(8, 16), *range(24, 32), *range(8)),
    ]


def test_another_flagged_glance_of_the_same_series_changes_nothing() -> None:
    known: dict[int, float] = {}
    triage = Triage(series_of(2, files=20), known.get, flagged=0.5)
    known[0] = 0.9
    assert triage.arrived(13) == list(range(20))
    assert triage.arrived(6) is None
