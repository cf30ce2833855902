"""A folder of scans and a table of labels become a list of labelled scans, or a list of faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

from trainer.data.label_table import LabelError, Row, find_id_column, read_rows, table_path

PICTURE_FOLDER = "images"
GROUP_COLUMN, SOURCE_COLUMN = "group", "source"
LABEL_SUFFIX = "_label"
BESIDE_PICTURES = {".csv", ".tsv", ".txt", ".md", ".json", ".html", ".pdf", ".xlsx", ".log"}
"""Files with these suffixes lie beside pictures and are none; all others want a label."""


@dataclass(frozen=True)
class LabelledImage:
    """One picture file with what is known of it."""

    image_id: str
    path: Path
    label: int
    """1 with the finding, 0 without."""
    group: str
    """Scans of one group (a patient, repeats, neighbours) are never divided."""
    source: str = ""
    """Name of the folder that it came from: sites differ in more than their patients."""
    traits: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The table's other columns of 0 and 1, such as subtypes of the finding."""


def read_labels(
    folder: Path,
    table: Path | None = None,
    groups: Path | None = None,
    label_column: str | None = None,
) -> list[LabelledImage]:
    """Match the rows of a table of labels with the pictures of a folder, in the table's order.

    ``table`` is ``labels.csv`` in the folder unless given; pictures lie in ``images`` or in the
    folder itself. ``groups`` is a table ``image_id,group`` that overrides a ``group`` column; where
    it has a column ``source``, only the rows with this folder's name count, if there are any.
    Raises LabelError naming every fault with its line.
    """
    table = table_path(folder, table)
    rows = read_rows(table)
    columns = _columns(table, rows, label_column)
    pictures = _Pictures(folder, {table, groups} - {None})
    faults: list[str] = []
    source = folder.resolve().name
    images = [_image(row, columns, source, pictures, faults) for row in rows]
    known = [image for image in images if image is not None]
    labelled = {image.path for image in known}
    faults += [f"{path}: there is no label." for path in pictures.paths if path not in labelled]
    if groups is not None:
        known = _with_groups(known, groups, pictures, faults)
    if faults:
        raise LabelError(faults)
    return known


def class_name(folder: Path, table: Path | None = None, label_column: str | None = None) -> str:
    """What the labels are about, from the name of their column: hemorrhage_label -> hemorrhage."""
    table = table_path(folder, table)
    column = _columns(table, read_rows(table), label_column).label
    name = re.sub(r"\W+", "_", column.lower().removesuffix(LABEL_SUFFIX)).strip("_")
    return name or "finding"


@dataclass(frozen=True)
class _Columns:
    """Which column of a table of labels holds what."""

    id: str
    label: str
    traits: tuple[str, ...]


def _columns(table: Path, rows: Sequence[Row], wanted: str | None) -> _Columns:
    id_column = find_id_column(table, rows)
    columns = [c for c in rows[0].values if c not in (id_column, GROUP_COLUMN)]
    if wanted is not None and wanted not in columns:
        raise LabelError([f'{table}: there is no column "{wanted}".'])
    named = [column for column in columns if column.endswith(LABEL_SUFFIX)]
    candidates = [wanted] if wanted is not None else named or columns
    if len(candidates) != 1:
        raise LabelError([f"{table}: which column holds the labels? ({', '.join(candidates)})"])
    label = candidates[0]
    traits = (c for c in columns if c != label and {row.values[c] for row in rows} <= {"0", "1"})
    return _Columns(id_column, label, tuple(traits))


def _image(
    row: Row, columns: _Columns, source: str, pictures: _Pictures, faults: list[str]
) -> LabelledImage | None:
    image_id, value = row.values[columns.id], row.values[columns.label]
    if value not in ("0", "1"):
        faults.append(f'{row.place}: the label of "{image_id}" is "{value}", not 0 or 1.')
    path = pictures.find(image_id, row.place, faults)
    if path is None:
        return None
    return LabelledImage(
        image_id,
        path,
        int(value == "1"),
        row.values.get(GROUP_COLUMN) or image_id,
        source,
        {column: int(row.values[column]) for column in columns.traits},
    )


def _with_groups(
    images: list[LabelledImage], groups: Path, pictures: _Pictures, faults: list[str]
) -> list[LabelledImage]:
    every = read_rows(groups)
    id_column = find_id_column(groups, every)
    source = images[0].source if images else ""
    rows = [row for row in every if row.values.get(SOURCE_COLUMN, source) == source] or every
    if GROUP_COLUMN not in rows[0].values:
        raise LabelError([f"{groups}: no column is called {GROUP_COLUMN}."])
    pictures = pictures.again()
    group_of: dict[Path, str] = {}
    for row in rows:
        path = pictures.find(row.values[id_column], row.place, faults)
        if path is not None:
            # Alone: its id, and in a table of several folders the folder's name before it.
            own = row.values[id_column]
            alone = f"{source}/{own}" if SOURCE_COLUMN in row.values else own
            group_of[path] = row.values[GROUP_COLUMN] or alone
    missing = [image.image_id for image in images if image.path not in group_of]
    faults += [f'{groups.name}: "{image_id}" has no group.' for image_id in missing]
    return [replace(image, group=group_of.get(image.path, "")) for image in images]


class _Pictures:
    """The picture files of a folder, found by id: by name, name without suffix, or number."""

    def __init__(self, folder: Path, tables: Iterable[Path | None]) -> None:
        inner = folder / PICTURE_FOLDER
        root = (inner if inner.is_dir() else folder).resolve()
        others = {table.resolve() for table in tables if table is not None}
        self.paths = sorted(
            path
            for path in root.rglob("*")
            if path.is_file()
            and path not in others
            and path.suffix.lower() not in BESIDE_PICTURES
            and not any(part.startswith(".") for part in path.relative_to(root).parts)
        )
        self._by_name: dict[str, set[Path]] = {}
        self._by_number: dict[int, set[Path]] = {}
        for path in self.paths:
            inside = path.relative_to(root)
            for name in {
                path.name,
                path.stem,
                inside.as_posix(),
                inside.with_suffix("").as_posix(),
            }:
                self._by_name.setdefault(name, set()).add(path)
            if path.stem.isdecimal():
                self._by_number.setdefault(int(path.stem), set()).add(path)

        self._places: dict[Path, str] = {}

    def again(self) -> _Pictures:
        """The same pictures for another table, none of them found yet."""
        other = copy(self)
        other._places = {}
        return other

    def find(self, image_id: str, place: str, faults: list[str]) -> Path | None:
        """The one picture of that id; None, and a fault, where that is none, many, or taken."""
        fitting = self._by_name.get(image_id, set())
        if not fitting and image_id.isdecimal():
            fitting = self._by_number.get(int(image_id), set())
        if not fitting:
            faults.append(f'{place}: there is no picture for "{image_id}".')
            return None
        if len(fitting) > 1:
            names = ", ".join(sorted(path.name for path in fitting)[:3])
            faults.append(f'{place}: "{image_id}" fits more than one picture ({names}).')
            return None
        path = next(iter(fitting))
        if path in self._places:
            faults.append(f'{place}: "{image_id}" is there twice, first in {self._places[path]}.')
            return None
        self._places[path] = place
        return path
