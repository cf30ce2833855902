"""A table of labels or groups as rows of text, and what is wrong with it as sentences."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE_NAME = "labels.csv"
_STEM, _TABLES = "labels", (".csv", ".tsv", ".txt")
"""The table's name without suffix, in small letters, and the suffixes that it may have."""
_WORKBOOKS = (".xlsx", ".xls", ".ods")
"""Suffixes of tables that must be saved as text first."""
ID_COLUMNS = (
    *("image_id", "id", "imageid", "image", "image_name", "imagename", "img"),
    *("filename", "file_name", "file", "path", "filepath", "file_path"),
    *("name", "slice", "slice_id", "slice_name", "sopinstanceuid", "sop_instance_uid"),
    *("文件名", "文件名称", "文件", "图像", "图片", "影像", "图像名称", "图片名称", "影像名称"),
    *("图像编号", "图片编号", "影像编号", "图像文件", "影像号"),
)
"""Names of a column of ids, in small letters; of several in one table the first here is taken."""
EXAMPLE = "image_id,hemorrhage_label,patient_id"
"""The header of a table as this program likes it best, for messages."""
LIKE_OURS = (
    f'A table that begins with "{EXAMPLE}" and goes on with lines such as "007.png,1,P1" is read'
)
"""The example that ends each sentence on a table as a whole."""
_OTHER_CONTENT = (
    (b"PK\x03\x04", "an Excel workbook; save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save it as CSV"),
    (b"%PDF", "a PDF"),
    (b"SQLite format", "a database"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"<", "a web page or XML"),
)
"""How the content begins that is often given in a table's place, and what it looks like."""
_BINARY = 4
"""So many of them at the beginning are no text at all."""
TOLD_ONE_BY_ONE = 5
"""So many faults of one kind are told one by one; of more, the first and the number."""
_DELIMITERS = ",;\t|，；"
_NAMED = re.compile(r"sep=(.)", re.IGNORECASE | re.DOTALL)
_HEADER_WITHIN = 10
"""Lines of a table among which its header is sought."""
_FORMULA = re.compile(r'="([^"]*)"')
"""How Excel, and this program's own tables, keep the zeros before a number."""
_ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order where nothing says UTF-16."""


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


def table_path(folder: Path, table: Path | None) -> Path | None:
    """The table of a folder's labels: the one that was named, else its own; None without one.

    A name that is no file here is sought in the folder. Raises LabelError where there is no such
    folder, or no such table.
    """
    if not folder.is_dir():
        raise LabelError([f"{folder}: there is no such folder of images."])
    if table is not None:
        return _named_table(folder, table)
    if (folder / TABLE_NAME).is_file():
        return folder / TABLE_NAME
    named = (path for path in sorted(folder.iterdir()) if path.stem.casefold() == _STEM)
    return next((path for path in named if path.suffix.casefold() in _TABLES), None)


def _named_table(folder: Path, table: Path) -> Path:
    for path in (table, folder / table):
        if path.is_file():
            return path
    raise LabelError(
        [f"{table}: there is no such table, neither here nor in {folder}.{other_tables(folder)}"]
    )


def other_tables(folder: Path) -> str:
    """Which files of a folder may be the table of labels under another name, as a sentence."""
    named: dict[str, list[str]] = {suffix: [] for suffix in (*_TABLES, *_WORKBOOKS)}
    for path in sorted(folder.iterdir()):
        named.get(path.suffix.casefold(), []).append(path.name)
    if text := [name for suffix in _TABLES for name in named[suffix]]:
        return f" If it is {', '.join(text[:3])}, name it with --labels or call it {TABLE_NAME}."
    if books := [name for suffix in _WORKBOOKS for name in named[suffix]]:
        return f" If it is {', '.join(books[:3])}, save it as CSV under the name {TABLE_NAME}."
    return ""


def read_rows(table: Path) -> list[Row]:
    """The rows of a table of text, blanks stripped.

    Commas, semicolons, tabs or bars, whichever the header has; UTF-8, UTF-16 or GB18030; a line
    ``sep=;`` as Excel writes it, columns without any name or value, and pandas' column of line
    numbers are passed over. Raises LabelError for what is no table, naming the lines that do not
    fit the header.
    """
    text = _text(table)
    if text.lstrip()[:1] in ("{", "[", "<"):
        raise _no_table(table, text.lstrip()[:16].encode())
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        raise _no_table(table, text[:16].encode()) from error
    if len(lines) < 2:
        raise LabelError([f"{table}: the table has no rows. {LIKE_OURS}."])
    header, rows = _without_empty_ends(lines[0][1], lines[1:])
    uneven = [(number, len(values)) for number, values in rows if len(values) != len(header)]
    if uneven:
        but = f"but the header has {len(header)}"
        raise LabelError(
            told(
                [f"{table.name} line {number}: {count} values, {but}" for number, count in uneven],
                "lines do not fit either",
            )
        )
    kept = _columns_kept(header, [values for _, values in rows])
    names = [header[column] for column in kept]
    plain = [plain_name(name) for name in names]
    twice = sorted({name for name in names if plain.count(plain_name(name)) > 1})
    if twice:
        names_said = ", ".join(f'"{name}"' for name in twice)
        raise LabelError([f"{table}: two columns have the same name ({names_said}). {LIKE_OURS}."])
    return [
        Row(f"{table.name} line {number}", {header[column]: values[column] for column in kept})
        for number, values in rows
    ]


def find_id_column(table: Path, rows: Sequence[Row]) -> str:
    """The name of the column of ids. Raises LabelError where there is none."""
    columns = columns_of(rows)
    for name in ID_COLUMNS:
        if name in columns:
            return columns[name]
    found = ", ".join(rows[0].values)
    if set(rows[0].values) & {"0", "1", "0.0", "1.0"}:
        raise LabelError([f"{table}: its first line, {found}, is no header. {LIKE_OURS}."])
    raise LabelError(
        [f"{table}: no column names the images; its columns are {found}. {LIKE_OURS}."]
    )


def no_column(table: Path, wanted: str, rows: Sequence[Row]) -> LabelError:
    """What a column that was asked for and is not there is answered with: those that are."""
    there = ", ".join(rows[0].values)
    return LabelError([f'{table}: there is no column "{wanted}"; its columns are {there}.'])


def told(faults: Sequence[str], others: str) -> list[str]:
    """Faults of one kind, each a sentence without its point; of many, the first and how many."""
    if len(faults) <= TOLD_ONE_BY_ONE:
        return [f"{fault}." for fault in faults]
    return [f"{faults[0]}; {len(faults) - 1} more {others}."]


def columns_of(rows: Sequence[Row]) -> dict[str, str]:
    """The columns of a table by their names in small letters, words joined by "_"."""
    return {plain_name(column): column for column in rows[0].values}


def plain_name(column: str) -> str:
    """A column's name in small letters, words joined by "_"."""
    return re.sub(r"[\s\-.]+", "_", column.lower())


def _text(table: Path) -> str:
    try:
        data = table.read_bytes()
    except OSError as error:
        raise LabelError([f"{table}: {error.strerror or error}."]) from error
    if any(data.startswith(mark) for mark, _ in _OTHER_CONTENT[:_BINARY]):
        raise _no_table(table, data)
    for encoding in _encodings_of(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_table(table, data)


def _encodings_of(data: bytes) -> tuple[str, ...]:
    """What the bytes may be: UTF-16 by its mark, or where every other byte of the start is 0."""
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return ("utf-32",)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    start = data[:64]
    if start and not any(start[1::2]):
        return ("utf-16-le",)
    if start and not any(start[::2]):
        return ("utf-16-be",)
    return _ENCODINGS


def _no_table(table: Path, data: bytes) -> LabelError:
    start = data.lstrip()[:16]
    found = next((name for mark, name in _OTHER_CONTENT if start.startswith(mark)), "")
    looks = f"this looks like {found}, and" if found else "this"
    return LabelError([f"{table}: {looks} is no table of separated text. {LIKE_OURS}."])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and values of the lines that hold anything, from the header on.

    What comes before the header has no delimiter: a title, or a line ``sep=;``.
    """
    delimiter, skipped = _delimiter(text)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=delimiter == " ",
    )
    for line in reader:
        values = [_FORMULA.sub(r"\1", value.strip()) for value in line]
        if reader.line_num > skipped and any(values):
            yield reader.line_num, values


def _delimiter(text: str) -> tuple[str, int]:
    """What separates values, and how many lines stand before the header.

    Blanks separate only where nothing else does.
    """
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    named = _NAMED.fullmatch(lines[first].strip(' "')) if lines else None
    if named is not None:
        return named[1], first + 1
    for number, line in enumerate(lines[:_HEADER_WITHIN]):
        if len({value.strip() for value in re.split(f"[{_DELIMITERS}]", line)} - {""}) > 1:
            return max(_DELIMITERS, key=line.count), number
    return " " if lines and len(lines[first].split()) > 1 else ",", first


def _without_empty_ends(
    header: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Lines without the empty values that stand beyond the last named column."""
    width = max(place for place, name in enumerate(header, start=1) if name)
    cut = []
    for number, values in rows:
        while len(values) > width and not values[-1]:
            values = values[:-1]
        cut.append((number, values))
    return header[:width], cut


def _columns_kept(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns that say something: named ones, and unnamed ones that do not count the lines."""
    kept = []
    for column, name in enumerate(header):
        values = [row[column] for row in rows]
        counts = values == [str(number) for number in range(len(rows))]
        if name in ("", "Unnamed: 0") and (counts or not any(values)):
            continue
        kept.append(column)
    return kept
