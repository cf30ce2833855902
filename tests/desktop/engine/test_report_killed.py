from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KILLS = int(os.environ.get("CRANIOSCOPE_KILLS", "15"))
"""How many exports are killed; 200 for the record."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")
def test_an_export_killed_at_any_line_leaves_each_file_whole(tmp_path: Path) -> None:
    """Old or new, never half: and the sidecar is never newer than the tables it vouches for."""
    command = [sys.executable, "-m", "tests.make.killed_export", str(tmp_path), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert sum(said["states"].values()) == KILLS
    assert set(said["states"]) == {"old old old", "old new old", "old new new"}
