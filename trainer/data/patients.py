"""Patients and classes that no table gives: from DICOM headers and from the names of folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pydicom
from pydicom.errors import InvalidDicomError

from trainer.data.label_layout import LabelRow, LabelTable, class_name_of_column, is_negative
from trainer.quiet import libraries_kept_quiet

SPLIT_NAMES = frozenset(
    {"train", "training", "val", "valid", "validation", "test", "testing", "images", "fold"}
)
"""Names of folders that divide a data set, and not its patients."""


@libraries_kept_quiet()
def patient_in_header(path: Path) -> str:
    """The PatientID of a DICOM file; empty where there is none, and for other files."""
    try:
        with path.open("rb") as file:
            if file.read(132)[128:] != b"DICM":
                return ""
        header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["PatientID"])
        return str(header.get("PatientID", "") or "").strip()
    except (OSError, InvalidDicomError, ValueError, TypeError, EOFError, KeyError):
        return ""  # reading the image says later what is wrong with the file


def patient_folder(path: Path, root: Path) -> str:
    """The folder below ``root`` that an image lies in; empty where it names no patient."""
    parts = path.relative_to(root).parts[:-1]
    inner = [part for part in parts if part.casefold() not in SPLIT_NAMES and not is_negative(part)]
    return "/".join(inner)


def class_folders(root: Path, paths: Sequence[Path]) -> LabelTable | None:
    """The labels that two folders of images give, one of them without the finding; else None.

    Folders that divide a data set, such as train and test, may lie around them. An image that lies
    in neither has no row.
    """
    classes = {path: _class_of(path.relative_to(root).parts[:-1]) for path in paths}
    names = set(classes.values()) - {""}
    positive = sorted(name for name in names if not is_negative(name))
    if names == {"0", "1"}:
        positive = ["1"]
    if len(names) != 2 or len(positive) != 1:
        return None
    rows = [
        LabelRow(f"{name}/", path.relative_to(root).as_posix(), int(name == positive[0]))
        for path, name in classes.items()
        if name
    ]
    return LabelTable(class_name_of_column(positive[0]), tuple(rows), "")


def _class_of(folders: Sequence[str]) -> str:
    """The first folder that divides no data set; empty without one."""
    return next((name for name in folders if name.casefold() not in SPLIT_NAMES), "")
