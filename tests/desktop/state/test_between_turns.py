"""What a reader does between the last header and the first score: each turn lets the window answer.

The series are made in some turns and shown in the next, the rows put into their order in another
one, and scoring begins in the last. An act in a turn between them must find, and leave, everything
true.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.name_groups import NamePattern
from desktop.engine.run import Run
from desktop.jobs.job import Job
from desktop.state.workspace import State
from desktop.tables.turns import Step, Turns
from model.session import Scores, Session
from tests.make.program import PATIENCE, wait_done
from tests.make.tiny_model import tiny_model

ImageFolder = Callable[..., Path]
Between = Callable[[Callable[[], None]], None]


STEPS = ["series made", "series shown", "rows in order", "scoring begins"]


@pytest.fixture(params=STEPS)
def between(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Between:
    """Has an act done once, in a turn of its own just before one of the steps."""
    add, acts = Turns.add, list[Callable[[], None]]()
    places = iter(STEPS)

    def act() -> None:
        if acts and next(places) == request.param:
            acts.pop()()

    def adding(turns: Turns, *steps: Step) -> None:
        for step in steps:
            add(turns, act, step)

    monkeypatch.setattr(Turns, "add", adding)
    return acts.append


def running(program: Program) -> list[Job]:
    """The jobs of the workspace that have not ended."""
    return [job for job in program.workspace.findChildren(Job) if not job.isFinished()]


def probabilities(program: Program) -> list[float | None]:
    return [row.result.probability if row.result else None for row in program.workspace.table.rows]


def open_in(program: Program, folder: Path) -> None:
    program.show()
    program.open([folder])


def test_a_stop_leaves_nothing_scored_and_goes_on(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between
) -> None:
    workspace = program.workspace
    between(workspace.stop)
    open_in(program, image_folder(a=100, b=200))
    qtbot.waitUntil(lambda: workspace.state is State.STOPPED, timeout=PATIENCE)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert (workspace.state, running(program), len(workspace.series)) == (State.STOPPED, [], 1)
    assert probabilities(program) == [None, None]
    workspace.go_on()
    wait_done(qtbot, program)
    assert None not in probabilities(program)


@pytest.mark.parametrize("name", ["stop", "open_model", "trust_folders", "group_by_name"])
def test_all_series_are_there_when_an_act_is_done(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between, name: str
) -> None:
    workspace, found = program.workspace, list[int]()
    acts: dict[str, Callable[[], None]] = {
        "stop": workspace.stop,
        "open_model": lambda: workspace.open_model(None),
        "trust_folders": lambda: workspace.trust_folders(True),
        "group_by_name": lambda: workspace.group_by_name(None),
    }

    def act() -> None:
        acts[name]()
        found.append(len(workspace.series))

    between(act)
    open_in(program, image_folder(a=100, b=200))
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found == [1]


def test_a_stop_before_the_window_has_heard_of_the_last_header_goes_on(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, group, grouped = program.workspace, Run.group, Event()

    def grouping(run: Run) -> object:
        groups = group(run)
        grouped.set()
        return groups

    monkeypatch.setattr(Run, "group", grouping)
    open_in(program, image_folder(a=100, b=200))
    assert grouped.wait(PATIENCE / 1000)  # nothing of it has been handed over
    workspace.stop()
    qtbot.waitUntil(lambda: workspace.state is State.STOPPED, timeout=PATIENCE)
    assert probabilities(program) == [None, None]
    workspace.go_on()
    wait_done(qtbot, program)
    assert (len(program.workspace.table.rows), len(workspace.series)) == (2, 1)
    assert (None in probabilities(program), running(program)) == (False, [])


def test_a_stop_taken_back_at_once_scores_once(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between
) -> None:
    workspace = program.workspace

    def stop_and_go_on() -> None:
        workspace.stop()
        workspace.go_on()

    between(stop_and_go_on)
    open_in(program, image_folder(a=100, b=200))
    wait_done(qtbot, program)
    assert (None in probabilities(program), running(program)) == (False, [])
    assert workspace.progress.done == 2


def test_another_folder_takes_the_place_of_the_one_that_was_listed(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between
) -> None:
    other = image_folder("other", c=60, d=120, e=240)
    between(lambda: program.open([other]))
    open_in(program, image_folder(a=100, b=200))
    qtbot.waitUntil(lambda: program.workspace.paths == [other], timeout=PATIENCE)
    wait_done(qtbot, program)
    rows = program.workspace.table.rows
    assert [(row.path.name, row.known.path.name) for row in rows if row.known] == [
        (name, name) for name in ("c.png", "d.png", "e.png")
    ]
    found = [each for each in probabilities(program) if each is not None]
    assert (len(found), sorted(found)) == (3, found)
    assert running(program) == []


def test_the_same_folder_opened_again_is_listed_and_scored_once(
    qtbot: QtBot, keeping_program: Program, image_folder: ImageFolder, between: Between
) -> None:
    program, folder = keeping_program, image_folder(a=100, b=200)
    between(lambda: program.open([folder]))
    open_in(program, folder)
    wait_done(qtbot, program)
    assert len(program.workspace.table.rows) == len(program.workspace.results()) == 2
    assert (None in probabilities(program), running(program)) == (False, [])


def test_all_results_are_of_another_model_that_is_opened(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    between: Between,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace, score, asked = program.workspace, Session.score, set[str]()

    def scoring(session: Session, images: NDArray[np.uint8]) -> Scores:
        asked.add(session.sha256)
        return score(session, images)

    monkeypatch.setattr(Session, "score", scoring)
    other = tiny_model(tmp_path / "other.onnx", name="other")
    between(lambda: workspace.open_model(other))
    open_in(program, image_folder(a=100, b=200))
    wait_done(qtbot, program)
    assert workspace.opened_model is not None
    session = workspace.opened_model.session
    assert session is not None
    assert (session.card.name, asked) == ("other", {session.sha256})
    assert (None in probabilities(program), running(program)) == (False, [])


def test_groups_by_name_hold(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between
) -> None:
    workspace = program.workspace
    between(lambda: workspace.group_by_name(NamePattern("*_{patient}")))
    open_in(program, image_folder(p_1=100, q_1=220, p_2=120, q_2=200))
    wait_done(qtbot, program)
    rows = workspace.table.rows
    named = [[rows[row].path.name for row in series.members] for series in workspace.series]
    assert named == [["p_1.png", "q_1.png"], ["p_2.png", "q_2.png"]]
    assert [*map(rows.order, range(4))] == [1, 3, 2, 4]
    assert (None in probabilities(program), running(program)) == (False, [])


def test_a_window_that_is_closed_begins_nothing(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, between: Between
) -> None:
    closed: list[bool] = []
    between(lambda: closed.append(program.window.close()))
    open_in(program, image_folder(a=100, b=200))
    qtbot.waitUntil(lambda: bool(closed), timeout=PATIENCE)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert (closed, running(program)) == ([True], [])
    assert probabilities(program) == [None, None]
