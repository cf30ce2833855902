from __future__ import annotations

from tests.before_and_after import Row, compare


def row(name: str, probability: str = "0.5", **cells: str) -> Row:
    known = {"file_path": name, "frame": "0", "probability_hemorrhage": probability}
    return (
        known | {"logit": "0", "threshold": "0.4", "prediction": "1", "status_reason": ""} | cells
    )


def test_equal_numbers_are_counted_whatever_the_words() -> None:
    found = compare([row("a"), row("b", "")], [row("a", status_reason="x"), row("b", "")])
    assert (found.equal, found.without, found.other, found.alone) == (1, 1, [], [])


def test_another_number_is_named() -> None:
    found = compare([row("a", "0.5")], [row("a", "0.51")])
    assert (found.equal, found.other) == (0, ["a #0: probability_hemorrhage 0.5 -> 0.51"])


def test_a_score_in_one_table_alone_is_told_with_the_others_reason() -> None:
    found = compare([row("a"), row("b", "")], [row("a", "", status_reason="blank"), row("b")])
    assert [each.split(": ", 1)[0] for each in found.alone] == ["a #0", "b #0"]
    assert "blank" in found.alone[0]


def test_a_row_that_one_table_lacks_is_a_difference() -> None:
    assert compare([row("a")], []).other == ["a #0: in one table alone"]
