from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants import mutations
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


MORE = b"""
class Limits:
    most: int = 3
    is_open: bool = True
    name: str = "text"

def wanted(values: list[int], one: bool, other: bool) -> list[int]:
    if one and (other or not values):
        return values[1:-1]
    return [values[at] for at in range(len(values))]
"""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.LOGIC, [("and", "or"), ("or", "and")]),
        (Kind.RANGES, [("1", "((1) + 1)"), ("-1", "((-1) + 1)"), ("len(values)", None)]),
        (Kind.DEFAULTS, [("3", "4"), ("3", "2"), ("True", "False")]),
    ],
)
def test_other_things_change_one_at_a_time(
    kind: Kind, expected: list[tuple[str, str | None]]
) -> None:
    found = mutants(Path("m.py"), MORE, kind)
    changes = sorted((each.before, each.after) for each in found)
    assert changes == sorted((old, new or f"(({old}) + 1)") for old, new in expected)
    for each in found:
        ast.parse(each.applied(MORE))


def test_tests_are_known_by_the_comparisons_that_they_bring_to_equality(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    (root / "room").mkdir(parents=True)
    (root / "tests" / "room").mkdir(parents=True)
    (root / "tests" / "mutants").mkdir()
    for name in ("equality.py", "mutations.py"):
        own = Path(mutations.__file__).with_name(name)
        (root / "tests" / "mutants" / name).write_bytes(own.read_bytes())
    (root / "room" / "limits.py").write_bytes(SOURCE)
    (root / "tests" / "room" / "test_limits.py").write_text(
        "import numpy as np\nfrom room.limits import passes\n\n"
        "def test_inside():\n    assert passes(9)\n"
        "def test_bound():\n    assert not passes(16)\n"
    )
    low, high = mutants(Path("room/limits.py"), SOURCE, Kind.COMPARISONS)
    tree = Tree(root)
    seen_by = tree.meeting([Path("room/limits.py")])
    assert seen_by == {high.mark: ["tests/room/test_limits.py::test_bound"]}
    assert tree.trial(high, 60.0, seen_by[high.mark]) is Outcome.KILLED
    assert (root / "room" / "limits.py").read_bytes() == SOURCE
    assert low.mark != high.mark
