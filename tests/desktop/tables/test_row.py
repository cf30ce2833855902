from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.engine.reader_labels import Label, ReaderLabels
from desktop.tables.row import Column, Row, row_probability, sort_key
from imaging.errors import Code, Problem
from model.image_result import ImageResult
from model.series_result import PendingImage
from tests.make.results import result, said

SCORED = replace(result("/a/10.dcm", 0.7), sha256="1")


def test_a_blinded_row_shows_its_image_and_no_score() -> None:
    row = Row(SCORED, 1)
    row.blind(True)
    assert row.result is not None
    assert (row.result.probability, row.result.logit) == (None, None)
    assert math.isnan(row_probability(row))
    assert row.known is SCORED
    row.blind(False)
    assert row_probability(row) == 0.7


@pytest.mark.parametrize(("label", "is_blinded"), [(None, True), (Label.UNSURE, False)])
def test_a_label_ends_the_blinding_and_a_comment_does_not(
    label: Label | None, is_blinded: bool
) -> None:
    row = Row(SCORED, 1, said(ReaderLabels(), SCORED, label, "a comment"))
    row.blind(True)
    assert row.is_blinded is is_blinded


def test_a_reading_of_the_series_ends_the_blinding() -> None:
    row = Row(SCORED, 1, is_series_read=True)
    row.blind(True)
    assert not row.is_blinded


def test_what_waits_is_blinded_and_what_cannot_be_read_has_nothing_to_hide() -> None:
    waiting = Row(PendingImage(Path("/a"), "1.dcm"), 1)
    damaged = Row(result("/a/2.dcm", None, Problem(Code.DAMAGED)), 2)
    for row in (waiting, damaged):
        row.blind(True)
    assert (waiting.is_blinded, damaged.is_blinded) == (True, False)
    assert (waiting.result, waiting.known, row_probability(waiting) >= 0) == (None, None, False)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (replace(SCORED, folder=Path("/b"), name="1.dcm"), True),
        (replace(SCORED, sha256="2"), False),
        (replace(SCORED, frame=1), False),
    ],
)
def test_a_row_shows_every_image_of_its_content(other: ImageResult, is_same: bool) -> None:
    assert Row(SCORED, 1).shows(other) is is_same
    assert not Row(PendingImage(SCORED.folder, SCORED.name), 1).shows(other)


def test_rows_are_read_as_found_until_they_have_a_place_in_a_series() -> None:
    assert [row.order for row in (Row(SCORED, 4), Row(SCORED, 4, place=2))] == [4, 2]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column.NAME, [3, 2, 1, 4]),
        (Column.PROBABILITY, [2, 1, 3, 4]),
        (Column.STATUS, [4, 1, 2, 3]),
        (Column.IMAGE, [1, 2, 3, 4]),
    ],
)
def test_rows_are_ordered_by_a_column_and_then_as_they_are_read(
    column: Column, expected: list[int]
) -> None:
    rows = [
        Row(result("/a/10.dcm", 0.5), 1),
        Row(result("/a/9.dcm", 0.9), 2),
        Row(result("/a/1.dcm", 0.5), 3),
        Row(result("/a/x.dcm", None, Problem(Code.DAMAGED)), 4),
    ]
    assert [row.number for row in sorted(rows, key=lambda row: sort_key(row, column))] == expected
