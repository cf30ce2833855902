"""What stands in the cells of a findings table's row, in the reader's language, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.tables import words
from desktop.tables.row import Column, Row
from imaging.errors import Status
from model.image_result import Zone

if TYPE_CHECKING:
    from desktop.tables.images_table import ImagesTable

translate = QCoreApplication.translate

KEY_IMAGE = "★"
"""Before the name of a key image."""
_WITHOUT = (Status.FAILED, Status.REFUSED, Status.SKIPPED)
"""States whose reason is what a reader wants to know first."""


def text(table: ImagesTable, row: Row, column: Column) -> str:
    """The first line of a cell."""
    result = row.result
    match column:
        case Column.NAME:
            name = table.name(row)
            return f"{KEY_IMAGE} {name}" if row.read is not None and row.read.is_key else name
        case Column.PROBABILITY if result:
            return words.percent(result.probability)
        case Column.VERDICT if result and result.status is Status.REFUSED:
            return translate("Words", "Not assessable")
        case Column.VERDICT if result and result.probability is not None:
            return words.verdict_word(table.above(row))
        case Column.STATUS:
            return words.status_word(result.status if result else None)
    return ""


def detail(table: ImagesTable, row: Row, column: Column) -> str:
    """The quieter line below it; empty where there is none."""
    match column:
        case Column.NAME if row.result is not None and row.result.status in _WITHOUT:
            return words.reason(row.result.problems)
        case Column.NAME:
            return _where(table, row)
        case Column.VERDICT if table.zone(row) is Zone.UNCERTAIN:
            return words.zone_word(Zone.UNCERTAIN)
        case Column.STATUS if row.read is not None and row.read.label is not None:
            return words.read_word(row.read.label)
    return ""


def tooltip(table: ImagesTable, row: Row) -> str:
    """Name, path, problems and the reader's comment."""
    where = "" if table.hide_identity else words.plain(str(row.path))
    problems = row.result.problems if row.result else ()
    comment = "" if row.read is None or table.hide_identity else words.plain(row.read.comment)
    sentences = (words.plain(words.sentence(problem)) for problem in problems)
    return words.tooltip(table.name(row), where, *sentences, comment)


def _where(table: ImagesTable, row: Row) -> str:
    """Whose it is and where it lies: two patients' 01.dcm must not look alike."""
    if table.hide_identity:
        return ""
    patient = row.known.header.identity.patient if row.known and row.known.header else ""
    return " · ".join(filter(None, [words.plain(patient), words.file_name(row.path.parent)]))
