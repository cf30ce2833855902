"""The way of one DICOM file, as docs/house.md tells it, is the way that a file goes."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from desktop.commands.cli import main
from imaging.samples.phantom import Head
from imaging.samples.samples import phantom_slice
from tests.make.in_this_process import InThisProcess
from tests.make.tiny_model import tiny_model

HOUSE = Path(__file__).resolve().parents[2] / "docs" / "house.md"
STEP = re.compile(r"`((?:imaging|model|desktop)(?:\.\w+)+)`")
TO_THE_CSV = ("### 1. ", "### 2. ", "### 3. ", "### 4a. ")
MILESTONES = (
    "desktop.engine.run.Run",
    "imaging.files.find.find_files",
    "imaging.headers.read_headers",
    "desktop.engine.run.Run.group",
    "desktop.engine.scoring.score",
    "imaging.input.prepare.prepare_run",
    "imaging.input.recipe.network_input",
    "model.session.Session.score",
    "model.assess.scored",
    "desktop.engine.run.Run.export",
    "model.series_result.series_result",
    "desktop.engine.report.write_export",
)


def steps() -> list[str]:
    """The functions of the tables from a path to the CSV, in the page's order."""
    chapters = re.split(r"(?m)^(?=###? )", HOUSE.read_text(encoding="utf-8"))
    told = [each for each in chapters if each.startswith(TO_THE_CSV)]
    rows = [line for each in told for line in each.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in STEP.findall(row.split("|")[2])]


def code_of(dotted: str) -> CodeType:
    """Of a function, or of what makes an object of a class."""
    found: Any = None
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            found = getattr(found, parts[end - 1])
    function = inspect.unwrap(found.__init__ if inspect.isclass(found) else found)
    code: CodeType = function.__code__
    return code


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], list[str]]:
    """Runs the command, and gives the steps that it went, each once, in their order."""
    monkeypatch.setattr("imaging.sandbox.sandbox.Sandbox", InThisProcess)
    names = {code_of(name): name for name in steps()}
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in names:
            seen.setdefault(names[frame.f_code])

    def run(arguments: list[str]) -> list[str]:
        threading.setprofile(note)
        sys.setprofile(note)
        try:
            assert main(arguments) == 0
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        return list(seen)

    return run


def test_a_file_goes_every_step_from_its_path_to_the_csv(
    tmp_path: Path, called: Callable[[list[str]], list[str]]
) -> None:
    image, table = tmp_path / "a.dcm", tmp_path / "images.csv"
    phantom_slice(Head(1), 6, 12).save_as(image, enforce_file_format=True)
    model = str(tiny_model(tmp_path / "tiny.onnx", novelty_cut=1e9))
    went = called(["screen", str(image), "--csv", str(table), "--model", model, "--device", "cpu"])
    assert set(steps()) - set(went) == set()
    assert [each for each in went if each in MILESTONES] == list(MILESTONES)
    assert "a.dcm" in table.read_text(encoding="utf-8-sig")
