"""Why Parquet files beside the tables are not written, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from desktop.engine import parquet
from desktop.engine.parquet import parquet_files, write_parquet
from desktop.engine.report import ExportFiles, ReportError


def tables(folder: Path, cell: str = "1") -> ExportFiles:
    export = ExportFiles.at(folder / "out.csv")
    for table in (export.images, export.series):
        table.write_text(f"file_path,logit\r\na.png,{cell}\r\n", encoding="utf-8")
    return export


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "the disk is full"),
        (PermissionError(13, "Permission denied"), "it is open in another program"),
        (OSError("Only words, no number."), r"cannot be written: Only words, no number\."),
        (OSError(), "cannot be written: OSError"),
    ],
)
def test_the_reason_is_told_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    export = tables(tmp_path)
    write_parquet(export, [], confirmed=False)
    before = [path.read_bytes() for path in parquet_files(export)]

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(parquet, "write_whole", fail)
    with pytest.raises(ReportError, match=words):
        write_parquet(export, [], confirmed=False)
    assert [path.read_bytes() for path in parquet_files(export)] == before


def test_cells_that_are_no_numbers_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"cannot be written: .*conversion error") as caught:
        write_parquet(tables(tmp_path, "many"), [], confirmed=False)
    assert "\n" not in str(caught.value)


def test_scores_in_context_are_numbers(tmp_path: Path) -> None:
    export = ExportFiles.at(tmp_path / "out.csv")
    for table in (export.images, export.series):
        text = "file_path,context_probability_hemorrhage\r\na.png,0.43\r\nb.png,\r\n"
        table.write_text(text, encoding="utf-8")
    write_parquet(export, [], confirmed=False)
    read = pyarrow.parquet.read_table(parquet_files(export)[1])
    assert read["context_probability_hemorrhage"].to_pylist() == [0.43, None]
