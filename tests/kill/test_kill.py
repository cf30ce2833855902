"""A few kills of every kind in every run of the tests; ``python -m tests.kill`` does many."""

import os
import random
from pathlib import Path

import pytest

from tests.kill.campaign import KINDS

KILLS = 3


@pytest.mark.skipif(os.name != "posix", reason="sessions and signals are those of POSIX")
@pytest.mark.parametrize("kind", ["readings", "run"])
def test_what_is_killed_leaves_whole_files_and_is_swept(tmp_path: Path, kind: str) -> None:
    found = KINDS[kind](tmp_path, KILLS, random.Random(7))
    assert found.faults == []
    assert found.kills == found.states.total() == KILLS
