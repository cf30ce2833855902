from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADS = "| A clinician expects | Test |", "| --- | --- |"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_convention_has_a_test_that_is_there() -> None:
    page = (ROOT / "docs" / "researcher" / "conventions.md").read_text(encoding="utf-8")
    lines = (line for line in page.splitlines() if line.startswith("| "))
    rows = [line for line in lines if line not in HEADS]
    assert rows
    named = [NAMED.findall(row) for row in rows]
    assert all(len(found) == 1 for found in named)
    missing = [
        f"{path}::{name}"
        for [(path, name)] in named
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert missing == []
