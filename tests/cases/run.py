"""Runs one case the way the program does, with its own model, and tells all that came of it."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from desktop.commands import cli
from desktop.engine.run import Run
from desktop.engine.shipped_models import shipped_model
from desktop.resources import MODELS, resource
from imaging.sandbox.sandbox import Sandbox
from model.image_result import ImageResult
from model.series_result import SeriesResult
from model.session import Session
from tests.make.stderr import gathered_stderr
from trainer import __main__ as trainer


@dataclass(frozen=True)
class Outcome:
    """What a run gave."""

    results: list[ImageResult]
    series: Sequence[SeriesResult]
    stderr: str
    seconds: float


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit code."""

    code: int
    stdout: str
    stderr: str


class Runner:
    """Screens folders in one sandbox with one session."""

    def __enter__(self) -> Runner:
        self._sandbox = Sandbox(2)
        self._session = Session.open(shipped_model(resource(MODELS), "cpu"), "cpu")
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def screen(self, path: Path) -> Outcome:
        """The results of everything at or below a path, in order."""
        began = time.monotonic()
        with gathered_stderr() as told:
            run = Run([path], self._sandbox)
            for _ in run.read_headers():
                pass
            run.group()
            for _ in run.score(self._session):
                pass
        seconds = time.monotonic() - began
        return Outcome(run.results(), run.series_results(), "".join(told), seconds)

    def command(self, path: Path) -> tuple[Told, list[dict[str, str]]]:
        """``cranioscope screen`` on a path: what it told, and the rows of its table."""
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "images.csv"
            told = _told(cli.main, ["screen", str(path), "--csv", str(table), "--no-progress"])
            rows: list[dict[str, str]] = []
            if table.exists():
                with table.open(encoding="utf-8-sig", newline="") as file:
                    rows.extend(csv.DictReader(file))
        return told, rows

    def audit(self, path: Path) -> Told:
        """``cranioscope-train audit`` on a folder."""
        with tempfile.TemporaryDirectory() as folder:
            return _told(trainer.main, ["audit", str(path), "--out", str(Path(folder) / "audit")])


class _Stdout(StringIO):
    def reconfigure(self, **_: object) -> None:
        """Take what the command sets up on a real stream."""


def _told(main: Callable[[Sequence[str]], int], arguments: list[str]) -> Told:
    said = _Stdout()
    code, cause = -1, ""
    with redirect_stdout(said), gathered_stderr() as told:
        try:
            code = int(main(arguments))
        except SystemExit as leave:
            code = int(leave.code or 0)
        except Exception as error:  # noqa: BLE001  a command that ends so fails its case
            cause = f"Traceback: {error!r}"
    return Told(code, said.getvalue(), "".join(told) + cause)
