"""What a split divides is said, and loudly where that may be a patient."""

from __future__ import annotations

from pathlib import Path

import pytest

from imaging.input.recipe import Subject
from trainer.data.grouping import LOOKED_ALIKE, divided_by, unit_of
from trainer.data.labels import LabelledImage

PATIENT, STUDY = 'the column "patient_id"', 'the column "StudyInstanceUID"'


def image(number: int, grouped_by: str, group: str = "g") -> LabelledImage:
    return LabelledImage(str(number), Path(f"{number}.png"), 0, group, grouped_by=grouped_by)


@pytest.mark.parametrize(
    ("grouped_by", "unit"),
    [
        (PATIENT, "patients"),
        ("PatientID in the DICOM header", "patients"),
        ("the folder of each patient", "patients"),
        ('the column "subject"', "patients"),
        (STUDY, "studies"),
        ('the column "case_id"', "studies"),
        ('the column "accession_number"', "studies"),
        ('the column "检查号"', "studies"),
        ('the column "病人编号"', "patients"),
        ('the column "group"', "groups"),
        ("the table groups.csv", "groups"),
        (LOOKED_ALIKE, "repeats"),
        ("", "images"),
    ],
)
def test_what_gave_a_group_says_what_it_is(grouped_by: str, unit: str) -> None:
    assert unit_of(grouped_by) == unit


def test_patients_that_are_all_known_are_counted_and_named_by_what_gave_them() -> None:
    told = divided_by([image(1, PATIENT), image(2, PATIENT, "h"), image(3, PATIENT)], grouped=True)
    assert told == f"The split keeps whole: 2 patients by {PATIENT} (3 images)."


def test_repeats_and_single_images_are_counted_and_warned_of() -> None:
    images = [image(1, LOOKED_ALIKE), image(2, LOOKED_ALIKE), image(3, ""), image(4, "", "h")]
    told = divided_by(images, grouped=True)
    assert told.startswith("WARNING")
    assert "1 repeats by their pixels (2 images); 2 images, each by itself" in told
    assert "a patient may be divided" in told


def test_studies_may_divide_a_patient() -> None:
    told = divided_by([image(1, STUDY), image(2, STUDY)], grouped=True)
    assert told.startswith("WARNING")
    assert f"1 studies by {STUDY} (2 images)" in told
    assert "A patient with several studies may be divided" in told


def test_a_recipe_that_divides_at_random_is_warned_of() -> None:
    assert divided_by([image(1, PATIENT)], grouped=False).startswith("WARNING")


@pytest.mark.parametrize("grouped", [True, False])
def test_other_things_than_heads_have_no_patients(grouped: bool) -> None:
    told = divided_by([image(1, ""), image(2, "")], grouped, Subject.OTHER)
    assert told.startswith("WARNING")
    assert "patient" not in told
    assert "head" not in told
