from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Label
from desktop.tables.row import Row, Rows, row_probability
from imaging.errors import Code, Problem
from model.listed_image import ListedImage, PendingImage
from tests.make.results import result, said

SCORED = replace(result("/a/10.dcm", 0.7), sha256="1")


def rows_of(*images: ListedImage) -> Rows:
    rows = Rows()
    rows.extend(images)
    return rows


def test_what_is_said_of_a_row_is_said_of_no_other_and_can_be_taken_back() -> None:
    rows = rows_of(SCORED, SCORED, SCORED)
    read = said(ReaderLabels(), SCORED, Label.ABSENT, "")
    rows.set_reading(1, read)
    rows.set_series_read(1, True)
    rows.set_place(1, 3)
    rows.extend([result("/a/4.dcm", 0.1)])
    assert [row.read for row in rows] == [None, read, None, None]
    assert [row.is_series_read for row in rows] == [False, True, False, False]
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [rows.order(at) for at in range(4)] == [1, 3, 3, 4]  # as found, or by its series
    rows.set_reading(1, None)
    rows.set_series_read(1, False)
    assert (rows[1].read, rows[1].is_series_read) == (None, False)


def test_rows_from_the_end_have_the_same_numbers() -> None:
    rows = rows_of(SCORED, result("/a/2.dcm", 0.1))
    assert (rows[-1].number, [row.number for row in rows[:]]) == (2, [1, 2])
    with pytest.raises(IndexError):
        rows[2]


def test_a_blinded_row_shows_its_image_and_no_score() -> None:
    row = Row(SCORED, 1, is_blinded=True)
    assert row.result is not None
    assert (row.result.probability, row.result.logit) == (None, None)
    assert math.isnan(row_probability(row))
    assert row.known is SCORED
    assert row_probability(row._replace(is_blinded=False)) == 0.7


@pytest.mark.parametrize(("label", "is_blinded"), [(None, True), (Label.UNSURE, False)])
def test_a_label_ends_the_blinding_and_a_comment_does_not(
    label: Label | None, is_blinded: bool
) -> None:
    rows = rows_of(SCORED)
    rows.set_reading(0, said(ReaderLabels(), SCORED, label, "a comment"))
    rows.blind(0, True)
    assert rows[0].is_blinded is is_blinded


def test_a_reading_of_the_series_ends_the_blinding() -> None:
    rows = rows_of(SCORED)
    rows.set_series_read(0, True)
    rows.blind(0, True)
    assert not rows[0].is_blinded


def test_what_waits_is_blinded_and_what_cannot_be_read_has_nothing_to_hide() -> None:
    rows = rows_of(
        PendingImage(Path("/a"), "1.dcm"), result("/a/2.dcm", None, Problem(Code.DAMAGED))
    )
    for number in range(2):
        rows.blind(number, True)
    waiting, damaged = rows
    assert (waiting.is_blinded, damaged.is_blinded) == (True, False)
    assert (waiting.result, waiting.known, row_probability(waiting) >= 0) == (None, None, False)
