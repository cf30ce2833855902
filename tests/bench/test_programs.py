"""Children import the module that was started: those that begin windows must be light."""

import subprocess
import sys

import pytest

HEAVY = ("PySide6", "numpy", "onnxruntime", "pydicom")


@pytest.mark.parametrize(
    "started",
    ["desktop.__main__", "tests.bench.headers", "tests.bench.reader", "tests.bench.window"],
)
def test_nothing_heavy_is_imported_by_a_module_that_children_import(started: str) -> None:
    asked = f"import sys, {started}; print([each for each in {HEAVY} if each in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
