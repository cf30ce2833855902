"""A table of labels or groups as rows of text, and what is wrong with it as sentences."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE_NAME = "labels.csv"
ID_COLUMNS = ("image_id", "id")


class LabelError(ValueError):
    """The labels cannot be trained on; ``faults`` has one sentence for each reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Row:
    """One line's values by the names of their columns."""

    place: str
    """File name and line, for messages."""
    values: dict[str, str]


def table_path(folder: Path, table: Path | None) -> Path:
    """The table of a folder's labels: the one that was named, else its own. Raises LabelError."""
    if not folder.is_dir():
        raise LabelError([f"{folder}: there is no such folder of scans."])
    if table is None:
        table = folder / TABLE_NAME
        if not table.is_file():
            raise LabelError([f"{folder}: there is no {TABLE_NAME}; name the table of labels."])
    return table


def read_rows(table: Path) -> list[Row]:
    """The rows of a CSV, blanks stripped; commas, semicolons or tabs, whichever the header has.

    Raises LabelError for what is no table, naming the lines that do not fit the header.
    """
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
        Row(f"{table.name} line {number}", dict(zip(header, values, strict=True)))
        for number, values in lines[1:]
    ]


def find_id_column(table: Path, rows: Sequence[Row]) -> str:
    """The name of the column of ids. Raises LabelError where there is none."""
    for column in rows[0].values:
        if column.lower() in ID_COLUMNS:
            return column
    raise LabelError([f"{table}: no column is called {' or '.join(ID_COLUMNS)}."])
