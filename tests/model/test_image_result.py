from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from imaging.errors import Code, Problem, Status
from model.image_result import (
    ImageCall,
    ImageResult,
    Zone,
    image_call,
    prediction,
    status_of,
    zone,
    zone_of,
)
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from tests.make.tiny_model import tiny_card


def _result(probability: float | None, *problems: Problem) -> ImageResult:
    return ImageResult(
        folder=Path(),
        name="a.png",
        frame=0,
        frames=1,
        status=status_of(problems),
        problems=problems,
        analysed_at=datetime(2026, 1, 2, tzinfo=UTC),
        probability=probability,
    )


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ([], Status.OK),
        ([Code.LOSSY], Status.WARNING),
        ([Code.LOSSY, Code.NOT_ASSESSABLE], Status.REFUSED),
        ([Code.NOT_ASSESSABLE, Code.CLASSIFIER_FAILED], Status.FAILED),
        ([Code.DANGLING_LINK], Status.SKIPPED),
    ],
)
def test_the_worst_problem_gives_the_status(codes: list[Code], status: Status) -> None:
    assert status_of(tuple(Problem(code) for code in codes)) is status


def test_the_reason_is_all_sentences_on_one_line() -> None:
    result = _result(0.5, Problem(Code.LOSSY), Problem(Code.TILT, "12\ndegrees"))
    assert result.reason == "Lossy compression. Gantry tilt (12 degrees)."


@pytest.mark.parametrize(("probability", "expected"), [(0.49, 0), (0.5, 1), (1.0, 1), (None, None)])
def test_an_image_at_the_threshold_counts_as_positive(
    probability: float | None, expected: int | None
) -> None:
    assert prediction(_result(probability), 0.5) == expected


@pytest.mark.parametrize(
    ("probability", "threshold", "expected"),
    [
        (0.29, 0.5, Zone.NOT_FLAGGED),
        (0.30, 0.5, Zone.UNCERTAIN),
        (0.69, 0.5, Zone.UNCERTAIN),
        (0.70, 0.5, Zone.FLAGGED),
        (0.80, 0.9, Zone.NOT_FLAGGED),
        (0.20, 0.1, Zone.FLAGGED),
        (None, 0.5, None),
    ],
)
def test_zone_follows_the_card_between_its_points_and_the_reader_elsewhere(
    probability: float | None, threshold: float, expected: Zone | None
) -> None:
    assert zone(_result(probability), tiny_card(), threshold) is expected


@pytest.mark.parametrize(
    ("place", "is_flagged", "call"),
    [
        (Zone.FLAGGED, True, ImageCall.FLAGGED),
        (Zone.UNCERTAIN, True, ImageCall.FLAGGED_UNCERTAIN),
        (Zone.UNCERTAIN, False, ImageCall.UNCERTAIN),
        (Zone.NOT_FLAGGED, False, ImageCall.NOT_FLAGGED),
    ],
)
def test_an_uncertain_image_is_never_called_not_flagged(
    place: Zone, is_flagged: bool, call: ImageCall
) -> None:
    assert image_call(place, is_flagged) is call


def test_nothing_is_uncertain_where_one_threshold_gives_both_rates() -> None:
    points = (
        OperatingPoint(DEFAULT, 0.5, ""),
        OperatingPoint(SENSITIVE, 0.7, ""),
        OperatingPoint(SPECIFIC, 0.3, ""),
    )
    card = tiny_card(operating_points=points)
    assert zone(_result(0.5), card, 0.5) is Zone.FLAGGED


@pytest.mark.parametrize("probability", [0.0, 0.49, 0.5, 1.0])
def test_without_the_two_points_no_probability_is_uncertain(probability: float) -> None:
    card = tiny_card(operating_points=(OperatingPoint(DEFAULT, 0.5, ""),))
    expected = Zone.FLAGGED if probability >= 0.5 else Zone.NOT_FLAGGED
    assert zone_of(probability, card, 0.5) is expected


def test_an_image_whose_turn_had_not_come_was_not_screened() -> None:
    stopped = _result(None, Problem(Code.NOT_SCREENED))
    assert [each.is_screened for each in (stopped, _result(0.5))] == [False, True]
