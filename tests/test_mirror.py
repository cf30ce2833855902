"""Each module has tests in a file of its name, or docs/house.md says why it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("imaging", "model", "export", "desktop", "trainer")
NAMED = re.compile(r"`([\w/]+\.py)`")


def _without_tests() -> set[str]:
    """The modules without a file of tests by their name."""
    modules = [path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {
        module.as_posix()
        for module in modules
        if module.name != "__init__.py"
        and not (ROOT / "tests" / module.with_name(f"test_{module.name}")).exists()
    }


@pytest.fixture
def told() -> dict[str, str]:
    """The reason of each module that the page lists."""
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    _, _, section = page.partition("### Modules without tests of their name\n")
    lines = [line.strip("| ").split(" | ") for line in section.partition("\n## ")[0].splitlines()]
    cells = [each for each in lines if len(each) == 2]
    return {name: reason for named, reason in cells for name in NAMED.findall(named)}


def test_a_module_has_tests_of_its_name_or_a_reason(told: dict[str, str]) -> None:
    assert sorted(_without_tests() - told.keys()) == []


def test_no_reason_is_left_over(told: dict[str, str]) -> None:
    assert sorted(told.keys() - _without_tests()) == []
    assert all(told.values())
