from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.tables.row import DETAIL_ROLE, THRESHOLD_ROLE, VALUE_ROLE, ZONE_ROLE
from desktop.tables.worklist import Worklist
from desktop.tables.worklist_cells import WorklistColumn
from desktop.text.unbroken import unbroken
from imaging.image import Identity
from model.image_result import Zone
from model.listed_image import ListedImage
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from tests.make.results import result
from tests.make.series_head import HEAD
from tests.make.tiny_model import tiny_card
from tests.make.worklists import (
    FOLDERS,
    cells,
    of_patient,
    told,
    waiting,
    worklist_of,
)

WIDE = (
    OperatingPoint(DEFAULT, 0.5, ""),
    OperatingPoint(SENSITIVE, 0.3, ""),
    OperatingPoint(SPECIFIC, 0.95, ""),
)


@pytest.fixture
def folders() -> Worklist:
    return worklist_of(FOLDERS)


def test_a_series_says_how_many_of_its_images_are_flagged(folders: Worklist) -> None:
    assert cells(folders, 0) == ["one", "90.0 %", "Flagged", ""]
    assert told(folders, 0) == ("Flagged", "1 of 2 images flagged")
    assert told(folders, 1) == ("Not flagged", "0 of 1 images flagged")


def test_the_uncertain_zone_is_said_in_words(folders: Worklist) -> None:
    folders.series.table.set_card(replace(tiny_card(), operating_points=WIDE))
    assert told(folders, 0) == ("Flagged", "uncertain, 1 of 2 flagged")


def test_what_is_missing_is_said(folders: Worklist) -> None:
    tip = folders.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "ordered by file name" in tip
    assert unbroken("1 of 3 not assessed") in tip


def test_age_sex_and_study_time_stand_below_the_patient() -> None:
    identity = Identity("7", "Doe^Jo", "1", "2", study_date="20260304", study_time="0506")
    identity = replace(identity, patient_age="067Y", patient_sex="F", series_description="Head")
    worklist = worklist_of([result("/a/1.dcm", 0.1, identity=identity)])
    index = worklist.index(0, 0)
    assert (index.data(), index.data(DETAIL_ROLE)) == (
        "Doe Jo 7",
        "67 y F · 2026-03-04 05:06 · Head",
    )


def test_of_a_folder_of_images_it_is_said_that_patients_cannot_be_told_apart(
    folders: Worklist,
) -> None:
    folders.series.trust_folders(False)
    lines = {folders.index(row, 0).data(): folders.index(row, 0) for row in range(2)}
    details = {name: line.data(DETAIL_ROLE) for name, line in lines.items()}
    assert details == {"one": "patients cannot be distinguished", "two": ""}  # one image: no doubt


@pytest.mark.parametrize(("highest", "zone"), [(0.5, Zone.UNCERTAIN), (0.49, None)])
def test_an_unidentified_folder_with_a_flagged_image_is_not_grey(
    highest: float, zone: Zone | None
) -> None:
    worklist = worklist_of([result("/one/1.png", 0.2), result("/one/x.png", highest)])
    worklist.series.trust_folders(False)
    told_by = worklist.index(0, WorklistColumn.RESULT)
    assert (told_by.data(ZONE_ROLE), told_by.data(VALUE_ROLE)) == (zone, None)


def test_a_folder_that_the_reader_takes_for_one_patient_says_so(folders: Worklist) -> None:
    assert folders.index(0, 0).data(DETAIL_ROLE) == "taken for one patient"


def test_hidden_identity_numbers_patients_and_hides_all_that_is_known_of_them() -> None:
    identity = Identity("7", "Doe^Jo", "1", "2", study_date="20260304", patient_age="067Y")
    worklist = worklist_of([result("/Doe/1.dcm", 0.1, identity=identity), *FOLDERS])
    worklist.series.table.set_hide_identity(True)
    lines = [worklist.index(row, 0) for row in range(worklist.rowCount())]
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, DETAIL_ROLE)
    shown = " ".join(str(line.data(role)) for line in lines for role in roles)
    assert "Patient 1" in shown
    assert [word for word in ("Doe", "67", "2026") if word in shown] == []


def test_a_series_head_gives_the_series_its_number_and_the_mark_beside_it() -> None:
    worklist = worklist_of(of_patient("A", *[0.75] * 10), card=tiny_card(series_head=HEAD))
    score = worklist.index(0, WorklistColumn.SCORE)
    assert score.data(VALUE_ROLE) == HEAD.probability([1.0] * 10)
    assert score.data(THRESHOLD_ROLE) == 0.5
    worklist.series.table.set_threshold(0.25)
    worklist.series.follow_threshold()
    assert score.data(THRESHOLD_ROLE) == 0.5
    top = worklist.index(0, WorklistColumn.SCORE, worklist.index(0, 0))
    assert (top.data(VALUE_ROLE), top.data(THRESHOLD_ROLE)) == (0.75, 0.25)


def test_lines_of_several_studies_say_when_each_was() -> None:
    now = Identity("7", "Doe^Jo", "1", "1", study_date="20260304", study_time="0506")
    now = replace(now, series_description="Head")
    before = replace(now, study_uid="2", series_uid="2", study_date="20250102")
    images = [result(f"/{at}.dcm", 0.1, identity=each) for at, each in enumerate((now, before))]
    worklist = worklist_of(images)
    patient = worklist.index(0, 0)
    lines = [worklist.index(row, 0, patient).data(DETAIL_ROLE) for row in range(2)]
    assert sorted(lines) == ["2025-01-02 05:06", "2026-03-04 05:06"]
    assert patient.data(DETAIL_ROLE) == "several studies · 2 series"
    worklist.series.table.set_hide_identity(True)
    assert worklist.index(0, 0, worklist.index(0, 0)).data(DETAIL_ROLE) == ""


def test_a_patient_with_a_series_that_waits_says_so() -> None:
    worklist = worklist_of([*of_patient("A", 0.9), *waiting(of_patient("A", 0.1, series="2"))])
    assert told(worklist, 0) == ("Flagged", "2 series, 1 scored")


def test_a_patient_is_not_called_not_flagged_while_a_series_waits() -> None:
    worklist = worklist_of([*of_patient("A", 0.1), *waiting(of_patient("A", 0.1, series="2"))])
    assert told(worklist, 0)[0] == "Waiting"


def blinded_patient(*also: ListedImage) -> Worklist:
    """A patient of three scored series, of which the reader, blinded, has read the first."""
    series = [of_patient("A", score, series=str(at)) for at, score in enumerate((0.1, 0.9, 0.2))]
    scored = [replace(image, sha256=str(image.path)) for [image] in series]
    worklist = worklist_of([*scored, *also])
    worklist.series.table.set_read_before_ai(True)
    worklist.series.table.set_series_read([0], True)
    return worklist


def test_a_patient_with_hidden_series_says_so_and_does_not_call_them_unscored() -> None:
    assert told(blinded_patient(), 0) == ("Hidden", "3 series, 2 hidden")


def test_a_patient_with_hidden_series_and_one_that_waits_says_both() -> None:
    worklist = blinded_patient(*waiting(of_patient("A", 0.1, series="9")))
    assert told(worklist, 0)[1] == "4 series, 3 scored, 2 hidden"


def test_what_is_said_of_hidden_series_is_the_same_whatever_their_scores() -> None:
    def line(score: float) -> list[str]:
        images = [of_patient("A", score, series=series)[0] for series in "12"]
        worklist = worklist_of([replace(image, sha256=str(image.path)) for image in images])
        worklist.series.table.set_read_before_ai(True)
        return [*cells(worklist, 0), *told(worklist, 0)]

    assert line(0.01) == line(0.99)


def test_a_read_series_has_a_mark_that_can_be_taken_back(folders: Worklist) -> None:
    folders.readings.mark_read(0, True)
    assert cells(folders, 0)[WorklistColumn.READ] == "✓"
    folders.readings.mark_read(0, False)
    assert cells(folders, 0)[WorklistColumn.READ] == ""
