from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.engine.readings import Label, Reading
from desktop.tables.row import Rows
from desktop.tables.series_rows import SeriesRows
from imaging.errors import Code, Problem
from model.listed_image import PendingImage
from model.series_group import group_images
from model.series_result import SeriesState
from tests.make.results import result
from tests.make.worklists import of_patient, waiting

LABELLED = Reading(Label.PRESENT, "", datetime(2026, 1, 1, tzinfo=UTC))
FIRST, OTHER = (
    [replace(image, sha256=image.name) for image in images]
    for images in (of_patient("one", 0.1, 0.2, 0.3), of_patient("two", 0.9, 0.8, 0.7))
)
MIXED = [each for pair in zip(OTHER, reversed(FIRST), strict=True) for each in pair]
"""Two patients' images by turns, those of the first one backwards."""


@pytest.fixture
def rows() -> Rows:
    """Rows of two series in one folder."""
    rows = Rows()
    rows.extend(MIXED)
    return rows


def of_first(rows: Rows) -> SeriesRows:
    groups = group_images(rows.images)
    return SeriesRows(next(each for each in groups if each.identity.patient_id == "one"), rows)


def test_a_series_is_of_its_own_rows_in_their_order(rows: Rows) -> None:
    shown = of_first(rows).series()
    assert [rows[at].path for at in shown.members] == [image.path for image in FIRST]
    assert shown.result.highest == 0.3
    assert [rows[at].known for at in shown.top] == FIRST[::-1]


def test_one_row_that_changes_back_and_forth_leaves_all_as_it_was(rows: Rows) -> None:
    series = of_first(rows)
    before, place = series.series().result, 1
    member = before.members[place]
    [rows.images[member]] = waiting([FIRST[place]])
    series.put(place, rows[member])
    assert series.series().result.highest is None
    rows.images[member] = FIRST[place]
    series.put(place, rows[member])
    assert series.series().result == before


def test_a_series_is_blinded_until_its_last_row_is_not(rows: Rows) -> None:
    for number in range(len(rows)):
        rows.blind(number, True)
    series = of_first(rows)
    assert not series.shows_score
    for place, member in enumerate(series.series().members):
        assert series.series().result.highest is None
        rows.blind(member, False)
        series.put(place, rows[member])
    assert series.shows_score
    assert series.series().result.highest == 0.3


def test_it_is_labelled_when_every_row_is_and_not_when_one_is_twice(rows: Rows) -> None:
    series = of_first(rows)
    members = series.series().members
    for place in (0, 0, 1):
        rows.set_reading(members[place], LABELLED)
        series.put(place, rows[members[place]])
    assert not series.is_labelled
    rows.set_reading(members[2], LABELLED)
    series.put(2, rows[members[2]])
    assert series.is_labelled


def test_a_file_beside_the_series_holds_its_result_back_and_is_none_of_its_rows(
    rows: Rows,
) -> None:
    rows.extend([PendingImage(Path("/flat"), "lost.dcm")])
    series = of_first(rows)
    beside = len(series.series().members)
    assert series.series().result.state is SeriesState.SCORING
    rows.blind(6, True)
    series.put(beside, rows[-1])
    assert not series.series().is_blinded
    rows.images[6] = result("/flat/lost.dcm", None, Problem(Code.DAMAGED), header=False)
    series.put(beside, rows[-1])
    assert series.series().result.state is SeriesState.SCORED
    assert series.has_names


def test_what_is_said_of_another_series_is_not_said_of_this_one(rows: Rows) -> None:
    for number in range(0, len(rows), 2):
        rows.blind(number, True)
        rows.set_reading(number, LABELLED)
    series = of_first(rows)
    assert not series.series().is_blinded
    assert not series.is_labelled


def test_a_label_that_is_taken_back_counts_no_more(rows: Rows) -> None:
    for number, image in enumerate(waiting(MIXED)):
        rows.images[number] = image
        rows.set_reading(number, LABELLED)
    series = of_first(rows)
    assert series.is_labelled
    first = series.series().members[0]
    rows.set_reading(first, None)
    series.put(0, rows[first])
    assert not series.is_labelled
