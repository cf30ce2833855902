"""``python -m tests.faults``: the two safety faults of the first window, on the old code and gone.

The faults were these. While scoring ran, another patient's result stood beside an image that was
not scored yet. And a series of which half was scored had a result, which it kept after Stop.

Each is shown by the tests that came with its mending. They are run on the code just before it,
taken out of the repository's history, where they must fail; then on the code with the mending, and
on the code of now, where they must pass. Ends with 1 where any of that is not so.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PASSED, FAILED = 0, 1
"""Exit codes of pytest; others mean that the tests did not even run."""


@dataclass(frozen=True)
class Fault:
    """A fault, the commit that mended it, its tests in that commit, and its tests of now."""

    name: str
    mended: str
    tests: tuple[str, ...]
    now: tuple[str, ...]


SELECTION = "tests/desktop/state/test_selection.py"
BESIDE = f"{SELECTION}::test_nothing_of_another_patients_series_stands_beside_a_waiting_image"
WHEEL = f"{SELECTION}::test_the_wheel_ends_with_the_series_where_other_images_wait"
HALF = (
    "test_a_series_has_no_result_before_all_of_its_images_have_one",
    "test_a_series_keeps_having_no_result_after_a_stop",
)
FAULTS = (
    Fault(
        "another patient's result beside an image that waits",
        "9b01960cbbf4eb68238c6fb068d6025d7c8e90b0",
        (BESIDE, WHEEL),
        (BESIDE, WHEEL),
    ),
    Fault(
        "a result of a series of which half is scored, also after Stop",
        "7ce3c680887e1f786638c7a5d32b08e268dcc86e",
        tuple(f"tests/desktop/tables/test_series_tree.py::{test}" for test in HALF),
        tuple(f"tests/desktop/tables/test_series_list.py::{test}" for test in HALF),
    ),
)


def main() -> int:
    """Run all tests and print a line for each tree."""
    as_told = True
    for fault in FAULTS:
        print(fault.name)
        with tempfile.TemporaryDirectory() as place:
            old, mended = Path(place, "old"), Path(place, "mended")
            _take(f"{fault.mended}~1", old)
            _take(fault.mended, old, "tests")
            _take(fault.mended, mended)
            for told, tree, tests, wanted in (
                (f"before {fault.mended[:7]}", old, fault.tests, FAILED),
                (f"with {fault.mended[:7]}", mended, fault.tests, PASSED),
                ("now", ROOT, fault.now, PASSED),
            ):
                found = [_run(tree, test) for test in tests]
                as_told &= found == [wanted] * len(tests)
                counts = f"{found.count(FAILED)} of {len(tests)} tests fail"
                print(f"  {told:16} {counts}")
    return 0 if as_told else 1


def _take(commit: str, folder: Path, *paths: str) -> None:
    """Write the files of a commit into a folder. Raises CalledProcessError for no such commit."""
    command = ["git", "archive", commit, *paths]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")


def _run(tree: Path, test: str) -> int:
    """pytest's exit code for one test of a tree."""
    place = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    return subprocess.run(command, cwd=tree, env=place, capture_output=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
