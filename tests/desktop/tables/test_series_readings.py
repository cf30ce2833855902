from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from desktop.engine.content_keys import series_key
from desktop.engine.readings import NO_DRAFT, Draft, Label, SeriesReading
from desktop.tables import turns
from desktop.tables.series_readings import SeriesReadings
from model.image_result import ImageResult
from model.listed_image import ListedImage
from model.series_group import group_images
from tests.make.results import result, said
from tests.make.worklists import series_of, waiting

WHEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
PRESENT = SeriesReading(Label.PRESENT, WHEN, confidence=80)


def folder(name: str, *probabilities: float) -> list[ImageResult]:
    """A folder of image files: what is in them is not known before they are read."""
    every = [result(f"/{name}/{at}.png", each) for at, each in enumerate(probabilities)]
    return [replace(each, sha256=f"content of {each.path}") for each in every]


@pytest.fixture
def blinded() -> SeriesReadings:
    """Of a series whose score nobody has seen."""
    series = series_of([])
    series.table.set_read_before_ai(True)
    readings = SeriesReadings(series, series)
    show(readings, folder("A", 0.9, 0.8))
    return readings


def show(readings: SeriesReadings, images: Sequence[ListedImage]) -> None:
    """Open images in place of others."""
    series = readings._series
    series.table.clear()
    series.table.add_images(images)
    series.set_groups(group_images(images))


def kept(readings: SeriesReadings) -> SeriesReading:
    reading = readings.reading(0)
    assert reading is not None
    return reading


def test_a_reading_is_kept_unblinds_the_series_and_can_be_taken_back(
    blinded: SeriesReadings,
) -> None:
    blinded.read(0, PRESENT)
    assert (kept(blinded).label, blinded.is_read(0)) == (Label.PRESENT, True)
    assert not blinded._series[0].is_blinded
    blinded.read(0, replace(PRESENT, label=None))
    assert (blinded.reading(0), blinded.is_read(0)) == (None, False)


def test_a_reading_is_blinded_where_no_score_was_on_show(blinded: SeriesReadings) -> None:
    blinded.read(0, PRESENT)
    assert kept(blinded).blinded


def test_after_a_score_was_on_show_no_reading_is_blinded(blinded: SeriesReadings) -> None:
    table = blinded._table
    table.set_read_before_ai(False)
    table.set_read_before_ai(True)
    blinded.read(0, PRESENT)
    assert not kept(blinded).blinded


def test_after_scores_were_on_show_when_series_were_grouped_no_reading_is_blinded() -> None:
    series = series_of([])
    readings = SeriesReadings(series, series)
    show(readings, folder("A", 0.9))
    readings._table.set_read_before_ai(True)
    readings.read(0, PRESENT)
    assert not kept(readings).blinded


def test_what_one_reader_saw_leaves_another_one_blinded(blinded: SeriesReadings) -> None:
    blinded.set_reader("AB")
    blinded.read(0, replace(PRESENT, reader="AB"))
    blinded.set_reader("CD")
    assert blinded.reading(0) is None
    blinded.read(0, replace(PRESENT, reader="CD"))
    assert kept(blinded).blinded


def test_who_gives_a_name_after_a_score_was_on_show_has_seen_it(blinded: SeriesReadings) -> None:
    blinded._table.set_read_before_ai(False)
    blinded._table.set_read_before_ai(True)
    blinded.set_reader("AB")
    blinded.read(0, replace(PRESENT, reader="AB"))
    assert not kept(blinded).blinded


def test_a_score_of_another_folder_was_none_of_this_series(blinded: SeriesReadings) -> None:
    blinded._table.set_read_before_ai(False)
    blinded._table.set_read_before_ai(True)
    show(blinded, folder("B", 0.9))
    blinded.read(0, PRESENT)
    assert kept(blinded).blinded


@pytest.mark.parametrize(
    ("comment", "confidence", "is_blinded"), [("rim", 80, True), ("", 70, False)]
)
def test_a_confidence_that_is_changed_beside_the_score_is_no_blinded_one(
    blinded: SeriesReadings, comment: str, confidence: int, is_blinded: bool
) -> None:
    blinded.read(0, PRESENT)
    blinded.amend(0, comment=comment, confidence=confidence)
    assert (kept(blinded).comment, kept(blinded).confidence) == (comment, confidence)
    assert kept(blinded).blinded is is_blinded


def test_nothing_can_be_kept_before_the_content_is_known() -> None:
    series = series_of([])
    readings = SeriesReadings(series, series)
    show(readings, waiting(folder("A", 0.9)))
    before = readings.can_read(0)
    readings._table.add_results(enumerate(folder("A", 0.9)))
    assert (before, readings.can_read(0)) == (False, True)


def test_a_stop_makes_no_series_of_the_images_that_were_scored(blinded: SeriesReadings) -> None:
    images = folder("B", 0.9, 0.1)
    show(blinded, waiting(images))
    blinded._table.add_results([(0, images[0])])
    blinded._table.end_waiting()
    stopped = blinded.can_read(0)
    blinded._table.wait_again()
    blinded._table.add_results([(1, images[1])])
    assert (stopped, blinded.can_read(0)) == (False, True)
    assert blinded._keys[0] == series_key(blinded._series[0].group, images)


def test_a_mark_made_before_the_content_is_known_is_kept_with_it(blinded: SeriesReadings) -> None:
    images = folder("B", 0.9)
    show(blinded, waiting(images))
    blinded.mark_read(0, True)
    blinded._table.add_results(enumerate(images))
    show(blinded, images)
    assert blinded.is_read(0)


def test_a_mark_of_unknown_content_is_of_no_other_series(blinded: SeriesReadings) -> None:
    show(blinded, waiting(folder("B", 0.9)))
    blinded.mark_read(0, True)
    show(blinded, waiting(folder("C", 0.9)))
    assert not blinded.is_read(0)


def test_a_series_all_of_whose_images_were_read_is_read(blinded: SeriesReadings) -> None:
    table = blinded._table
    for row in table.rows:
        assert row.known is not None
        table.show_reading(row.known, said(table.reader_labels, row.known, Label.ABSENT))
    assert blinded.is_read(0)


def test_what_is_said_before_the_label_waits_for_it(blinded: SeriesReadings) -> None:
    before = blinded.draft(0)
    blinded.set_draft(0, Draft("rim", 30))
    assert (before, blinded.draft(0)) == (NO_DRAFT, Draft("rim", 30))
    assert not blinded.is_read(0)


def test_a_series_that_was_marked_before_is_told_of_when_its_content_is_known() -> None:
    series = series_of([])
    readings, images = SeriesReadings(series, series), folder("A", 0.9, 0.8)
    show(readings, images)
    readings.mark_read(0, True)
    told: list[bool] = []
    readings.marked.connect(lambda: told.append(readings.is_read(0)))
    show(readings, waiting(images))
    series.table.add_results([(0, images[0])])
    assert (told, readings.is_read(0)) == ([], False)
    series.table.add_results([(1, images[1])])
    assert told == [True]


def test_readings_of_many_series_are_sought_in_turns_and_told_of_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = series_of([])
    readings, images = SeriesReadings(series, series), [*folder("A", 0.9), *folder("B", 0.8)]
    show(readings, images)
    for number in range(2):
        readings.mark_read(number, True)
    told: list[list[bool]] = []
    readings.marked.connect(lambda: told.append([readings.is_read(each) for each in range(2)]))
    monkeypatch.setattr(turns, "LASTS", 0.0)
    show(readings, images)
    assert (readings.can_read(0), readings.can_read(1), told) == (True, False, [])
    qtbot.waitUntil(lambda: bool(told))
    assert told == [[True, True]]


def test_readings_of_series_that_are_gone_are_sought_no_more(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = series_of([])
    readings = SeriesReadings(series, series)
    monkeypatch.setattr(turns, "LASTS", 0.0)
    show(readings, [*folder("A", 0.9), *folder("B", 0.8), *folder("C", 0.8)])
    show(readings, folder("D", 0.9))
    qtbot.wait(20)
    assert list(readings._keys) == [0]
