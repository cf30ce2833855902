"""The reading in the window: kept at once, exported, and given before the score is shown."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.cells import number_cell
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Label
from desktop.settings import Settings
from desktop.tables.images_order import Having
from desktop.tables.row import Column
from tests.make.in_this_process import InThisProcess
from tests.make.program import PATIENCE, screened

ImageFolder = Callable[..., Path]


@pytest.fixture
def program(
    qapp: QApplication, settings: Settings, model_folder: Path, tmp_path: Path
) -> Iterator[Program]:
    reader_labels = ReaderLabels(tmp_path / "reads.sqlite")
    program = Program(
        qapp,
        settings,
        shipped=model_folder,
        device="cpu",
        sandbox=InThisProcess,
        reader_labels=reader_labels,
    )
    program.window.tabs.setCurrentWidget(program.window.results)
    yield program
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()


def exported(qtbot: QtBot, program: Program, target: Path) -> dict[str, dict[str, str]]:
    with qtbot.waitSignal(program.exporting.written, timeout=PATIENCE):
        program.exporting.write(target)
    for box in QApplication.topLevelWidgets():
        if isinstance(box, QMessageBox):
            box.close()
    with target.open(encoding="utf-8-sig", newline="") as lines:
        return {Path(row["file_path"]).name: row for row in csv.DictReader(lines)}


def test_a_reading_is_kept_shown_and_exported(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=60))
    panel = program.window.reading
    panel.buttons[Label.PRESENT].click()
    panel.comment.setText("old blood?")
    panel.comment.textEdited.emit("old blood?")
    program.selection.select(1 - (program.selection.image or 0))
    qtbot.waitUntil(lambda: program.selection.is_settled, timeout=PATIENCE)
    assert panel.comment.text() == ""
    program.actions["read_present"].trigger()
    assert panel.state.text().endswith("Disagrees with AI")
    rows = exported(qtbot, program, tmp_path / "images.csv")
    assert [rows[name]["reader_label"] for name in ("bright.png", "dark.png")] == ["present"] * 2
    assert rows["bright.png"]["reader_comment"] == "old blood?"
    assert len(ReaderLabels(tmp_path / "reads.sqlite")._known) == 2


def test_choosing_again_takes_it_back(
    qtbot: QtBot, program: Program, image_folder: ImageFolder
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    panel = program.window.reading
    panel.buttons[Label.UNSURE].click()
    said = panel.buttons[Label.UNSURE].isChecked()
    panel.buttons[Label.UNSURE].click()
    assert said
    assert not panel.buttons[Label.UNSURE].isChecked()
    assert program.workspace.table.rows[0].read is None


def test_k_makes_a_key_image_that_can_be_filtered_for_and_is_exported(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220, dark=40))
    window, table = program.window, program.workspace.table
    program.selection.select(0)
    QTest.keyClick(window.viewer, Qt.Key.Key_K)
    name = table.rows[0].path.name
    assert table.index(0, Column.NAME).data() == f"★ {name}"
    assert "Key image" in window.reading.state.text()
    assert program.actions["key_image"].isChecked()
    window.results.having.setCurrentIndex(list(Having).index(Having.KEY))
    assert window.results.view.model().rowCount() == 1
    rows = exported(qtbot, program, tmp_path / "images.csv")
    assert {key: row["reader_key_image"] for key, row in rows.items()} == {
        file: "1" if file == name else "" for file in ("bright.png", "dark.png")
    }
    program.actions["key_image"].trigger()
    assert table.rows[0].read is None
    assert window.results.view.model().rowCount() == 0


def test_a_file_that_could_not_be_read_takes_no_reading(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    (tmp_path / "empty.png").touch()
    screened(qtbot, program, tmp_path / "empty.png")
    assert not program.window.reading.buttons[Label.PRESENT].isEnabled()
    assert not program.window.reading.comment.isEnabled()


def test_comments_stay_out_of_an_export_while_identity_is_hidden(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    panel = program.window.reading
    panel.comment.setText("Mrs Mustermann")
    panel.comment.textEdited.emit("")
    panel.buttons[Label.ABSENT].click()
    program.actions["hide_identity"].trigger()
    [row] = exported(qtbot, program, tmp_path / "images.csv").values()
    assert (row["reader_label"], row["reader_comment"]) == ("absent", "")


def test_the_result_and_its_heat_map_wait_for_the_reading(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder(bright=220))
    window = program.window
    program.actions["read_before_ai"].trigger()
    program.actions["heat_map"].trigger()
    assert window.result.zone.text() == "Hidden until you have read it"
    assert window.result.number.text() == ""
    assert not program.selection.busy
    rows = exported(qtbot, program, tmp_path / "images.csv")
    assert rows["bright.png"]["probability_hemorrhage"] == ""
    with qtbot.waitSignal(program.selection.heat, timeout=PATIENCE):
        window.reading.buttons[Label.PRESENT].click()
    assert window.result.zone.text() == "Flagged"
    assert program.settings.read_before_ai
    program.actions["read_before_ai"].trigger()


def test_no_file_of_an_export_holds_a_score_that_is_hidden(
    qtbot: QtBot, program: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    screened(qtbot, program, image_folder("one", a=220, b=60), image_folder("two", c=200))
    results = program.workspace.results()
    program.actions["read_before_ai"].trigger()
    program.selection.select(2)
    qtbot.waitUntil(lambda: program.selection.is_settled, timeout=PATIENCE)
    program.window.series_reading.choose(Label.PRESENT)
    target = tmp_path / "out" / "images.csv"
    target.parent.mkdir()
    exported(qtbot, program, target)
    texts = [each.read_text(encoding="utf-8-sig") for each in target.parent.iterdir()]
    found = [
        any(number_cell(value) in text for text in texts)
        for each in results
        for value in (each.probability, each.logit)
    ]
    assert len(texts) == 3
    assert found == [False] * 4 + [True] * 2
    program.actions["read_before_ai"].trigger()
