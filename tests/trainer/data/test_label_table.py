"""Rows of a table under the names of their columns, or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data.label_table import LabelError, find_id_column, read_rows


def table_of(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "header", ["Image ID,image_id,x", "id,Patient-ID,patient id", "id,x,x", "id,x.y,X Y"]
)
def test_columns_of_one_name_in_two_ways_of_writing_are_refused(
    tmp_path: Path, header: str
) -> None:
    """Whichever was taken, the other one may be meant."""
    with pytest.raises(LabelError, match="two columns have the same name"):
        read_rows(table_of(tmp_path, f"{header}\na,b,1\n"))


def test_values_stay_text_as_they_were_written(tmp_path: Path) -> None:
    rows = read_rows(table_of(tmp_path, 'id,x\n="007", 1.0 \n7,nan\n'))
    assert [row.values for row in rows] == [{"id": "007", "x": "1.0"}, {"id": "7", "x": "nan"}]


def test_a_row_keeps_its_line_behind_titles_blanks_and_values_of_two_lines(tmp_path: Path) -> None:
    rows = read_rows(table_of(tmp_path, 'A title\n\nid,x\n"a\nb",1\n\nc,0\n'))
    assert [row.place for row in rows] == ["labels.csv line 5", "labels.csv line 7"]


@pytest.mark.parametrize("line", ["a", "a,1,0", '"a,1', '"a"b,1'])
def test_a_line_that_does_not_fit_is_never_moved_into_place(tmp_path: Path, line: str) -> None:
    with pytest.raises(LabelError):
        read_rows(table_of(tmp_path, f"id,x\n{line}\nb,0\n"))


def test_of_two_columns_of_ids_the_first_of_the_list_is_taken(tmp_path: Path) -> None:
    path = table_of(tmp_path, "file,Image-ID,x\na,b,1\n")
    assert find_id_column(path, read_rows(path)) == "Image-ID"
