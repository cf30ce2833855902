from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import NO_DRAFT, Draft, Label, SeriesReading
from desktop.settings import Settings
from desktop.window.series_reading import NO_CONFIDENCE
from imaging.image import Identity
from model.image_result import ImageResult
from tests.make.in_this_process import InThisProcess
from tests.make.program import open_by_hand, put_on_screen
from tests.make.results import result


def image(patient: str, probability: float) -> ImageResult:
    identity = Identity(patient_id=patient, series_uid=patient)
    made = result(f"/{patient}/1.png", probability, identity=identity)
    return replace(made, sha256=f"content of {patient}")


IMAGES = [image("A", 0.99), image("B", 0.98), image("C", 0.1)]


def opened(program: Program, images: list[ImageResult]) -> None:
    """Open images by hand, grouped as after the reading of headers, the first one on screen."""
    open_by_hand(program, images)
    # There are no such files: only what the reader has turned to stays.
    for number in (len(images) - 1, 0):
        put_on_screen(program, number)


@pytest.fixture
def program(
    qapp: QApplication, settings: Settings, model_folder: Path, tmp_path: Path
) -> Iterator[Program]:
    """A program in which three series are assessed, the worklist in front."""
    labels = ReaderLabels(tmp_path / "reads.sqlite")
    program = Program(
        *(qapp, settings),
        shipped=model_folder,
        device="cpu",
        sandbox=InThisProcess,
        reader_labels=labels,
    )
    opened(program, IMAGES)
    yield program
    program.workspace.table.set_read_before_ai(False)
    program.window.close()
    program.window.deleteLater()
    program.deleteLater()


def kept(program: Program, number: int = 0) -> SeriesReading:
    reading = program.workspace.readings.reading(number)
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("key", "label"),
    [("Ctrl+1", Label.PRESENT), ("Ctrl+2", Label.ABSENT), ("Ctrl+3", Label.UNSURE)],
)
def test_in_the_worklist_the_keys_of_the_reading_read_the_series(
    qtbot: QtBot, program: Program, key: str, label: Label
) -> None:
    program.show()
    program.window._pages.setCurrentWidget(program.window.splitter)
    program.window.activateWindow()
    view = program.window.worklist.view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keySequence(view, QKeySequence(key))
    assert kept(program).label is label
    assert program.workspace.table.rows[0].read is None
    assert program.actions["read_" + label.value].text().startswith("Series: ")


def test_in_the_list_of_images_the_same_keys_read_the_image(program: Program) -> None:
    window = program.window
    window.tabs.setCurrentWidget(window.results)
    program.actions["read_present"].trigger()
    read = program.workspace.table.rows[0].read
    assert read is not None
    assert read.label is Label.PRESENT
    assert program.workspace.readings.reading(0) is None


def test_a_reading_has_the_reader_the_confidence_and_the_time_taken(program: Program) -> None:
    panel = program.window.series_reading
    panel.reader.setText(" AB ")
    panel.confidence.setValue(80)
    program.actions["read_series_present"].trigger()
    reading = kept(program)
    assert (reading.reader, reading.confidence, reading.label) == ("AB", 80, Label.PRESENT)
    assert reading.seconds is not None
    assert "AB" in panel.state.text()
    assert program.settings.reader == "AB"


def test_what_is_given_before_the_label_is_kept_with_it_and_of_its_own_series(
    program: Program,
) -> None:
    panel = program.window.series_reading
    panel.confidence.setValue(30)
    panel.comment.setText("thin rim")
    panel.comment.textEdited.emit("thin rim")
    put_on_screen(program, 1)
    beside = panel.confidence.value(), panel.comment.text()
    put_on_screen(program, 0)
    program.actions["read_series_unsure"].trigger()
    assert beside == (NO_CONFIDENCE, "")
    assert (kept(program).confidence, kept(program).comment) == (30, "thin rim")
    assert program.workspace.readings.reading(1) is None


def test_what_is_being_typed_goes_to_no_other_series_when_numbers_mean_others(
    program: Program,
) -> None:
    series, comment = program.workspace.series, program.window.series_reading.comment
    comment.setText("left")
    comment.textEdited.emit("left")
    series.set_groups([each.group for each in series][::-1])
    program.window.series_reading.keep_comment()
    readings = program.workspace.readings
    assert [readings.draft(number) for number in range(3)] == [NO_DRAFT] * 3


def test_confidence_by_keys_begins_in_the_middle_and_ends_at_nothing(program: Program) -> None:
    panel, seen = program.window.series_reading, []
    for action in ("confidence_up", "confidence_up", *["confidence_down"] * 8):
        program.actions[action].trigger()
        seen.append(panel.confidence.value())
    assert seen == [50, 60, 50, 40, 30, 20, 10, 0, NO_CONFIDENCE, 50]


def test_a_confidence_changed_with_the_score_on_show_is_not_blinded(program: Program) -> None:
    opened_blinded(program)
    panel = program.window.series_reading
    panel.confidence.setValue(70)
    program.actions["read_series_present"].trigger()
    before = kept(program)
    panel.comment.setText("left side")
    panel.comment.textEdited.emit("left side")
    panel.keep_comment()
    commented = kept(program)
    panel.confidence.setValue(90)
    assert (before.blinded, before.confidence) == (True, 70)
    assert (commented.blinded, commented.comment) == (True, "left side")
    assert (kept(program).blinded, kept(program).confidence) == (False, 90)


def opened_blinded(program: Program) -> None:
    """Open the images again with scores hidden from the start."""
    program.workspace.table.clear()
    program.workspace.table.set_read_before_ai(True)
    opened(program, IMAGES)


def test_a_reading_is_blinded_where_no_score_was_ever_on_show(program: Program) -> None:
    opened_blinded(program)
    program.actions["read_series_present"].trigger()
    assert kept(program).blinded


def test_a_score_that_was_on_show_and_is_hidden_again_makes_no_blinded_reading(
    program: Program,
) -> None:
    program.workspace.table.set_read_before_ai(True)
    program.actions["read_series_present"].trigger()
    assert not kept(program).blinded


def test_a_reading_taken_back_and_given_again_is_not_blinded(program: Program) -> None:
    opened_blinded(program)
    for _ in range(2):
        program.actions["read_series_present"].trigger()
    program.actions["read_series_absent"].trigger()
    assert not kept(program).blinded


def become(program: Program, name: str) -> None:
    """Enter another reader's name."""
    panel = program.window.series_reading
    panel.reader.setText(name)
    panel.reader.editingFinished.emit()


def test_a_first_readers_reading_unblinds_nothing_for_a_second_one(program: Program) -> None:
    become(program, "AB")
    opened_blinded(program)
    program.actions["read_series_present"].trigger()
    shown = program.window.result.number.text()
    become(program, "CD")
    readings, panel = program.workspace.readings, program.window.series_reading
    assert (shown != "", program.window.result.number.text()) == (True, "")
    assert program.workspace.series[0].is_blinded
    assert (readings.reading(0), readings.is_read(0), panel.label) == (None, False, None)
    program.actions["read_series_absent"].trigger()
    assert (kept(program).reader, kept(program).label) == ("CD", Label.ABSENT)
    assert kept(program).blinded
    become(program, "AB")
    assert (kept(program).reader, kept(program).label) == ("AB", Label.PRESENT)
    assert program.window.result.number.text() == shown


def test_the_second_reader_is_blinded_after_the_program_was_started_again(
    program: Program,
) -> None:
    become(program, "AB")
    program.actions["read_series_present"].trigger()
    become(program, "CD")
    opened_blinded(program)
    assert program.workspace.series[0].is_blinded
    assert program.workspace.table.rows[0].is_blinded


def test_what_was_seen_under_no_name_makes_nobodys_reading_blinded(program: Program) -> None:
    program.workspace.table.set_read_before_ai(True)
    become(program, "AB")
    program.actions["read_series_present"].trigger()
    assert not kept(program).blinded


def test_measurements_and_key_images_are_the_readers_own(program: Program) -> None:
    table = program.workspace.table
    become(program, "AB")
    program.actions["key_image"].trigger()
    table.show_reading(IMAGES[0], table.reader_labels.set_measurements(IMAGES[0], "drawn"))
    become(program, "CD")
    assert table.rows[0].read is None
    become(program, "AB")
    read = table.rows[0].read
    assert read is not None
    assert (read.is_key, read.measurements) == (True, "drawn")


def test_what_waits_for_its_label_is_there_after_the_program_was_killed(
    program: Program, tmp_path: Path
) -> None:
    panel = program.window.series_reading
    panel.confidence.setValue(30)
    panel.comment.setText("thin rim")
    panel.comment.textEdited.emit("thin rim")
    panel.keep_comment()
    key = program.workspace.readings._keys[0]
    assert ReaderLabels(tmp_path / "reads.sqlite").draft(key) == Draft("thin rim", 30)
    program.actions["read_series_unsure"].trigger()
    assert (kept(program).confidence, kept(program).comment) == (30, "thin rim")
    assert ReaderLabels(tmp_path / "reads.sqlite").draft(key) == NO_DRAFT


def test_what_is_said_before_the_name_goes_with_the_name(program: Program) -> None:
    panel = program.window.series_reading
    panel.confidence.setValue(30)
    become(program, "AB")
    assert panel.confidence.value() == 30
    become(program, "CD")
    assert panel.confidence.value() == NO_CONFIDENCE
    become(program, "")
    assert panel.confidence.value() == NO_CONFIDENCE


def test_the_readers_name_is_not_shown_beside_a_reading_while_identity_is_hidden(
    program: Program,
) -> None:
    panel = program.window.series_reading
    panel.reader.setText("AB")
    program.actions["read_series_present"].trigger()
    program.options.hide_identity = True
    assert "AB" not in panel.state.text()
    program.options.hide_identity = False


def test_a_mark_as_read_is_there_when_the_series_is_opened_again(program: Program) -> None:
    program.actions["mark_read"].trigger()
    program.workspace.table.clear()
    opened(program, IMAGES)
    readings = program.workspace.readings
    assert [readings.is_read(number) for number in range(3)] == [True, False, False]
    program.actions["mark_read"].trigger()
    assert not readings.is_read(0)


def test_a_mark_made_before_the_content_is_known_is_kept_when_it_is(program: Program) -> None:
    pending = replace(IMAGES[0], sha256="")
    opened(program, [pending])
    readings = program.workspace.readings
    readings._keys.clear()
    readings.mark_read(0, True)
    program.workspace.table.add_results([(0, IMAGES[0])])
    assert readings.is_read(0)
    opened(program, IMAGES)
    assert readings.is_read(0)
