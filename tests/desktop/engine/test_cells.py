from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from desktop.engine.cells import id_cell, number_cell, path_cell, text_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        ("", ""),
        ("007", "007"),
        ("<b>Doe</b>", "<b>Doe</b>"),
        ("a=b", "a=b"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("−1", "'−1"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("'quoted", "''quoted"),
        ("a\0b", "a\\x00b"),
        ("\ud800", "\\ud800"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_marked(text: str, cell: str) -> None:
    assert text_cell(text) == cell


@pytest.mark.parametrize("text", ["=1", "'=1", "''", "-", "plain", "a\nb", 'a"b', "a,b", "颅脑 🧠"])
def test_a_cell_can_be_read_back(text: str) -> None:
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\r\n").writerow([text_cell(text)])
    table.seek(0)
    [[cell]] = csv.reader(table)
    assert cell.removeprefix("'") == text


@pytest.mark.parametrize("name", ["a.png", "颅脑 🧠.dcm", "<img>.png", "a;b,c.png", "with space"])
def test_a_usual_path_stays_as_it_is(name: str) -> None:
    assert path_cell(Path("/images") / name) == f"/images/{name}"


@pytest.mark.parametrize(
    "name",
    [
        b"line\nbreak.png",
        b"not \xff\xfe utf-8.png",
        "right\u202egnp.left".encode(),
        b"bell\x07.png",
        "next\u2028line".encode(),
    ],
)
def test_a_path_that_is_not_plain_text_becomes_a_uri_that_gives_its_bytes_back(name: bytes) -> None:
    path = Path("/images") / os.fsdecode(name)
    cell = path_cell(path)
    assert cell.isascii()
    assert cell.isprintable()
    assert unquote_to_bytes(cell.removeprefix("file://")) == b"/images/" + name


def test_a_name_that_begins_like_a_formula_is_marked_without_its_folder() -> None:
    assert path_cell(Path("=cmd.png")) == "'=cmd.png"


@pytest.mark.parametrize(
    ("value", "digits", "cell"),
    [
        (None, 9, ""),
        (0.1, 9, "0.1"),
        (0.10000000149011612, 9, "0.100000001"),
        (1.0, 9, "1"),
        (1e-7, 9, "1e-07"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
    ],
)
def test_numbers_have_a_point_and_enough_digits(
    value: float | None, digits: int, cell: str
) -> None:
    assert number_cell(value, digits) == cell


@pytest.mark.parametrize(
    "text",
    ["0012345", "00.5", "1234567890123456", "12E5", "1.50", "3-4", "2026/03", "10:30:00", "true"],
)
def test_an_id_that_a_spreadsheet_would_change_is_marked_as_text(text: str) -> None:
    assert id_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["12345", "123456789012345", "0", "P001", "1.2.840.10008.5", "1.2.3", "1.5", "A-12", "", "1E"],
)
def test_an_id_that_a_spreadsheet_keeps_stays_as_it_is(text: str) -> None:
    assert id_cell(text) == text


def test_an_id_that_looks_like_a_formula_is_marked_once() -> None:
    assert id_cell("-01") == "'-01"
