"""What the workspace keeps true while models change, files vanish and jobs break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.run import Run
from desktop.engine.scoring import Scored
from desktop.jobs.image_jobs import score_images
from desktop.jobs.job import INTERVAL, SELDOM, Items, Job
from desktop.state.workspace import State
from imaging.errors import Code
from imaging.messages import Message
from imaging.sandbox.sandbox import SandboxCode, SandboxError
from model.messages import ModelCode
from model.session import Session
from tests.make.dicom import ct, save
from tests.make.program import PATIENCE, open_by_hand, screened
from tests.make.stage import Stage
from tests.make.tiny_model import tiny_model
from tests.make.worklists import of_patient

ImageFolder = Callable[..., Path]


def no_answer(*_: object) -> object:
    raise SandboxError(Message(SandboxCode.NO_PROCESS, reason="no memory"))


def test_a_stop_while_another_model_opens_leaves_no_result_of_the_one_before(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    other = tiny_model(tmp_path / "other.onnx")
    workspace = program.workspace
    workspace.open_model(other)
    workspace.stop()
    qtbot.waitUntil(lambda: workspace.opened_model is not None, timeout=PATIENCE)
    assert workspace.state is State.STOPPED
    assert [each.is_screened for each in workspace.results()] == [False]
    assert workspace.run is not None
    assert [each.probability for each in workspace.run.results()] == [None]
    assert len(workspace.table.rows) == 1


def test_a_file_that_vanishes_after_it_was_found_has_a_row_that_says_so(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = image_folder(a=100, b=200)

    def late(*arguments: object) -> Iterator[Scored]:
        (folder / "b.png").unlink(missing_ok=True)
        return iter(score_images(*arguments))  # type: ignore[arg-type]

    monkeypatch.setattr("desktop.state.workspace.score_images", late)
    screened(qtbot, program, folder)
    codes = [[each.code for each in one.problems] for one in program.workspace.results()]
    assert codes == [[], [Code.VANISHED]]


def test_another_model_lists_again_what_a_stop_left_unlisted(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    program.show()
    program.open([image_folder(a=100, b=200)])
    program.workspace.stop()
    qtbot.waitUntil(lambda: program.workspace.state is State.STOPPED, timeout=PATIENCE)
    program.workspace.open_model(tiny_model(tmp_path / "other.onnx"))
    qtbot.waitUntil(lambda: program.workspace.state is State.DONE, timeout=PATIENCE)
    assert len(program.workspace.results()) == 2


def test_a_stop_between_the_last_header_and_the_first_score_holds(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    workspace = program.workspace
    workspace.series.regrouped.connect(workspace.stop)
    program.show()
    program.open([image_folder(a=100, b=200)])
    qtbot.waitUntil(lambda: workspace.state is State.STOPPED, timeout=PATIENCE)
    QCoreApplication.processEvents()
    assert (len(workspace.series), workspace.state) == (1, State.STOPPED)
    assert [each.probability for each in workspace.results()] == [None, None]
    workspace.go_on()
    qtbot.waitUntil(lambda: workspace.state is State.DONE, timeout=PATIENCE)
    assert None not in [each.probability for each in workspace.results()]


def test_a_model_that_cannot_even_be_asked_for_is_refused_with_the_reason(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.state.workspace.open_model", no_answer)
    screened(qtbot, program, image_folder(a=100))
    assert program.workspace.opened_model is not None
    assert program.workspace.opened_model.refusal == Message(
        ModelCode.NOT_OPENED, why="No process can be started that reads the files: no memory."
    )
    assert program.workspace.results()[0].probability is None


def test_an_image_that_nobody_can_read_says_why_and_does_not_wait_for_ever(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.jobs.image_reader.read_hashed", no_answer)
    screened(qtbot, program, image_folder(a=100))
    assert "No process can be started" in program.window.centre.problem.text()
    assert program.window.centre.pages.currentWidget() is program.window.centre.problem


def test_a_heat_map_that_fails_is_said_over_the_image(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.state.selection.heat_map", no_answer)
    screened(qtbot, program, image_folder(a=100))
    program.options.heat_map_shown = True
    note = "No process can be started that reads the files: no memory."
    qtbot.waitUntil(lambda: program.window.centre.content.note == note, timeout=PATIENCE)


def test_a_folder_opened_again_is_not_scored_again(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, asked = image_folder(a=100, b=200), []
    program.workspace.table.reader_labels.path = tmp_path / "store.sqlite"
    screened(qtbot, program, folder)
    first = [each.probability for each in program.workspace.results()]
    monkeypatch.setattr(Session, "score", lambda session, images: asked.append(len(images)))
    screened(qtbot, program, folder)
    assert [each.probability for each in program.workspace.results()] == first
    assert asked == []


def test_what_is_on_screen_is_scored_first(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in "ab":
        for at in range(3):
            save(
                ct(
                    PatientID=who,
                    SeriesInstanceUID=f"1.{ord(who)}",
                    SOPInstanceUID=f"1.{ord(who)}.{at}",
                ),
                tmp_path / f"{who}{at}.dcm",
            )
    wanted: list[list[int]] = []
    monkeypatch.setattr(Run, "look_at", lambda run, images: wanted.append(list(images)))
    screened(qtbot, program, tmp_path)
    assert wanted[0] == [0]  # which opened by itself: nobody has turned to its series yet
    program.workspace._set_state(State.SCORING)
    program.selection.select(4)
    assert wanted[-1] == [4, 5, 3]


def test_of_a_long_series_what_is_near_the_image_on_screen_is_scored_first(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_by_hand(program, of_patient("A", *[0.1] * 8))
    wanted: list[list[int]] = []
    monkeypatch.setattr("desktop.state.workspace.AROUND", 2)
    monkeypatch.setattr(Run, "look_at", lambda run, images: wanted.append(list(images)))
    program.workspace.run = Run([tmp_path], Stage({}))
    program.workspace._set_state(State.SCORING)
    for row in (4, 0, 7):
        program.workspace.look_at(row)
    assert wanted[-3:] == [[4, 5, 3, 2], [0, 1], [7, 6, 5]]


@pytest.mark.parametrize(("long", "interval"), [(3, INTERVAL), (2, SELDOM)])
def test_results_of_long_lists_are_handed_over_less_often(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    monkeypatch: pytest.MonkeyPatch,
    long: int,
    interval: int,
) -> None:
    monkeypatch.setattr("desktop.state.workspace.LONG", long)
    made: list[int] = []
    begin = Job.__init__

    def making(job: Job, items: Items, **options: Any) -> None:
        made.append(options["interval"])
        begin(job, items, **options)

    monkeypatch.setattr(Job, "__init__", making)
    screened(qtbot, program, image_folder(a=100, b=200))
    assert made[-1] == interval
