from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop.app import Program
from desktop.engine.readings import Label
from imaging.errors import Code, Problem
from tests.make.program import open_by_hand, put_on_screen
from tests.make.results import result


@pytest.fixture
def program(keeping_program: Program) -> Iterator[Program]:
    """A program with two images and a file that could not be read, the first one on screen."""
    program = keeping_program
    images = [replace(result(f"/one/{each}.png", 0.9), sha256=each) for each in "AB"]
    open_by_hand(program, [*images, result("/one/C.png", None, Problem(Code.EMPTY_FILE))])
    for number in (2, 1, 0):
        put_on_screen(program, number)
    program.window.tabs.setCurrentWidget(program.window.results)
    yield program
    program.workspace.table.set_read_before_ai(False)


def labels(program: Program) -> list[Label | None]:
    return [row.read.label if row.read else None for row in program.workspace.table.rows]


def test_a_reading_is_of_the_image_it_was_given_for(program: Program) -> None:
    panel = program.window.reading
    panel.choose(Label.PRESENT)
    put_on_screen(program, 1)
    assert panel.label is None
    assert not panel.is_key
    panel.choose(Label.ABSENT)
    panel.mark(True)
    put_on_screen(program, 0)
    assert not panel.is_key
    assert labels(program) == [Label.PRESENT, Label.ABSENT, None]


def test_the_same_label_again_takes_it_back_and_another_replaces_it(program: Program) -> None:
    panel, given = program.window.reading, []
    for label in (Label.PRESENT, Label.UNSURE, Label.UNSURE):
        panel.choose(label)
        given.append(panel.label)
    assert given == [Label.PRESENT, Label.UNSURE, None]


def test_what_could_not_be_read_takes_no_reading(program: Program) -> None:
    put_on_screen(program, 2)
    panel = program.window.reading
    assert not panel.can_read
    for name in ("read_present", "read_absent", "read_unsure", "key_image"):
        program.actions[name].trigger()
    assert labels(program) == [None, None, None]


def test_read_before_ai_shows_the_score_of_the_image_that_was_read_alone(program: Program) -> None:
    panel, rows = program.window.reading, program.workspace.table.rows
    panel.set_read_before_ai(True)
    panel.choose(Label.PRESENT)
    assert [row.is_blinded for row in rows[:2]] == [False, True]
    panel.choose(Label.PRESENT)
    assert [row.is_blinded for row in rows[:2]] == [True, True]


def test_a_new_result_of_other_content_does_not_wear_the_reading_of_the_old(
    program: Program,
) -> None:
    panel, table = program.window.reading, program.workspace.table
    panel.choose(Label.PRESENT)
    table.add_results([(0, replace(result("/one/A.png", 0.9), sha256="changed"))])
    assert panel.label is None
