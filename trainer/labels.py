"""A folder of scans and a table of labels become a list of labelled scans, or a list of faults."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

TABLE_NAME = "labels.csv"
PICTURE_FOLDER = "images"
ID_COLUMNS = ("image_id", "id")
GROUP_COLUMN = "group"
LABEL_SUFFIX = "_label"
BESIDE_PICTURES = {".csv", ".tsv", ".txt", ".md", ".json", ".html", ".pdf", ".xlsx", ".log"}
"""Files with these suffixes lie beside pictures and are none; all others want a label."""


@dataclass(frozen=True)
class LabelledScan:
    """One picture file with what is known of it."""

    image_id: str
    path: Path
    label: int
    """1 with the finding, 0 without."""
    group: str
    """Scans of one group (a patient, repeats, neighbours) are never divided."""


class LabelError(ValueError):
    """The labels cannot be trained on; ``faults`` has one sentence for each reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class _Row:
    place: str
    """File name and line, for messages."""
    values: dict[str, str]


def read_labels(
    folder: Path,
    table: Path | None = None,
    groups: Path | None = None,
    label_column: str | None = None,
) -> list[LabelledScan]:
    """Match the rows of a table of labels with the pictures of a folder, in the table's order.

    ``table`` is ``labels.csv`` in the folder unless given; pictures lie in ``images`` or in the
    folder itself. ``groups`` is a table ``image_id,group`` that overrides a ``group`` column.
    Raises LabelError naming every fault with its line.
    """
    table = _table_path(folder, table)
    rows = _rows(table)
    id_column, label = _columns(table, rows, label_column)
    pictures = _Pictures(folder, {table, groups} - {None})
    faults: list[str] = []
    scans = [_scan(row, id_column, label, pictures, faults) for row in rows]
    known = [scan for scan in scans if scan is not None]
    labelled = {scan.path for scan in known}
    faults += [f"{path}: there is no label." for path in pictures.paths if path not in labelled]
    if groups is not None:
        known = _with_groups(known, groups, pictures, faults)
    if faults:
        raise LabelError(faults)
    return known


def class_name_of(folder: Path, table: Path | None = None, label_column: str | None = None) -> str:
    """What the labels are about, from the name of their column: hemorrhage_label -> hemorrhage."""
    table = _table_path(folder, table)
    column = _columns(table, _rows(table), label_column)[1]
    name = re.sub(r"\W+", "_", column.lower().removesuffix(LABEL_SUFFIX)).strip("_")
    return name or "finding"


def _table_path(folder: Path, table: Path | None) -> Path:
    if not folder.is_dir():
        raise LabelError([f"{folder}: there is no such folder of scans."])
    if table is None:
        table = folder / TABLE_NAME
        if not table.is_file():
            raise LabelError([f"{folder}: there is no {TABLE_NAME}; name the table of labels."])
    return table


def _rows(table: Path) -> list[_Row]:
    """The rows of a CSV, blanks stripped; commas, semicolons or tabs, whichever the header has."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            header_line = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=header_line.count)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            lines = [(reader.line_num, [v.strip() for v in line]) for line in reader if any(line)]
    except OSError as error:
        raise LabelError([f"{table}: {error.strerror or error}."]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelError([f"{table}: this is no table of comma-separated text."]) from error
    if len(lines) < 2:
        raise LabelError([f"{table}: the table has no rows."])
    header = lines[0][1]
    if len(set(header)) < len(header):
        raise LabelError([f"{table}: two columns have the same name."])
    faults = [
        f"{table.name} line {number}: {len(values)} values, but the header has {len(header)}."
        for number, values in lines[1:]
        if len(values) != len(header)
    ]
    if faults:
        raise LabelError(faults)
    return [
        _Row(f"{table.name} line {number}", dict(zip(header, values, strict=True)))
        for number, values in lines[1:]
    ]


def _id_column(table: Path, rows: Sequence[_Row]) -> str:
    for column in rows[0].values:
        if column.lower() in ID_COLUMNS:
            return column
    raise LabelError([f"{table}: no column is called {' or '.join(ID_COLUMNS)}."])


def _columns(table: Path, rows: Sequence[_Row], wanted: str | None) -> tuple[str, str]:
    """Names of the id column and the label column."""
    id_column = _id_column(table, rows)
    columns = [c for c in rows[0].values if c not in (id_column, GROUP_COLUMN)]
    if wanted is not None:
        if wanted not in columns:
            raise LabelError([f'{table}: there is no column "{wanted}".'])
        return id_column, wanted
    named = [column for column in columns if column.endswith(LABEL_SUFFIX)]
    candidates = named or columns
    if len(candidates) != 1:
        raise LabelError([f"{table}: which column holds the labels? ({', '.join(candidates)})"])
    return id_column, candidates[0]


def _scan(
    row: _Row, id_column: str, label: str, pictures: _Pictures, faults: list[str]
) -> LabelledScan | None:
    image_id, value = row.values[id_column], row.values[label]
    if value not in ("0", "1"):
        faults.append(f'{row.place}: the label of "{image_id}" is "{value}", not 0 or 1.')
    path = pictures.find(image_id, row.place, faults)
    if path is None:
        return None
    return LabelledScan(image_id, path, int(value == "1"), row.values.get(GROUP_COLUMN) or image_id)


def _with_groups(
    scans: list[LabelledScan], groups: Path, pictures: _Pictures, faults: list[str]
) -> list[LabelledScan]:
    rows = _rows(groups)
    id_column = _id_column(groups, rows)
    if GROUP_COLUMN not in rows[0].values:
        raise LabelError([f"{groups}: no column is called {GROUP_COLUMN}."])
    pictures = pictures.again()
    group_of: dict[Path, str] = {}
    for row in rows:
        path = pictures.find(row.values[id_column], row.place, faults)
        if path is not None:
            group_of[path] = row.values[GROUP_COLUMN] or row.values[id_column]
    missing = [scan.image_id for scan in scans if scan.path not in group_of]
    faults += [f'{groups.name}: "{image_id}" has no group.' for image_id in missing]
    return [replace(scan, group=group_of.get(scan.path, "")) for scan in scans]


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
