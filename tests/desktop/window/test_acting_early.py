"""What the reader does before the selected image is on screen is never kept with a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.readings import Label
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.workspace import State
from desktop.viewer.tools import Tool
from desktop.window.action import Menu
from desktop.window.actions import ACTIONS
from desktop.window.series_reading import NO_CONFIDENCE
from imaging.errors import Code, Problem
from tests.make.belonging import save_folder
from tests.make.program import PATIENCE, screened, select_image

TOLD = "The image was not on screen yet: nothing was done"
KEEPING = (
    *(f"read_{label.value}" for label in Label),
    *(f"read_series_{label.value}" for label in Label),
    *("confidence_up", "confidence_down", "mark_read", "key_image"),
)
"""Actions that keep something of the reading of an image or of a series."""


@pytest.fixture
def opened(qtbot: QtBot, keeping_program: Program, tmp_path: Path) -> Iterator[Program]:
    """Series of three patients; the first image of the first one is on screen."""
    screened(qtbot, keeping_program, save_folder(tmp_path / "folder"))
    select_image(keeping_program, "1.1")
    arrive(qtbot, keeping_program)
    yield keeping_program
    keeping_program.options.hide_identity = False


def arrive(qtbot: QtBot, program: Program) -> None:
    """Wait until the selected image is on screen."""
    qtbot.waitUntil(lambda: program.selection.is_settled, timeout=PATIENCE)


def kept(program: Program) -> list[Any]:
    """All that is kept of readings: of each image, then of each series."""
    table, readings = program.workspace.table, program.workspace.readings
    numbers = range(len(program.workspace.series))
    return [
        *(row.known and table.reader_labels.get(row.known) for row in table.rows),
        *(readings.reading(number) for number in numbers),
        *(readings.draft(number) for number in numbers),
        *(readings.is_read(number) for number in numbers),
    ]


@pytest.mark.parametrize("list_in_front", ["worklist", "results"])
@pytest.mark.parametrize("action", KEEPING)
def test_no_reading_is_kept_before_its_image_is_on_screen(
    qtbot: QtBot, opened: Program, action: str, list_in_front: str
) -> None:
    opened.window.tabs.setCurrentWidget(getattr(opened.window, list_in_front))
    before = kept(opened)
    select_image(opened, "2.1")
    opened.actions[action].trigger()
    assert kept(opened) == before
    assert opened.window.progress.words.text() == TOLD
    arrive(qtbot, opened)
    assert opened.window.centre.content.note == TOLD
    opened.actions[action].trigger()
    assert kept(opened) != before


def test_a_label_is_not_taken_back_by_the_key_that_was_for_the_next_series(
    opened: Program,
) -> None:
    opened.actions["read_series_absent"].trigger()
    opened.selection.step_series(1)
    opened.actions["read_series_absent"].trigger()
    reading = opened.workspace.readings.reading(0)
    assert reading is not None
    assert reading.label is Label.ABSENT


def test_no_action_changes_what_is_kept_of_an_image_that_is_not_on_screen(
    qtbot: QtBot, opened: Program
) -> None:
    left_alone = {Menu.FILE, Menu.RECENT, Menu.THEME, Menu.LANGUAGE, Menu.HELP}
    first = opened.workspace.series[0].members[0]
    labels, known = opened.workspace.table.reader_labels, opened.workspace.table.rows[first].known
    assert known is not None
    drawn = '{"version": 1, "rows": 32, "columns": 32, "turn": [0, false, false], "items": []}'
    labels.set_measurements(known, drawn)
    before = kept(opened)
    for action in ACTIONS:
        if action.menu in left_alone or action.id == "full_screen":
            continue
        select_image(opened, "1.1")
        arrive(qtbot, opened)
        before = kept(opened)
        select_image(opened, "2.1")
        opened.selection._give_way()
        opened.actions[action.id].trigger()
        assert kept(opened) == before, action.id
        opened.actions["escape"].trigger()


@pytest.mark.parametrize("way", ["late", "unreadable", "planes"])
def test_what_was_drawn_on_an_image_outlasts_keys_when_it_has_left_the_screen(
    qtbot: QtBot, opened: Program, way: str
) -> None:
    if way == "planes":  # of three slices there are none, and the slice stands alone
        select_image(opened, "2.1", 1)
        arrive(qtbot, opened)
        opened.actions["planes"].trigger()
    measurements = opened.window.centre.front.display.content.measurements
    draw(opened)
    before = kept(opened)
    select_image(opened, "3.1")
    if way == "unreadable":
        row = opened.selection.row
        assert row is not None
        problem = Problem(Code.VANISHED)
        opened.selection._take_image(ViewedImage(row.path, row.frame, problem=problem))
    else:
        opened.selection._give_way()
    assert not measurements.shown
    for action in ("remove_last", "remove_all", "undo", "redo"):
        opened.actions[action].trigger()
    assert kept(opened) == before


def draw(program: Program) -> None:
    """A distance on the image in front."""
    display = program.window.centre.front.display
    display.resize(400, 400)
    measurements = display.content.measurements
    measurements.press(Tool.DISTANCE, (2.0, 2.0), display.placement)
    measurements.move((20.0, 20.0))
    measurements.release(display.placement)
    assert len(measurements.kept) == 1


def test_what_is_drawn_on_the_slice_of_the_planes_is_kept_with_the_slice_that_is_seen(
    qtbot: QtBot, opened: Program
) -> None:
    select_image(opened, "2.1")
    arrive(qtbot, opened)
    seen = opened.selection.image
    opened.actions["planes"].trigger()
    opened.selection._images.forget()
    opened.selection.step(1)
    opened.planes.changed.emit()  # as while slices are read for the planes
    draw(opened)
    rows = opened.workspace.table.rows
    assert [at for at, row in enumerate(rows) if row.read and row.read.measurements] == [seen]


def test_what_cannot_be_shown_takes_no_reading_but_its_series_does(opened: Program) -> None:
    select_image(opened, "2.1")
    row = opened.selection.row
    assert row is not None
    problem = Problem(Code.VANISHED)
    opened.selection._take_image(ViewedImage(row.path, row.frame, problem=problem))
    assert not opened.window.reading.can_read
    assert opened.window.series_reading.can_read
    before = kept(opened)
    opened.window.reading.choose(Label.PRESENT)
    opened.window.reading.mark(True)
    assert kept(opened) == before


def test_beside_the_image_before_stands_its_own_reading(qtbot: QtBot, opened: Program) -> None:
    window, panel = opened.window, opened.window.series_reading
    opened.actions["read_series_present"].trigger()
    opened.actions["confidence_up"].trigger()
    opened.selection.step_series(1)
    beside = panel.label, panel.confidence.value(), opened.actions["mark_read"].isChecked()
    assert beside == (Label.PRESENT, 50, True)
    arrive(qtbot, opened)
    assert (panel.label, panel.confidence.value()) == (None, NO_CONFIDENCE)
    assert not opened.actions["mark_read"].isChecked()
    assert window.reading.label is None


@pytest.mark.parametrize("late", [False, True])
def test_nothing_that_is_typed_early_is_kept(opened: Program, late: bool) -> None:
    panel = opened.window.series_reading
    before = kept(opened)
    opened.selection.step_series(1)
    if late:
        opened.selection._give_way()
    panel.comment.setText("thin rim")
    panel.comment.textEdited.emit("thin rim")
    panel.keep_comment()
    panel.confidence.setValue(70)
    assert kept(opened) == before
    assert (panel.comment.text(), panel.confidence.value()) == ("", NO_CONFIDENCE)


def test_an_image_that_is_not_on_screen_is_not_copied(qtbot: QtBot, opened: Program) -> None:
    QApplication.clipboard().clear()
    opened.selection.step_series(1)
    opened.actions["copy_image"].trigger()
    assert QApplication.clipboard().image().isNull()
    arrive(qtbot, opened)
    opened.actions["copy_image"].trigger()
    assert not QApplication.clipboard().image().isNull()


def test_series_are_not_aligned_by_what_is_not_on_screen(qtbot: QtBot, opened: Program) -> None:
    second = opened.second
    opened.actions["side_by_side"].trigger()
    qtbot.waitUntil(lambda: second.shown is not None, timeout=PATIENCE)
    opened.actions["link_scrolling"].trigger()
    opened.selection._images.forget()
    opened.selection.step(3)
    opened.actions["link_scrolling"].trigger()
    assert not second.is_linked
    arrive(qtbot, opened)
    opened.actions["link_scrolling"].trigger()
    assert second.is_linked


def test_time_is_taken_from_when_the_series_is_on_screen(qtbot: QtBot, opened: Program) -> None:
    opened.selection.step_series(1)
    assert opened.selection.seconds_seen() is None
    arrive(qtbot, opened)
    assert opened.selection.seconds_seen() is not None


def test_a_result_of_other_content_leaves_no_key_to_the_image_that_was_on_screen(
    opened: Program,
) -> None:
    number = opened.selection.image
    assert number is not None
    known = opened.workspace.table.rows[number].known
    assert known is not None
    opened.workspace.table.add_results([(number, replace(known, sha256="changed"))])
    before = kept(opened)
    for action in ("read_present", "key_image"):
        opened.window.tabs.setCurrentWidget(opened.window.results)
        opened.actions[action].trigger()
    assert kept(opened) == before


@pytest.mark.parametrize("panel", ["reading", "series_reading"])
def test_what_is_being_typed_is_kept_when_another_folder_is_opened(
    qtbot: QtBot, opened: Program, tmp_path: Path, panel: str
) -> None:
    folder, [other] = opened.workspace.paths[0], [tmp_path / "empty"]
    other.mkdir()
    field = getattr(opened.window, panel).comment
    field.setText("thin rim")
    field.textEdited.emit("thin rim")
    screened_nothing(qtbot, opened, other)
    screened(qtbot, opened, folder)
    select_image(opened, "1.1")
    arrive(qtbot, opened)
    assert "thin rim" in str(kept(opened))


def screened_nothing(qtbot: QtBot, program: Program, folder: Path) -> None:
    program.open([folder])
    qtbot.waitUntil(lambda: program.workspace.state is State.DONE, timeout=PATIENCE)


@pytest.mark.parametrize("list_in_front", ["worklist", "results"])
def test_that_a_key_leads_nowhere_is_told_over_an_image_that_is_late(
    qtbot: QtBot, opened: Program, list_in_front: str
) -> None:
    opened.window.tabs.setCurrentWidget(getattr(opened.window, list_in_front))
    opened.workspace.set_threshold(1.0)  # nothing is flagged
    for action in ("next_flagged", "previous_flagged", "next_flagged_series"):
        select_image(opened, "2.1")
        opened.actions[action].trigger()
        told = opened.window.progress.words.text()
        assert told.startswith("No other flagged")
        arrive(qtbot, opened)
        assert opened.window.centre.content.note == told
        opened.actions[action].trigger()
        assert opened.window.centre.content.note == told
        select_image(opened, "1.1")
        arrive(qtbot, opened)
        assert opened.window.centre.content.note == ""


def test_a_key_that_leads_nowhere_says_where_there_may_still_be_one(opened: Program) -> None:
    readings, window = opened.workspace.readings, opened.window
    for number in range(len(opened.workspace.series)):
        readings.mark_read(number, True)
    opened.actions["next_unread"].trigger()
    assert window.progress.words.text() == "No other unread series here"
    window.worklist.search.setText("nobody is called so")
    opened.actions["next_unread"].trigger()
    assert window.progress.words.text() == "No other unread series here · hidden by the filter: 2"
    window.worklist.clear_filter()
