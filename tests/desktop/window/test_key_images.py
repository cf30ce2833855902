from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.reader_labels import ReaderLabels
from desktop.settings import Settings
from desktop.viewer.measurements import Measurement
from desktop.viewer.tools import Tool
from tests.make.in_this_process import InThisProcess
from tests.make.program import PATIENCE, screened

ImageFolder = Callable[..., Path]


def close_boxes() -> None:
    for box in QApplication.topLevelWidgets():
        if isinstance(box, QMessageBox):
            box.close()


def written(qtbot: QtBot, program: Program, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    with qtbot.waitSignal(program.key_images.written, timeout=PATIENCE) as signal:
        program.key_images.write(folder)
    close_boxes()
    paths: list[Path] = signal.args[0]
    return paths


def draw(program: Program) -> None:
    """Measure a distance on the image on screen."""
    measurements = program.window.centre.content.measurements
    placement = program.window.viewer.display.placement
    measurements.press(Tool.DISTANCE, (5.0, 5.0), placement)
    measurements.move((40.0, 40.0))
    measurements.release(placement)


def turn_to(qtbot: QtBot, program: Program, row: int) -> None:
    program.selection.select(row)
    qtbot.waitUntil(lambda: program.selection.shown is not None, timeout=PATIENCE)


@pytest.fixture
def marked(qtbot: QtBot, program: Program, image_folder: ImageFolder) -> Program:
    """A program with a series of three images, of which the first and the last are key images."""
    screened(qtbot, program, image_folder(a=220, b=60, c=100))
    for row in (2, 0):
        turn_to(qtbot, program, row)
        program.actions["key_image"].trigger()
    return program


def test_the_key_images_of_the_series_are_listed_and_led_through(marked: Program) -> None:
    assert marked.window.series_reading.keys.text() == "Key images: no. 1, 3"
    seen = []
    for _ in range(3):
        marked.actions["next_key_image"].trigger()
        seen.append(marked.selection.image)
    assert seen == [2, 0, 2]
    marked.actions["key_image"].trigger()
    assert marked.window.series_reading.keys.text() == "Key images: no. 1"


def test_key_images_are_written_as_png_and_replace_nothing(
    qtbot: QtBot, marked: Program, tmp_path: Path
) -> None:
    first = written(qtbot, marked, tmp_path / "out")
    again = written(qtbot, marked, tmp_path / "out")
    names = ["series-001-0001", "series-001-0003"]
    assert [path.name for path in first] == [f"{name}.png" for name in names]
    assert [path.name for path in again] == [f"{name}-2.png" for name in names]
    sizes = set()
    for path in first:
        with PilImage.open(path) as image:
            sizes.add(image.size)
    assert sizes == {(1024, 1072)}


def test_key_images_are_those_of_the_series_they_were_asked_of(
    qtbot: QtBot, marked: Program, image_folder: ImageFolder, tmp_path: Path
) -> None:
    told: list[list[Path]] = []
    marked.key_images.written.connect(told.append)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        marked.key_images.write(tmp_path / name)
    screened(qtbot, marked, image_folder("other", x=70))
    qtbot.waitUntil(lambda: len(told) == 2, timeout=PATIENCE)
    close_boxes()
    names = ["series-001-0001.png", "series-001-0003.png"]
    assert [[path.name for path in paths] for paths in told] == [names, names]


def test_a_file_that_was_changed_since_it_was_marked_is_not_written(
    qtbot: QtBot, marked: Program, tmp_path: Path
) -> None:
    PilImage.fromarray(np.full((64, 64), 99, np.uint8)).save(marked.workspace.table.rows[2].path)
    paths = written(qtbot, marked, tmp_path / "out")
    assert [path.name for path in paths] == ["series-001-0001.png"]


def test_neither_file_name_nor_still_names_the_file_while_identity_is_hidden(
    qtbot: QtBot, marked: Program, tmp_path: Path
) -> None:
    marked.options.hide_identity = True
    [first, _] = written(qtbot, marked, tmp_path / "one")
    path = marked.workspace.table.rows[0].path
    with PilImage.open(first) as image:
        before = np.asarray(image)
    known = marked.workspace.table.rows[0].known
    assert known is not None
    renamed = path.rename(path.with_name("a of Mrs Mustermann.png"))
    marked.workspace.table.rows.images[0] = replace(known, name=renamed.name)
    [again, _] = written(qtbot, marked, tmp_path / "two")
    with PilImage.open(again) as image:
        assert np.array_equal(before, np.asarray(image))
    assert (first.name, again.name) == ("series-001-0001.png",) * 2
    marked.options.hide_identity = False


def test_the_image_on_screen_goes_to_the_clipboard_with_its_caption(
    qtbot: QtBot, marked: Program
) -> None:
    QApplication.clipboard().clear()
    marked.actions["copy_image"].trigger()
    copied = QApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (1024, 1072)


def test_measurements_are_there_when_the_image_is_opened_in_another_session(
    qtbot: QtBot,
    qapp: QApplication,
    settings: Settings,
    model_folder: Path,
    tmp_path: Path,
    image_folder: ImageFolder,
) -> None:
    folder, store = image_folder(a=220, b=60), tmp_path / "reads.sqlite"
    found: list[list[tuple[Measurement, ...]]] = []
    for session in range(3):
        program = Program(
            *(qapp, settings),
            shipped=model_folder,
            device="cpu",
            sandbox=InThisProcess,
            reader_labels=ReaderLabels(store),
        )
        screened(qtbot, program, folder)
        seen = []
        for row in (0, 1):
            turn_to(qtbot, program, row)
            seen.append(program.window.centre.content.measurements.kept)
            if row == 0 and session == 0:
                draw(program)
            if row == 0 and session == 1:
                program.actions["remove_all"].trigger()
        found.append(seen)
        program.window.close()
        program.window.deleteLater()
    line = Measurement(Tool.DISTANCE, ((5.0, 5.0), (40.0, 40.0)))
    assert found == [[(), ()], [(line,), ()], [(), ()]]


def test_a_measurement_makes_no_reading_of_the_time(qtbot: QtBot, marked: Program) -> None:
    draw(marked)
    read = marked.workspace.table.rows[0].read
    assert read is not None
    assert (read.label, read.is_key) == (None, True)
    assert '"distance"' in read.measurements
    marked.actions["undo"].trigger()
    undone = marked.workspace.table.rows[0].read
    assert undone is not None
    assert undone.measurements == ""
