"""Drives a whole program to the end of a run."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.state.workspace import State

PATIENCE = 30_000
"""Milliseconds that any wait may take."""


def screened(qtbot: QtBot, program: Program, *paths: Path) -> None:
    """Open paths and wait until every row has its result and the first image is there."""
    program.open(paths)
    program.show()
    wait_done(qtbot, program)


def wait_done(qtbot: QtBot, program: Program) -> None:
    """Wait until every row has its result and its series, and the selected one its image."""

    def done() -> None:
        assert program.workspace.state is State.DONE
        assert program.selection.shown is not None
        worklist = program.workspace.series
        assert worklist.number_of(program.selection.number) is not None or not worklist.series

    qtbot.waitUntil(done, timeout=PATIENCE)
