from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.tables.row import DETAIL_ROLE
from desktop.tables.worklist_cells import WorklistColumn
from desktop.window.group_dialog import GroupDialog
from tests.make.program import PATIENCE, screened

ImageFolder = Callable[..., Path]


@pytest.fixture
def flat(qtbot: QtBot, program: Program, image_folder: ImageFolder) -> Program:
    """A program with a flat folder of two patients' images and one that is of neither."""
    screened(qtbot, program, image_folder(A_1=220, A_2=60, B_1=60, B_2=50, other=70))
    return program


def groups(program: Program) -> list[tuple[str, int]]:
    return [(each.group.name, len(each.members)) for each in program.workspace.series]


def exported(qtbot: QtBot, program: Program, folder: Path) -> tuple[list[dict[str, str]], str]:
    folder.mkdir()
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(folder / "images.csv")
    for box in QApplication.topLevelWidgets():
        if isinstance(box, QMessageBox):
            box.close()
    with (folder / "series.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    said = json.loads((folder / "images.csv.json").read_text())
    return rows, said["grouped_by_name"]


def test_nothing_is_grouped_before_the_reader_says_so(flat: Program) -> None:
    dialog = GroupDialog(flat.workspace, flat.window)
    assert dialog.pattern.text() == "{patient}_*"
    assert dialog.preview.toPlainText().splitlines() == [
        "A (2): A_1.png, A_2.png",
        "B (2): B_1.png, B_2.png",
    ]
    dialog.reject()
    assert groups(flat) == [("images", 5)]
    assert not flat.window.worklist.by_name.isHidden()
    told = flat.workspace.worklist.index(0, WorklistColumn.NAME).data(DETAIL_ROLE)
    assert told == "patients cannot be distinguished"


def test_the_groups_are_series_and_an_image_of_none_has_no_series_result(
    qtbot: QtBot, flat: Program, tmp_path: Path
) -> None:
    GroupDialog(flat.workspace, flat.window)._group()
    rows = flat.workspace.table.rows
    assert groups(flat) == [("A", 2), ("B", 2)]
    [other] = [at for at, row in enumerate(rows) if row.path.stem == "other"]
    assert flat.workspace.series.number_of(other) is None
    assert rows.order(other) == max(
        map(rows.order, range(len(rows)))
    )  # after all that are in a group
    assert "images in no group: 1" in flat.window.worklist.count.text()
    assert "without an image" not in flat.window.worklist.count.text()
    series, pattern = exported(qtbot, flat, tmp_path / "out")
    assert [row["name_group"] for row in series] == ["A", "B"]
    assert all(row["prediction"] for row in series)
    assert pattern == "{patient}_*"


def test_groups_by_name_are_not_shown_as_folders_that_are_series(flat: Program) -> None:
    flat.workspace.trust_folders(True)
    assert flat.workspace.trusts_folders
    GroupDialog(flat.workspace, flat.window)._group()
    assert not flat.workspace.trusts_folders


def test_an_export_without_identity_holds_no_part_of_a_name(
    qtbot: QtBot, flat: Program, tmp_path: Path
) -> None:
    GroupDialog(flat.workspace, flat.window)._group()
    flat.options.hide_identity = True
    series, pattern = exported(qtbot, flat, tmp_path / "out")
    assert ([row["name_group"] for row in series], pattern) == (["series-1", "series-2"], "hidden")
    assert GroupDialog(flat.workspace, flat.window).preview.toPlainText() == ""
    flat.options.hide_identity = False


def test_grouping_is_taken_back(qtbot: QtBot, flat: Program, tmp_path: Path) -> None:
    GroupDialog(flat.workspace, flat.window)._group()
    GroupDialog(flat.workspace, flat.window)._ungroup()
    assert groups(flat) == [("images", 5)]
    series, pattern = exported(qtbot, flat, tmp_path / "out")
    assert ([row["name_group"] for row in series], pattern) == ([""], "")
    assert series[0]["prediction"] == ""


def test_a_text_that_is_no_pattern_groups_nothing(flat: Program) -> None:
    dialog = GroupDialog(flat.workspace, flat.window)
    dialog.pattern.setText("*")
    assert not dialog.group.isEnabled()
    assert dialog.preview.toPlainText() == ""


def test_the_question_is_withdrawn_when_another_folder_is_opened(
    qtbot: QtBot, flat: Program, image_folder: ImageFolder
) -> None:
    dialog = GroupDialog(flat.workspace, flat.window)
    dialog.open()
    flat.workspace.stop()
    assert dialog.isVisible()
    screened(qtbot, flat, image_folder("other", C_1=220, C_2=60))
    assert not dialog.isVisible()
    assert not flat.workspace.series.by_name
