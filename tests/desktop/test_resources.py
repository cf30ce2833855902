from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.resources import resource


def test_in_a_checkout_resources_lie_in_their_folder() -> None:
    assert resource("icons/cranioscope.svg").is_file()


def test_frozen_they_lie_where_the_program_was_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("weights") == tmp_path / "resources" / "weights"
