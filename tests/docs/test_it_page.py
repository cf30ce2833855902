"""The page for hospital IT names every setting."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_QT = {"FileDialog/lastVisited", "FileDialog/history"}
"""Deleted at every start: nothing that the page could explain."""


def test_every_key_of_the_settings_stands_in_the_table() -> None:
    written = (ROOT / "desktop/settings.py").read_text("utf-8")
    keys = set(re.findall(r'"(\w+/\w*)', written)) - OF_QT
    page = (ROOT / "docs/it.md").read_text("utf-8")
    assert "view/theme" in keys
    assert [key for key in sorted(keys) if f"`{key}" not in page] == []
