"""The page of odd inputs names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST = 50
"""Lines of the page's tables that name a test; fewer mean that the page was not read."""


def test_every_test_that_the_page_names_exists() -> None:
    page = (ROOT / "docs/inputs.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(named) >= LEAST
    assert named <= there, sorted(named - there)
