from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from desktop.engine.evidence import Evidence
from desktop.engine.finding import Zone, zone_of
from desktop.engine.series_point import (
    FALSE_ALARMS,
    NO_LABELLED_SERIES,
    RULE,
    SeriesPoint,
    SeriesPoints,
)
from desktop.engine.series_sentences import series_sentences
from scans.model_card import FROZEN, SENSITIVE, SPECIFIC, ModelCard, OperatingPoint, OutOfFold
from tests.make.tiny_model import tiny_card

NEGATIVES = [0.01 * n for n in range(1, 21)]
"""Twenty probabilities of scans without the finding: 0.01, 0.02 … 0.20."""
POSITIVES = [0.15, 0.1995, 0.5, 0.9]


def _card(
    negatives: Sequence[float] = NEGATIVES,
    positives: Sequence[float] = POSITIVES,
    temperature: float = 1.0,
) -> ModelCard:
    """A card whose out-of-fold table has these probabilities."""
    logits = [temperature * math.log(p / (1 - p)) for p in (*negatives, *positives)]
    labels = (0,) * len(negatives) + (1,) * len(positives)
    return tiny_card(out_of_fold=OutOfFold(labels, tuple(logits)), temperature=temperature)


def test_the_highest_of_30_is_above_a_threshold_of_5_per_cent_in_79_per_cent_of_series() -> None:
    point = SeriesPoint(30, Evidence(0.5, 0, 50_000, 950_000, 0), of_single_pictures=True)
    low, high = point.false_alarms_interval
    chance = 1 - 0.95**30
    assert chance == pytest.approx(0.785, abs=5e-4)
    assert point.false_alarms == pytest.approx(chance, abs=5e-5)
    assert low < chance < high


@pytest.mark.parametrize(
    ("pictures", "just_above", "reached_by", "expected", "needed", "enough"),
    [
        # With one above, two new ones would reach it in 1 - 20/22 · 19/21 = 17.7 % of series.
        (2, 0.20, 0, 2 / 22, 18, True),
        (3, 0.20, 0, 3 / 23, 27, False),
        (30, 0.20, 0, 30 / 50, 270, False),
    ],
)
def test_the_threshold_rises_with_the_number_of_judged_pictures(
    pictures: int,
    just_above: float,
    reached_by: int,
    expected: float,
    needed: int,
    enough: bool,
) -> None:
    point = SeriesPoints(_card(), 0.0).of(pictures)
    assert point.threshold == pytest.approx(just_above)
    assert point.evidence.false_positive == reached_by
    assert point.false_alarms == pytest.approx(expected)
    assert (point.negatives, point.negatives_needed, point.enough) == (20, needed, enough)
    assert not point.of_single_pictures


@pytest.mark.parametrize("temperature", [0.5, 3.0])
def test_thresholds_are_on_probabilities_after_the_temperature(temperature: float) -> None:
    point = SeriesPoints(_card(temperature=temperature), 0.0).of(2)
    assert point.threshold == pytest.approx(0.20)


@pytest.mark.parametrize(
    ("threshold", "pictures", "follows"),
    [(0.195, 1, True), (0.195, 2, False), (0.25, 2, True), (0.25, 30, True), (1.0, 30, True)],
)
def test_it_is_never_below_the_threshold_of_single_pictures(
    threshold: float, pictures: int, follows: bool
) -> None:
    point = SeriesPoints(_card(), threshold).of(pictures)
    assert point.of_single_pictures is follows
    assert point.threshold == threshold if follows else point.threshold > threshold


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.185, 0.6, 1.0])
def test_a_series_of_one_picture_is_called_as_that_picture_is(threshold: float) -> None:
    card = _card()
    points = SeriesPoints(card, threshold)
    assert points.of(1).threshold == threshold
    assert points.of(1).of_single_pictures
    for probability in (*NEGATIVES, *POSITIVES, threshold):
        assert points.zone(probability, 1) is zone_of(probability, card, threshold)


def test_what_it_keeps_and_costs_is_counted_where_it_ends_up() -> None:
    points = SeriesPoints(_card(), 0.185)  # 0.19 and 0.20 reach it, as do 0.1995, 0.5 and 0.9
    single, series = points.of(1), points.of(2)
    assert single.evidence == Evidence(0.185, 3, 2, 18, 1)
    assert (series.evidence.sensitivity.count, series.evidence.sensitivity.total) == (2, 4)
    assert SeriesPoints(_card(), 0.195).of(2).false_alarms == series.false_alarms


def test_of_many_negatives_the_share_is_kept_for_every_length() -> None:
    random = np.random.default_rng(7)
    negatives = 1 / (1 + np.exp(-random.normal(-2.0, 1.5, 1500)))
    points = [SeriesPoints(_card(negatives.tolist()), 0.0).of(n) for n in range(2, 200)]
    thresholds = [point.threshold for point in points]
    assert thresholds == sorted(thresholds)
    assert [point.pictures for point in points if not point.enough] == list(range(167, 200))
    for point in points[:165]:
        rate = point.evidence.false_positive / 1500
        assert (1 - rate) ** point.pictures >= 1 - FALSE_ALARMS
        assert point.false_alarms <= FALSE_ALARMS


def test_new_negatives_reach_it_as_often_as_expected() -> None:
    random = np.random.default_rng(11)
    alarms, pictures, tries = 0, 3, 2000
    for negatives in random.uniform(0.01, 0.99, (tries, 60)):
        point = SeriesPoints(_card(negatives.tolist()), 0.0).of(pictures)
        alarms += int(random.uniform(0.01, 0.99, pictures).max() >= point.threshold)
    expected = 1 - 60 / 63 * 59 / 62  # one above; with two it would be 13.8 %
    error = math.sqrt(expected * (1 - expected) / tries)
    assert alarms / tries == pytest.approx(expected, abs=3 * error)


def test_without_negatives_the_threshold_of_single_pictures_stays_and_nothing_is_promised() -> None:
    point = SeriesPoints(_card(negatives=[]), 0.4).of(5)
    assert (point.threshold, point.of_single_pictures, point.enough) == (0.4, True, False)
    assert (point.false_alarms, point.false_alarms_interval) == (1.0, (0.0, 1.0))


def test_no_series_is_above_a_negative_that_was_taken_for_certain() -> None:
    card = tiny_card(out_of_fold=OutOfFold((0, 0, 1), (-1.0, 60.0, 60.0)))
    assert SeriesPoints(card, 0.5).of(4).threshold > 1.0


@pytest.mark.parametrize(
    ("probability", "pictures", "zone"),
    [
        (None, 3, None),
        (0.1, 3, Zone.BELOW),
        (0.13, 3, Zone.UNCERTAIN),  # as a single picture is
        (0.17, 3, Zone.UNCERTAIN),  # a single picture is above, the series is not
        (0.17, 1, Zone.ABOVE),
        (0.195, 1, Zone.ABOVE),
        (0.195, 3, Zone.UNCERTAIN),
        (0.3, 3, Zone.ABOVE),
    ],
)
def test_the_zone_is_that_of_its_highest_picture_where_that_is_enough(
    probability: float | None, pictures: int, zone: Zone | None
) -> None:
    points = (
        OperatingPoint(FROZEN, 0.16, ""),
        OperatingPoint(SENSITIVE, 0.12, ""),
        OperatingPoint(SPECIFIC, 0.14, ""),
    )
    card = tiny_card(out_of_fold=_card().out_of_fold, operating_points=points)
    assert SeriesPoints(card, 0.16).zone(probability, pictures) is zone


@pytest.mark.parametrize(
    ("threshold", "pictures", "expected"),
    [
        (
            0.0,
            2,
            [
                "Judged pictures: 2. Threshold of the series: 20.00 %.",
                "Of series with so many pictures and without the finding, at most 10 % are "
                "expected to reach it, if their pictures are independent and like those it was "
                "worked out on.",
            ],
        ),
        (
            0.195,
            1,
            [
                "Judged pictures: 1. Threshold of the series: 19.50 %, that of single pictures.",
                "A series of one judged picture counts as that picture.",
            ],
        ),
        (
            0.0,
            30,
            [
                "Judged pictures: 30. Threshold of the series: 20.00 %.",
                "Too few negatives to say whether at most 10 % of series without the finding "
                "reach it: 20, where 270 are needed; it is just above the highest of them.",
            ],
        ),
        (
            0.6,
            30,
            [
                "Judged pictures: 30. Threshold of the series: 60.00 %, that of single pictures.",
                "Too few negatives to say whether at most 10 % of series without the finding "
                "reach it: 20, where 270 are needed.",
            ],
        ),
    ],
)
def test_a_reader_is_told_the_threshold_and_how_it_was_chosen(
    threshold: float, pictures: int, expected: list[str]
) -> None:
    said = series_sentences(SeriesPoints(_card(), threshold).of(pictures))
    assert list(said[:2]) == expected
    assert said[-1] == NO_LABELLED_SERIES


def test_a_reader_is_told_what_it_keeps_and_costs() -> None:
    said = series_sentences(SeriesPoints(_card(), 0.0).of(3))
    # 0 of 20: Wilson 0 to 16.11 %, and 1 - 0.8389³ = 41.0 %. 2 of 4: Wilson 15.0 to 85.0 %.
    assert said[2:5] == (
        "Expected false alarms: 13.0 % of series without the finding (95 % interval 0.0 to "
        "41.0 %; 0 of 20 held-out scans without it reach the threshold), if the pictures are "
        "like those scans and independent of each other.",
        "Pictures of one patient resemble each other, which makes fewer.",
        "Of single pictures with the finding, 2 of 4 reach it: 50.0 % "
        "(95 % interval 15.0 to 85.0 %).",
    )


def test_without_positives_the_cost_is_not_known() -> None:
    said = series_sentences(SeriesPoints(_card(positives=[]), 0.0).of(3))
    assert said[4] == "How many single pictures with the finding reach it is not known."


def test_the_rule_names_the_share() -> None:
    assert "at most 10 % of series without the finding" in RULE
