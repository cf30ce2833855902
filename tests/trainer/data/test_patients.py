"""Tests for trainer.data.patients: what headers and folders say of patients and classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.make.dicom import ct, save
from trainer.data.patients import class_folders, patient_folder, patient_in_header

ROOT = Path("data")


def test_the_patient_of_a_dicom_file_is_in_its_header(tmp_path: Path) -> None:
    assert patient_in_header(save(ct(PatientID=" 007 "), tmp_path / "a.dcm")) == "007"


@pytest.mark.parametrize("content", [b"", b"\x89PNG", bytes(128) + b"DICM" + b"\xff" * 40])
def test_what_tells_no_patient_gives_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(content)
    assert patient_in_header(path) == ""
    assert patient_in_header(tmp_path / "missing.dcm") == ""


@pytest.mark.parametrize(
    ("path", "patient"),
    [
        ("a.png", ""),
        ("images/a.png", ""),
        ("Train/a.png", ""),
        ("p1/a.png", "p1"),
        ("train/p1/a.png", "p1"),
        ("p1/study2/a.png", "p1/study2"),
        ("normal/a.png", ""),
    ],
)
def test_a_folder_that_divides_the_data_set_is_no_patient(path: str, patient: str) -> None:
    assert patient_folder(ROOT / path, ROOT) == patient


def labels(*paths: str) -> dict[str, int] | None:
    found = class_folders(ROOT, [ROOT / path for path in paths])
    return None if found is None else {row.image_id: row.label for row in found.rows}


def test_two_folders_are_two_classes_where_one_of_them_is_without_the_finding() -> None:
    assert labels("bleed/a.png", "normal/b.png") == {"bleed/a.png": 1, "normal/b.png": 0}
    assert labels("0/a.png", "1/b.png") == {"0/a.png": 0, "1/b.png": 1}
    inside = labels("train/bleed/a.png", "test/normal/b.png")
    assert inside == {"train/bleed/a.png": 1, "test/normal/b.png": 0}


@pytest.mark.parametrize(
    "paths",
    [
        ("bleed/a.png",),
        ("bleed/a.png", "tumour/b.png"),
        ("bleed/a.png", "normal/b.png", "tumour/c.png"),
        ("bleed/a.png", "b.png"),
    ],
)
def test_other_folders_are_no_classes(paths: tuple[str, ...]) -> None:
    assert labels(*paths) is None


@pytest.mark.parametrize("beside", ["c.png", "train/c.png"])
def test_an_image_that_lies_beside_the_class_folders_has_no_label(beside: str) -> None:
    found = labels("bleed/a.png", "normal/b.png", beside)
    assert found == {"bleed/a.png": 1, "normal/b.png": 0}
