from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.mutations import Kind, mutants
from tests.mutants.trial import Outcome, Tree

SOURCE = b'''"""Umlauts \xc3\xa4 before the code."""
LIMIT = 1 << 4
"""Documented."""
BAND = (-0.5, 20)
"""Documented."""
NAME = "text"
"""Documented, without a number."""
_BARE = 3

def passes(value: float) -> bool:
    return 0 <= value < LIMIT
'''


def test_documented_numbers_go_up_and_down() -> None:
    found = mutants(Path("m.py"), SOURCE, Kind.CONSTANTS)
    assert [(each.name, each.before, each.after) for each in found] == [
        ("LIMIT", "1 << 4", "17"),
        ("LIMIT", "1 << 4", "15"),
        ("BAND", "-0.5", "-0.45"),
        ("BAND", "-0.5", "-0.55"),
        ("BAND", "20", "21"),
        ("BAND", "20", "19"),
    ]
    assert b"BAND = (-0.45, 20)" in found[2].applied(SOURCE)


def test_comparisons_change_at_equality() -> None:
    found = mutants(Path("m.py"), SOURCE, Kind.COMPARISONS)
    assert [(each.before, each.after) for each in found] == [("<=", "<"), ("<", "<=")]
    assert b"0 <= value <= LIMIT" in found[1].applied(SOURCE)


@pytest.mark.parametrize(
    ("more", "outcome"), [("    assert not passes(16)", "killed"), ("", "survived")]
)
def test_a_mutant_is_killed_by_the_test_that_mirrors_its_module(
    more: str, outcome: str, tmp_path: Path
) -> None:
    root = tmp_path / "tree"
    (root / "room").mkdir(parents=True)
    (root / "tests" / "room").mkdir(parents=True)
    (root / "room" / "limits.py").write_bytes(SOURCE)
    (root / "tests" / "room" / "test_limits.py").write_text(
        f"from room.limits import passes\n\ndef test_bound():\n    assert passes(9)\n{more}"
    )
    tree = Tree(root)
    mutant = mutants(Path("room/limits.py"), SOURCE, Kind.CONSTANTS)[0]
    assert tree.trial(mutant, limit=60.0) is Outcome(outcome)
    assert (root / "room" / "limits.py").read_bytes() == SOURCE
