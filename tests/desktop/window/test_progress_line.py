"""What the status bar says while images are scored, and the two buttons that stop and resume."""

from unittest.mock import PropertyMock, patch

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.progress import Progress
from desktop.state.workspace import State, Workspace


@pytest.mark.parametrize(
    ("seconds", "left"),
    [
        (None, ""),
        (0.2, ", about 1 s left"),
        (28.4, ", about 28 s left"),
        (89.0, ", about 89 s left"),
        (200.0, ", about 3 min left"),
    ],
)
def test_counts_and_time_left_are_said_while_images_are_scored(
    program: Program, seconds: float | None, left: str
) -> None:
    line, known = program.window.progress, Progress(found=298, done=111)
    program.workspace.state = State.SCORING
    with (
        patch.object(Workspace, "waiting_for_model", PropertyMock(return_value=False)),
        patch.object(Progress, "seconds_left", PropertyMock(return_value=seconds)),
        patch.object(Workspace, "progress", PropertyMock(return_value=known)),
    ):
        line._follow()
        assert line.words.text() == f"111 of 298 done{left}"
        assert (line.bar.value(), line.bar.maximum()) == (111, 298)
        assert (line.stop.isHidden(), line.resume.isHidden()) == (False, True)
    program.workspace.state = State.EMPTY
    line._follow()


def test_after_a_stop_scoring_can_be_resumed(program: Program) -> None:
    line = program.window.progress
    program.workspace.state = State.STOPPED
    line._follow()
    assert line.words.text() == "Stopped: 0 of 0 done"
    assert (line.stop.isHidden(), line.resume.isHidden()) == (True, False)
    program.workspace.state = State.EMPTY
    line._follow()


def test_what_is_told_leaves_progress_and_buttons_where_they_are(
    qtbot: QtBot, program: Program
) -> None:
    line = program.window.progress
    line.tell("nothing was done")
    program.workspace.state_changed.emit()
    said = line.words.text()
    line._told.stop()
    program.workspace.state_changed.emit()
    assert (said, line.words.text()) == ("nothing was done", "")
    line._told.setInterval(1)
    line.tell("nothing was done")
    qtbot.waitUntil(lambda: line.words.text() == "")


def test_what_is_told_is_not_left_in_another_language(program: Program) -> None:
    line = program.window.progress
    line.tell("nothing was done")
    QApplication.sendEvent(line, QEvent(QEvent.Type.LanguageChange))
    assert line.words.text() == ""
