from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.tables.patients import Entry, Level, Lines, Series, with_images
from desktop.tables.row import Row
from imaging.errors import Code, Problem
from imaging.image import Identity
from model.series_decision import Rank, suspicion_of
from model.series_result import ListedImage, SeriesGroup, group_images, series_result
from tests.make.results import result
from tests.make.worklists import of_patient


def group(patient: str, study: str, series: str, *members: int) -> SeriesGroup:
    who = Identity(patient_id=patient, study_uid=study, series_uid=series)
    return SeriesGroup(series, who, members, None)


def test_a_patient_of_one_series_is_one_line() -> None:
    lines = Lines.of([group("A", "1", "1.1", 0), group("B", "2", "2.1", 1)])
    assert lines.entries == (Entry(Level.SERIES, (0,)), Entry(Level.SERIES, (1,)))
    assert (lines.below, lines.of_series) == ({None: (0, 1)}, (0, 1))


def test_series_of_several_studies_stand_below_theirs_and_a_lone_one_below_the_patient() -> None:
    groups = [group("A", "1", "1.1", 0), group("A", "2", "2.1", 1), group("A", "1", "1.2", 2)]
    lines = Lines.of(groups)
    assert [(each.level, each.series, each.parent) for each in lines.entries] == [
        (Level.PATIENT, (0, 1, 2), None),
        (Level.STUDY, (0, 2), 0),
        (Level.SERIES, (0,), 1),
        (Level.SERIES, (2,), 1),
        (Level.SERIES, (1,), 0),
    ]
    assert lines.below == {None: (0,), 0: (1, 4), 1: (2, 3)}
    assert lines.of_series == (2, 4, 3)


def test_unidentified_series_are_never_one_patient() -> None:
    groups = [group("", "", "", 0), group("", "", "", 1)]
    assert [each.series for each in Lines.of(groups).entries] == [(0,), (1,)]


def test_what_holds_no_image_makes_no_series() -> None:
    note = result("/a/note.txt", None, Problem(Code.UNKNOWN_CONTENT), header=False)
    images: list[ListedImage] = [note, *of_patient("A", 0.1)]
    rows = [Row(image, at + 1) for at, image in enumerate(images)]
    assert [each.members for each in with_images(group_images(images), rows)] == [(1,)]


@pytest.mark.parametrize("probability", [0.9, None])
def test_a_blinded_series_tells_nothing_of_its_result(probability: float | None) -> None:
    images: list[ListedImage] = [
        replace(each, sha256="1") for each in of_patient("A", probability, 0.1)
    ]
    [only] = group_images(images)
    series = Series.of(only, series_result(only, images), is_blinded=True)
    known = series.result
    assert series.is_blinded
    assert (known.probabilities, known.highest, series.top) == ((), None, ())
    assert (known.n_without_score, known.reasons, known.n_assessed) == (0, (), 2)
    assert suspicion_of(known, None, 0.5, hidden=True)[0] is Rank.PENDING
