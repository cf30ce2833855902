from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.tables.shown_series import ShownSeries
from imaging.errors import Code, Problem, Status
from model.listed_image import ListedImage
from model.series_decision import Rank, suspicion_of
from model.series_group import group_images
from model.series_result import SeriesResult, series_result
from tests.make.worklists import of_patient


@pytest.mark.parametrize("probability", [0.9, None])
def test_a_blinded_series_tells_nothing_of_its_result(probability: float | None) -> None:
    images: list[ListedImage] = [
        replace(each, sha256="1") for each in of_patient("A", probability, 0.1)
    ]
    [only] = group_images(images)
    series = ShownSeries.of(only, series_result(only, images), is_blinded=True)
    known = series.result
    assert series.is_blinded
    assert (known.probabilities, known.highest, series.top) == ((), None, ())
    assert (known.n_without_score, known.reasons, known.n_assessed) == (0, (), 2)
    assert suspicion_of(known, None, 0.5, hidden=True)[0] is Rank.PENDING


def outcome(
    *probabilities: float | None, failed: bool = False, copied: bool = False
) -> SeriesResult:
    """What three images give together; None: not assessable."""
    images = [
        replace(each, sha256=str(at)) for at, each in enumerate(of_patient("A", *probabilities))
    ]
    if failed:
        damaged = (Problem(Code.DAMAGED),)
        images[2] = replace(images[2], problems=damaged, status=Status.FAILED)
    if copied:
        images[1:] = [replace(images[0], name=each.name) for each in images[1:]]
    return series_result(GROUP, images)


[GROUP] = group_images(of_patient("A", 0.1, 0.1, 0.1))
OUTCOMES = [
    outcome(0.1, 0.1, 0.1),
    outcome(0.9, 0.2, 0.8),
    outcome(0.9, 0.2, None),
    outcome(0.9, 0.2, None, failed=True),
    outcome(0.9, 0.9, 0.9, copied=True),
    outcome(None, None, None),
]


def test_a_blinded_series_says_the_same_whatever_its_result_is() -> None:
    assert OUTCOMES[3].n_failed
    assert OUTCOMES[4].copies
    blinded = [ShownSeries.of(GROUP, each, is_blinded=True).result for each in OUTCOMES]
    assert [each for each in blinded if each != blinded[0]] == []
    assert (
        len({str(ShownSeries.of(GROUP, each, is_blinded=False).result) for each in OUTCOMES}) == 6
    )
