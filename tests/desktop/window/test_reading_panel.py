from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.app import Program
from desktop.window.reading_panel import LONGEST, ReadingPanel
from tests.make.program import open_by_hand, put_on_screen
from tests.make.results import result


@pytest.fixture
def program(keeping_program: Program) -> Program:
    """A program with two images, each a series of its own, the first one on screen."""
    program = keeping_program
    images = [replace(result(f"/{each}/1.png", 0.9), sha256=each) for each in "AB"]
    open_by_hand(program, images, trusted=True)
    for number in (1, 0):
        put_on_screen(program, number)
    program.window.tabs.setCurrentWidget(program.window.results)
    return program


def type_comment(panel: ReadingPanel, text: str) -> None:
    panel.comment.setText(text)
    panel.comment.textEdited.emit(text)


def comments(program: Program) -> list[str]:
    return [row.read.comment if row.read else "" for row in program.workspace.table.rows]


def test_a_comment_is_kept_with_what_was_selected_when_it_was_typed(program: Program) -> None:
    panel = program.window.reading
    type_comment(panel, " old blood? ")
    put_on_screen(program, 1)
    assert comments(program) == ["old blood?", ""]
    assert panel.comment.text() == ""
    panel.keep_comment()
    assert comments(program) == ["old blood?", ""]


def test_what_is_being_typed_outlasts_news_of_its_image(program: Program) -> None:
    panel, table = program.window.reading, program.workspace.table
    type_comment(panel, "old ")
    table.add_results([(0, replace(result("/A/1.png", 0.2), sha256="A"))])
    assert panel.comment.text() == "old "
    assert comments(program) == ["old", ""]


def test_a_comment_that_is_being_typed_is_kept_and_hidden_with_the_identity(
    program: Program,
) -> None:
    program.show()
    program.window._pages.setCurrentWidget(program.window.splitter)
    panel = program.window.reading
    type_comment(panel, "Mrs Mustermann")
    program.actions["hide_identity"].trigger()
    assert panel.comment.text() == ""
    assert not panel.comment.isEnabled()
    assert comments(program) == ["Mrs Mustermann", ""]
    program.actions["hide_identity"].trigger()
    assert panel.comment.text() == "Mrs Mustermann"


def test_a_comment_has_an_end(program: Program) -> None:
    panel = program.window.reading
    type_comment(panel, "x" * (LONGEST + 1))
    panel.keep_comment()
    assert comments(program)[0] == "x" * LONGEST
