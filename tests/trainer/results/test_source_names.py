"""Rows by source: the total shares its name with no source, whatever the sources are called."""

from __future__ import annotations

import pytest

from trainer.results.source_names import ALL, FRESH, NOT_NAMED, TOGETHER, by_source, named


def test_all_come_first_then_every_source_by_name() -> None:
    rows = by_source(["west", "east", "west"])
    assert {name: inside.tolist() for name, inside in rows.items()} == {
        ALL: [True, True, True],
        "east": [False, True, False],
        "west": [True, False, True],
    }
    assert list(rows) == [ALL, "east", "west"]


def test_one_source_needs_no_total() -> None:
    assert list(by_source(["here", "here"])) == ["here"]
    assert by_source([]) == {}


def test_a_source_without_a_name_is_one_of_them() -> None:
    rows = by_source(["", "east"])
    assert list(rows) == [ALL, NOT_NAMED, "east"]
    assert rows[NOT_NAMED].tolist() == [True, False]


@pytest.mark.parametrize("taken", [ALL, TOGETHER, NOT_NAMED, FRESH])
def test_a_source_called_as_another_row_has_a_row_of_its_own(taken: str) -> None:
    sources = [taken, "east", "", f"“{taken}”"]
    rows = by_source(sources)
    assert len(rows) == 5
    assert rows[ALL].all()
    assert rows[f"“{taken}”"].tolist() == [True, False, False, False]
    assert len({*map(named, sources), TOGETHER, FRESH}) == 6
