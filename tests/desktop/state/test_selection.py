"""A waiting image is of no series: nothing of another patient stands beside it, keys stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.app import Program
from model.series_result import PendingImage, group_images
from tests.make.results import result
from tests.make.tiny_model import tiny_card

SCORED = [result(f"/anna/{n}.dcm", 0.1) for n in range(3)]
"""A series of a patient that is not flagged."""
WAITING = [Path("/berta/0.dcm"), Path("/berta/1.dcm")]
"""Images of another patient, found and not scored yet."""


@pytest.fixture
def busy(program: Program) -> Program:
    """A program that has scored the first patient and not yet the second one."""
    table, tree = program.workspace.table, program.workspace.series
    table.set_card(tiny_card())
    table.add_images([*SCORED, *(PendingImage(path) for path in WAITING)])
    tree.set_groups(group_images(SCORED))
    table.set_places((row, (0, row)) for row in range(len(SCORED)))
    return program


def test_nothing_of_another_patients_series_stands_beside_a_waiting_image(busy: Program) -> None:
    window = busy.window
    busy.selection.select(0)
    beside_scored = (window.answer.series.summary.text(), window.worklist.rule.text())
    busy.selection.select(3)
    assert all(beside_scored)
    assert (window.answer.series.summary.text(), window.worklist.rule.text()) == ("", "")
    assert (window.answer.number.text(), window.answer.rule.text()) == ("", "")
    assert busy.workspace.series.number_of(3) is None
    assert not busy.workspace.series.index_of(3).isValid()


def test_the_wheel_stays_on_a_waiting_image(busy: Program) -> None:
    viewer, selection = busy.window.viewer, busy.selection
    selection.select(3)
    for turn in (-1, 1, 10):
        viewer.step_requested.emit(turn)
        assert selection.number == 3
    busy.actions["first_slice"].trigger()
    busy.actions["last_slice"].trigger()
    assert selection.number == 3


def test_the_wheel_ends_with_the_series_where_other_images_wait(busy: Program) -> None:
    busy.selection.select(0)
    busy.window.viewer.step_requested.emit(10)
    assert busy.selection.number == 2
    busy.actions["last_slice"].trigger()
    assert busy.selection.number == 2


def test_the_keys_of_the_series_stay_on_a_waiting_image(busy: Program) -> None:
    busy.selection.select(3)
    for way in (-1, 1):
        busy.selection.step_series(way)
        assert busy.selection.number == 3


def test_the_counter_counts_no_series_for_a_waiting_image(busy: Program) -> None:
    centre, selection = busy.window.centre, busy.selection
    selection.select(1)
    assert centre._place().startswith("2/3")
    selection.select(3)
    assert centre._place() == ""


def test_waiting_images_follow_those_whose_series_is_known_in_file_order(busy: Program) -> None:
    orders = [row.order for row in busy.workspace.table.rows]
    assert orders == sorted(orders)
    assert [row.place for row in busy.workspace.table.rows[3:]] == [None, None]
