"""A folder of images and a table of labels become labelled images, or a list of faults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from trainer.data.label_layout import LabelRow, LabelTable, read_label_table
from trainer.data.label_table import (
    TOLD_ONE_BY_ONE,
    LabelError,
    find_id_column,
    other_tables,
    read_rows,
    table_path,
    told,
)
from trainer.data.patients import (
    class_folders,
    patient_folder,
    patient_in_header,
)

IMAGE_FOLDER = "images"
GROUP_COLUMN, SOURCE_COLUMN = "group", "source"
BESIDE_IMAGES = {
    *(".csv", ".tsv", ".txt", ".md", ".json", ".html", ".pdf", ".xlsx", ".xls", ".log"),
    *(".db", ".ini", ".onnx", ".pt", ".py", ".zip"),
}
"""Files with these suffixes lie beside images and are none; all others want a label."""
_IMAGE_SUFFIX = re.compile(r"\.(dcm|dicom|png|jpe?g|tiff?|bmp|gif|webp|jp2)$", re.IGNORECASE)
_POINT_ZERO = re.compile(r"(?<=\d)\.0$")
"""What pandas writes behind a number in a column with gaps."""
FEWEST_FOLDERS = 3
"""So many folders of images may be patients; two may as well be classes or sites."""


@dataclass(frozen=True)
class LabelledImage:
    """One image file with what is known of it."""

    image_id: str
    path: Path
    label: int
    """1 with the finding, 0 without."""
    group: str
    """Images of one group (a patient, repeats, neighbours) are never divided."""
    source: str = ""
    """Name of the folder that it came from: sites differ in more than their patients."""
    traits: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The table's other columns of 0 and 1, such as subtypes of the finding."""
    grouped_by: str = ""
    """What gave the group, in words; empty where nothing did and the image stands alone."""
    others: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the table says in all other columns, such as age and sex; those of traits as well."""


def read_labels(
    folder: Path,
    table: Path | None = None,
    groups: Path | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
) -> list[LabelledImage]:
    """Match the rows of a table of labels with the images of a folder, in the table's order.

    ``table`` is ``labels.csv`` in the folder unless given; without one, two folders of images may
    name the classes. Images lie in ``images`` or in the folder itself. Where the table has no
    column of groups or patients, the PatientID of DICOM files or folders of patients take its
    place. ``group_column`` names that column. ``groups`` is a table ``image_id,group`` that
    overrides all of these; where it has a column ``source``, only the rows with this folder's name
    count, if there are any.
    Raises LabelError naming every fault with its line.
    """
    table = table_path(folder, table)
    images = _Images(folder, {table, groups} - {None})
    labels = _table_of(folder, table, images, label_column, group_column)
    faults: list[str] = []
    found = _matched(labels, images, folder.resolve().name, faults)
    if groups is not None:
        found = _with_groups(found, groups, images, faults)
    elif not labels.group_column:
        found = _with_patients(found, images.root)
    if faults:
        raise LabelError(faults)
    return found


def read_table(
    folder: Path,
    table: Path | None = None,
    label_column: str | None = None,
    group_column: str | None = None,
) -> LabelTable:
    """The table of a folder's labels alone, with the name of the class. Raises LabelError."""
    table = table_path(folder, table)
    return _table_of(folder, table, _Images(folder, {table} - {None}), label_column, group_column)


def _table_of(
    folder: Path,
    table: Path | None,
    images: _Images,
    label_column: str | None,
    group_column: str | None,
) -> LabelTable:
    if table is not None:
        return read_label_table(table, label_column, group_column)
    found = class_folders(images.root, images.paths)
    if found is None:
        raise LabelError(
            [
                f"{folder}: there is no labels.csv, nor are there two folders of images of which "
                "one is called normal, negative, no or the like; name the table of labels."
                f"{other_tables(folder)}"
            ]
        )
    return found


def _matched(
    labels: LabelTable, images: _Images, source: str, faults: list[str]
) -> list[LabelledImage]:
    """The rows whose image is there; a fault for each other row and each image without a row."""
    ids = images.ids_here([row.image_id for row in labels.rows])
    named = [(row, images.find(each)) for row, each in zip(labels.rows, ids, strict=True)]
    missing = [row for row, fitting in named if not fitting]
    if len(missing) > TOLD_ONE_BY_ONE and len(missing) == len(named):
        raise LabelError([_nothing_fits(missing[0], len(missing), images)])
    faults += told(
        [f'{row.place}: there is no image for "{row.image_id[:80]}"' for row in missing],
        "rows name no image either",
    )
    faults += told(
        [f"{row.place}: {row.fault}" for row in labels.rows if row.fault],
        "labels cannot be read either",
    )
    found = [
        _labelled(row, path, labels.group_column, source)
        for row, fitting in named
        if fitting and (path := images.take(row.image_id, fitting, row, faults)) is not None
    ]
    taken = {image.path for image in found}
    unlabelled = [path for path in images.paths if path not in taken]
    if len(unlabelled) > TOLD_ONE_BY_ONE:
        faults.append(f"{unlabelled[0]} and {len(unlabelled) - 1} more images have no label.")
    else:
        faults += [f"{path}: there is no label." for path in unlabelled]
    return found


def _nothing_fits(row: LabelRow, count: int, images: _Images) -> str:
    first = f'such as "{images.paths[0].relative_to(images.root)}"' if images.paths else "none"
    table, shown = row.place.partition(" line ")[0], row.image_id[:80]
    return (
        f'{table}: none of its {count} ids, such as "{shown}", '
        f"names an image in {images.root} ({len(images.paths)} there, {first})."
    )


def _labelled(row: LabelRow, path: Path, column: str, source: str) -> LabelledImage:
    known = f'the column "{column}"' if row.group else ""
    group = row.group or row.image_id
    return LabelledImage(
        row.image_id, path, row.label, group, source, row.traits, known, row.others
    )


def _with_patients(images: list[LabelledImage], root: Path) -> list[LabelledImage]:
    """Images with the patient that the DICOM header names, else with that of their folder."""
    patients = [patient_in_header(image.path) for image in images]
    if any(patients):
        known = "PatientID in the DICOM header"
        return [
            replace(image, group=patient, grouped_by=known) if patient else image
            for image, patient in zip(images, patients, strict=True)
        ]
    folders = [patient_folder(image.path, root) for image in images]
    if not all(folders) or len(set(folders)) < FEWEST_FOLDERS:
        return images
    return [
        replace(image, group=folder, grouped_by="the folder of each patient")
        for image, folder in zip(images, folders, strict=True)
    ]


def _with_groups(
    images: list[LabelledImage], groups: Path, files: _Images, faults: list[str]
) -> list[LabelledImage]:
    every = read_rows(groups)
    id_column = find_id_column(groups, every)
    source = images[0].source if images else ""
    rows = [row for row in every if row.values.get(SOURCE_COLUMN, source) == source] or every
    if GROUP_COLUMN not in rows[0].values:
        raise LabelError([f"{groups}: no column is called {GROUP_COLUMN}."])
    files = files.again()
    group_of: dict[Path, str] = {}
    missing_rows: list[str] = []
    for row in rows:
        image_id = row.values[id_column]
        named = LabelRow(row.place, image_id, 0)
        fitting = files.find(image_id)
        if not fitting:
            missing_rows.append(f'{row.place}: there is no image for "{image_id[:80]}"')
        elif (path := files.take(image_id, fitting, named, faults)) is not None:
            # Alone: its id, and in a table of several folders the folder's name before it.
            own = row.values[id_column]
            alone = f"{source}/{own}" if SOURCE_COLUMN in row.values else own
            group_of[path] = row.values[GROUP_COLUMN] or alone
    faults += told(missing_rows, "rows name no image either")
    ungrouped = [image.image_id for image in images if image.path not in group_of]
    faults += told(
        [f'{groups.name}: "{image_id}" has no group' for image_id in ungrouped],
        "images have none either",
    )
    known = f"the table {groups.name}"
    return [
        replace(image, group=group_of.get(image.path, ""), grouped_by=known) for image in images
    ]


class _Images:
    """The image files of a folder, found by id.

    An id may be a path, a name with or without suffix, in other letters of case, the number that a
    name is, or have the suffix of another kind of image; each way counts where the ways before it
    find nothing.
    """

    def __init__(self, folder: Path, tables: Iterable[Path | None]) -> None:
        inner = folder / IMAGE_FOLDER
        self.root = (inner if inner.is_dir() else folder).resolve()
        others = {table.resolve() for table in tables if table is not None}
        self.paths = sorted(
            path
            for path in self.root.rglob("*")
            if path.is_file()
            and path not in others
            and path.suffix.lower() not in BESIDE_IMAGES
            and not any(part.startswith(".") for part in path.relative_to(self.root).parts)
        )
        self._ways: tuple[dict[object, set[Path]], ...] = ({}, {}, {})
        base = folder.resolve()
        for path in self.paths:
            for name in {path.relative_to(base).as_posix(), path.relative_to(self.root).as_posix()}:
                self._add(name, path)
            self._add(path.name, path)
        self._places: dict[Path, str] = {}

    def _add(self, name: str, path: Path) -> None:
        for each in {name, str(PurePosixPath(name).with_suffix(""))}:
            for way, key in zip(self._ways, _keys(each), strict=True):
                way.setdefault(key, set()).add(path)

    def again(self) -> _Images:
        """The same images for another table, none of them found yet."""
        other = copy(self)
        other._places = {}
        return other

    def find(self, image_id: str) -> set[Path]:
        """The images that an id may mean."""
        for name in (image_id, _IMAGE_SUFFIX.sub("", image_id), _POINT_ZERO.sub("", image_id)):
            for way, key in zip(self._ways, _keys(name), strict=True):
                if fitting := way.get(key):
                    return fitting
        return set()

    def ids_here(self, ids: Sequence[str]) -> Sequence[str]:
        """The ids without the folders that all of them begin with, where none is found with them.

        So paths of another computer are read.
        """
        if any(map(self.find, ids)):
            return ids
        paths = [PurePosixPath(each.replace("\\", "/")).parts for each in ids]
        for skipped in range(1, min(map(len, paths))):
            if len({path[:skipped] for path in paths}) > 1:
                break
            shorter = ["/".join(path[skipped:]) for path in paths]
            if any(map(self.find, shorter)):
                return shorter
        return ids

    def take(
        self, image_id: str, fitting: set[Path], row: LabelRow, faults: list[str]
    ) -> Path | None:
        """The one image of an id; None, and a fault, where that is none, many, or taken."""
        if len(fitting) > 1:
            names = ", ".join(sorted(path.name for path in fitting)[:3])
            faults.append(f'{row.place}: "{image_id}" fits more than one image ({names}).')
            return None
        path = next(iter(fitting))
        if path in self._places:
            faults.append(
                f'{row.place}: "{image_id}" is there twice, first in {self._places[path]}.'
            )
            return None
        self._places[path] = row.place
        return path


def _keys(name: str) -> tuple[object, object, object]:
    """A name as it is, without case, and by the numbers in its path."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").strip("/")
    low = plain.casefold()
    parts = PurePosixPath(low).parts
    numbers = tuple(part.lstrip("0") if part.isdecimal() else part for part in parts)
    return plain, low, numbers
