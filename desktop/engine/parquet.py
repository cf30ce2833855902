"""The exported tables as Parquet files beside them: the same cells, with numbers as numbers.

pyarrow is an extra that the packaged program does not have; only this module imports it, when used.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.engine.report import (
    ExportFiles,
    ReportCode,
    ReportError,
    is_refused,
    refusal_of,
    why_not_written,
)
from desktop.engine.targets import Target, standing
from imaging.files.atomic import try_to_write, write_whole
from imaging.messages import Message

SUFFIX = ".parquet"
_MARK = b"cranioscope"
"""A key in the metadata of such a file of ours."""
_COUNTS = frozenset(
    {
        *("InstanceNumber", "frame", "prediction", "reader_key_image", "reader_blinded"),
        *("n_images", "n_failed", "n_waiting", "n_assessed", "n_flagged"),
    }
)
_NUMBERS = frozenset(
    {"logit", "threshold", "series_threshold", "expected_false_alarms", "reader_seconds"}
)
_PROBABILITIES = ("probability_", "highest_probability_", "context_probability_")


def parquet_files(export: ExportFiles) -> tuple[Path, Path]:
    """The Parquet files that lie beside the tables of series and of images."""
    return export.series.with_suffix(SUFFIX), export.images.with_suffix(SUFFIX)


def check_parquet(export: ExportFiles, opened: Sequence[Path], *, confirmed: bool) -> None:
    """See that both files can be written, before the work is done for them. Raises ReportError.

    Replaced is an earlier file of ours, and where ``confirmed``, one of somebody else's.
    """
    pyarrow_or_refusal()
    for path in parquet_files(export):
        _check(path, opened, confirmed)
        try:
            try_to_write(path)
        except OSError as error:
            raise ReportError(why_not_written(path, error), None) from error


def write_parquet(export: ExportFiles, opened: Sequence[Path], *, confirmed: bool) -> None:
    """Write both files from the tables just written. Raises ReportError, the old ones untouched."""
    from pyarrow import ArrowException

    for table, path in zip((export.series, export.images), parquet_files(export), strict=True):
        _check(path, opened, confirmed)
        try:
            write_whole(path, _converted(table))
        except (OSError, ArrowException) as error:
            raise ReportError(why_not_written(path, error), None) from error


def pyarrow_or_refusal() -> Any:
    """The package. Raises ReportError where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise ReportError(Message(ReportCode.NO_PYARROW), None) from error
    return pyarrow


def _converted(table: Path) -> bytes:
    import pyarrow
    from pyarrow import csv as reader
    from pyarrow import parquet

    with table.open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    types = {name: _type(pyarrow, name) for name in columns}
    read = reader.read_csv(
        table,
        parse_options=reader.ParseOptions(newlines_in_values=True),
        convert_options=reader.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=False
        ),
    )
    marked = read.replace_schema_metadata({_MARK: table.name.encode("utf-8", "replace")})
    written = pyarrow.BufferOutputStream()
    parquet.write_table(marked, written)
    return bytes(written.getvalue())


def _type(pyarrow: Any, column: str) -> Any:
    if column in _COUNTS:
        return pyarrow.int64()
    is_number = column in _NUMBERS or column.startswith(_PROBABILITIES)
    return pyarrow.float64() if is_number else pyarrow.string()


def _check(path: Path, opened: Sequence[Path], confirmed: bool) -> None:
    target = Target(path, standing(path, opened, (), lambda: _is_ours(path)))
    if is_refused(target, confirmed=confirmed):
        raise refusal_of(target, None)


def _is_ours(path: Path) -> bool:
    from pyarrow import ArrowException, parquet

    try:
        return _MARK in (parquet.read_schema(path).metadata or {})
    except (OSError, ArrowException):
        return False
