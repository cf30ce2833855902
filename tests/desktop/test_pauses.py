import gc
import json
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from desktop.app import Program

SETTLED = """
import gc, json, sys
from desktop.pauses import shorten_pauses
shorten_pauses()
print(json.dumps([sys.getswitchinterval(), gc.get_threshold()[2], gc.get_freeze_count() > 1000]))
"""


class _Circle:
    def __init__(self) -> None:
        self.itself = self


def test_threads_give_way_soon_and_whole_searches_for_garbage_are_rare() -> None:
    told = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, check=True)
    assert json.loads(told.stdout) == [pytest.approx(0.0002), 1000, True]


def test_opening_a_folder_collects_what_was_left_in_circles(
    program: Program, tmp_path: Path
) -> None:
    gc.disable()
    try:
        left = weakref.ref(_Circle())
        assert left() is not None
        program.open([tmp_path], remember=False)
        assert left() is None
    finally:
        gc.enable()
