from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import Code, Problem
from model.card import OutOfFold
from model.confusion import Confusion
from model.image_result import Zone, zone_of
from model.listed_image import ListedImage, PendingImage
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, OperatingPoint
from model.series_point import (
    FALSE_ALARMS,
    RULE,
    SeriesPoint,
    SeriesPoints,
)
from model.series_result import SeriesResult, SeriesState, series_results
from tests.make.cards import NEGATIVES, POSITIVES, card_of
from tests.make.results import result
from tests.make.tiny_model import tiny_card


def _series(highest: float | None, assessed: int, probability: float | None = None) -> SeriesResult:
    """A series of so many assessed images, that counts as its highest unless told otherwise."""
    [series] = series_results([result("s/1.png", None)])
    counts_as = highest if probability is None else probability
    known = () if highest is None else (highest,)
    return replace(
        series,
        highest=highest,
        counted_probability=counts_as,
        n_assessed=assessed,
        probabilities=known,
    )


def test_false_alarms_are_at_most_the_expected_images_above_over_those_needed() -> None:
    point = SeriesPoint(30, 0.5, Confusion(0, 50_000, 950_000, 0), of_single_images=True)
    low, high = point.false_alarms_interval
    assert point.counted == 2
    assert point.false_alarms == pytest.approx(30 * 0.05 / 2, abs=5e-5)
    assert low < 30 * 0.05 / 2 < high
    rare = SeriesPoint(30, 0.5, Confusion(0, 1, 99, 0), of_single_images=True)
    assert rare.false_alarms_interval[1] == pytest.approx(15 * 0.0545, abs=1e-3)
    often = SeriesPoint(30, 0.5, Confusion(0, 50, 50, 0), of_single_images=True)
    assert (often.false_alarms, often.false_alarms_interval) == (1.0, (1.0, 1.0))


@pytest.mark.parametrize(
    ("images", "counts", "just_above", "reached_by", "expected", "needed", "enough"),
    [
        # Two of 21 ranks are above the second highest: 2 · 2/21 of series would reach it.
        (2, 1, 0.20, 0, 2 / 21, 19, True),
        (3, 1, 0.20, 0, 3 / 21, 29, False),
        (20, 1, 0.20, 0, 20 / 21, 199, False),
        (21, 2, 0.20, 0, 21 / 2 / 21, 104, False),
        (30, 2, 0.20, 0, 30 / 2 / 21, 149, False),
        (200, 10, 0.20, 0, 20 / 21, 199, False),
    ],
)
def test_the_threshold_is_for_the_number_of_assessed_images(
    images: int,
    counts: int,
    just_above: float,
    reached_by: int,
    expected: float,
    needed: int,
    enough: bool,
) -> None:
    point = SeriesPoints(card_of(), 0.0).of(images)
    assert point.counted == counts
    assert point.threshold == pytest.approx(just_above)
    assert point.evidence.false_positive == reached_by
    assert point.false_alarms == pytest.approx(expected)
    assert (point.negatives, point.negatives_needed, point.enough) == (20, needed, enough)
    assert not point.of_single_images


@pytest.mark.parametrize("temperature", [0.5, 3.0])
def test_thresholds_are_on_probabilities_after_the_temperature(temperature: float) -> None:
    point = SeriesPoints(card_of(temperature=temperature), 0.0).of(2)
    assert point.threshold == pytest.approx(0.20)


@pytest.mark.parametrize(
    ("threshold", "images", "follows"),
    [(0.195, 1, True), (0.195, 2, False), (0.25, 2, True), (0.25, 30, True), (1.0, 30, True)],
)
def test_it_is_never_below_the_threshold_of_single_images(
    threshold: float, images: int, follows: bool
) -> None:
    point = SeriesPoints(card_of(), threshold).of(images)
    assert point.of_single_images is follows
    assert point.threshold == threshold if follows else point.threshold > threshold


def test_the_threshold_of_single_images_may_be_just_that_of_the_series() -> None:
    own = SeriesPoints(card_of(), 0.0).of(2).threshold
    assert SeriesPoints(card_of(), own).of(2).of_single_images


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.185, 0.6, 1.0])
def test_a_series_of_one_image_is_called_as_that_image_is(threshold: float) -> None:
    card = card_of()
    points = SeriesPoints(card, threshold)
    assert points.of(1).threshold == threshold
    assert points.of(1).of_single_images
    for probability in (*NEGATIVES, *POSITIVES, threshold):
        assert points.zone(_series(probability, 1)) is zone_of(probability, card, threshold)


def test_what_it_keeps_and_costs_is_counted_where_it_ends_up() -> None:
    points = SeriesPoints(card_of(), 0.185)  # 0.19 and 0.20 reach it, as do 0.1995, 0.5 and 0.9
    single, series = points.of(1), points.of(2)
    assert (single.threshold, single.evidence) == (0.185, Confusion(3, 2, 18, 1))
    assert (series.evidence.sensitivity.count, series.evidence.sensitivity.total) == (2, 4)
    assert SeriesPoints(card_of(), 0.195).of(2).false_alarms == series.false_alarms


def test_of_many_negatives_the_share_is_kept_for_every_length() -> None:
    random = np.random.default_rng(7)
    negatives = 1 / (1 + np.exp(-random.normal(-2.0, 1.5, 1500)))
    points = [SeriesPoints(card_of(negatives.tolist()), 0.0).of(n) for n in range(2, 200)]
    assert all(point.enough for point in points)
    for point in points:
        reached = point.evidence.false_positive
        assert point.false_alarms <= FALSE_ALARMS
        # One more would be too many: there is no lower threshold.
        assert point.images / point.counted * (reached + 2) / 1501 > FALSE_ALARMS


@pytest.mark.parametrize("alike", [1, 2, 5, 25])
def test_new_negatives_reach_it_no_more_often_however_much_they_resemble_each_other(
    alike: int,
) -> None:
    random = np.random.default_rng(11)
    alarms, images, tries = 0, 25, 1000
    for negatives in random.uniform(0.01, 0.99, (tries, 250)):
        point = SeriesPoints(card_of(negatives.tolist()), 0.0).of(images)
        new = np.repeat(random.uniform(0.01, 0.99, images // alike + 1), alike)[:images]
        alarms += int(np.sort(new)[-point.counted] >= point.threshold)
    error = math.sqrt(FALSE_ALARMS * (1 - FALSE_ALARMS) / tries)
    assert alarms / tries <= FALSE_ALARMS + 3 * error
    if alike == point.counted == 2:  # the most that any likeness makes: the pairs come together
        assert alarms / tries > 0.8 * point.false_alarms


def test_without_negatives_the_threshold_of_single_images_stays_and_nothing_is_promised() -> None:
    point = SeriesPoints(card_of(negatives=[]), 0.4).of(5)
    assert (point.threshold, point.of_single_images, point.enough) == (0.4, True, False)
    assert (point.false_alarms, point.false_alarms_interval) == (1.0, (0.0, 1.0))


def test_no_series_is_above_a_negative_that_was_taken_for_certain() -> None:
    card = tiny_card(out_of_fold=OutOfFold((0, 0, 1), (-1.0, 60.0, 60.0)))
    assert SeriesPoints(card, 0.5).of(4).threshold > 1.0


@pytest.mark.parametrize(
    ("highest", "counts_as", "images", "zone"),
    [
        (None, None, 3, None),
        (0.1, 0.1, 3, Zone.NOT_FLAGGED),
        (0.13, 0.13, 3, Zone.UNCERTAIN),  # as a single image is
        (0.17, 0.17, 3, Zone.UNCERTAIN),  # a single image is above, the series is not
        (0.17, 0.17, 1, Zone.FLAGGED),
        (0.195, 0.195, 1, Zone.FLAGGED),
        (0.195, 0.195, 3, Zone.UNCERTAIN),
        (0.3, 0.3, 3, Zone.FLAGGED),
        (0.3, 0.19, 30, Zone.UNCERTAIN),  # one image is above, two would be enough
        (0.3, 0.25, 30, Zone.FLAGGED),
    ],
)
def test_the_zone_is_that_of_its_highest_image_where_enough_are_above(
    highest: float | None, counts_as: float | None, images: int, zone: Zone | None
) -> None:
    points = (
        OperatingPoint(DEFAULT, 0.16, ""),
        OperatingPoint(SENSITIVE, 0.12, ""),
        OperatingPoint(SPECIFIC, 0.14, ""),
    )
    card = tiny_card(out_of_fold=card_of().out_of_fold, operating_points=points)
    assert SeriesPoints(card, 0.16).zone(_series(highest, images, counts_as)) is zone


@pytest.mark.parametrize("state", [*SeriesState])
def test_only_a_scored_series_has_a_zone(state: SeriesState) -> None:
    listed: dict[SeriesState, list[ListedImage]] = {
        SeriesState.WAITING: [PendingImage(Path("s"), "1.png")],
        SeriesState.SCORING: [result("s/1.png", 0.9), PendingImage(Path("s"), "2.png")],
        SeriesState.SCORED: [result("s/1.png", 0.9)],
        SeriesState.STOPPED: [
            result("s/1.png", 0.9),
            result("s/2.png", None, Problem(Code.NOT_SCREENED), header=False),
        ],
        SeriesState.NOT_ASSESSABLE: [result("s/1.png", None, Problem(Code.BLANK))],
    }
    [series] = series_results(listed[state])
    assert series.state is state
    points = SeriesPoints(card_of(), 0.5)
    scored = state is SeriesState.SCORED
    assert (points.zone(series) is Zone.FLAGGED, points.reached(series)) == (scored, scored or None)


def test_a_series_with_a_flagged_image_is_never_below() -> None:
    points = SeriesPoints(card_of(), 0.05)
    series = _series(0.06, 30, 0.01)
    assert (points.reached(series), points.zone(series)) == (False, Zone.UNCERTAIN)
    # Whatever it counts as: not below, with an image at the threshold.
    assert points.zone(replace(series, highest=0.01)) is Zone.UNCERTAIN
    assert points.zone(replace(series, highest=0.01, probabilities=(0.049,))) is Zone.NOT_FLAGGED


def test_a_series_with_an_unread_image_is_never_below() -> None:
    damaged = result("s/2.png", None, Problem(Code.DAMAGED), header=False)
    blank = result("s/3.png", None, Problem(Code.BLANK))
    points = SeriesPoints(card_of(), 0.5)
    [unread] = series_results([result("s/1.png", 0.01), damaged])
    [refused] = series_results([result("s/1.png", 0.01), blank])
    assert (points.zone(unread), points.zone(refused)) == (Zone.UNCERTAIN, Zone.NOT_FLAGGED)


def test_the_rule_names_the_share() -> None:
    assert "at most 10 % of series without the finding" in str(RULE)


@pytest.mark.parametrize(("negatives", "enough"), [(19, True), (18, False)])
def test_so_many_negatives_are_enough_and_one_less_is_not(negatives: int, enough: bool) -> None:
    point = SeriesPoint(2, 0.5, Confusion(0, 0, negatives, 0), of_single_images=False)
    assert (point.negatives_needed, point.enough) == (19, enough)


@pytest.mark.parametrize(("count", "above"), [(39, 1), (38, 0)])
def test_the_share_of_false_alarms_may_be_just_the_documented_one(count: int, above: int) -> None:
    """Of 40 ranks two are above the second highest: 2 · 2/40 of series reach it."""
    negatives = [place / 100 for place in range(1, count + 1)]
    point = SeriesPoints(card_of(negatives), 0.0).of(2)
    assert point.evidence.false_positive == above
