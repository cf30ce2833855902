from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from imaging.errors import Code, Problem
from imaging.input.recipe import InputRecipe, Subject
from imaging.messages import Message
from model.card import ModelCard
from model.image_result import ImageResult, Zone
from model.listed_image import ListedImage, PendingImage, waiting_again
from model.operating_point import DEFAULT, SENSITIVE, OperatingPoint
from model.series_decision import (
    Agreement,
    Rank,
    SeriesCall,
    SeriesRule,
    SeriesRules,
    suspicion_of,
)
from model.series_group import group_images
from model.series_point import SeriesPoints
from model.series_result import SeriesCode, SeriesState, series_result, series_results
from tests.make.results import result
from tests.make.series_head import CARD, CONTEXT, HEAD, IN_CONTEXT, decided, images
from tests.make.tiny_model import SIZE, tiny_card

EIGHT = [0.5] * 8
"""Probabilities whose logits are 0 (see ``result``): the head gives such a series 0.5."""


def test_the_head_gives_the_series_its_probability_and_its_threshold() -> None:
    decision = decided([0.25] * 20 + [0.75] * 10)
    assert decision.rule is SeriesRule.HEAD
    logits = [4 * p - 2 for p in [0.25] * 20 + [0.75] * 10]
    assert decision.probability == HEAD.probability(logits)
    assert (decision.threshold, decision.is_flagged) == (0.5, True)


@pytest.mark.parametrize(("count", "rule"), [(8, SeriesRule.HEAD), (7, SeriesRule.IMAGES)])
def test_the_head_wants_eight_assessed_images(count: int, rule: SeriesRule) -> None:
    decision = decided([*EIGHT[:count], *[None] * 20])
    assert decision.rule is rule
    assert (decision.point is None) == (rule is SeriesRule.HEAD)


def test_a_copy_of_an_image_is_no_further_one() -> None:
    seven = images(EIGHT[:7])
    copy = replace(seven[6], folder=Path("/s"), name="7.png", sha256="same")
    seven[6] = replace(seven[6], sha256="same")
    [series] = series_results([*seven, copy])
    decision = SeriesRules(CARD, 0.5).of(series)
    assert decision is not None
    assert decision.rule is SeriesRule.IMAGES


def test_without_a_head_the_rule_of_single_images_applies() -> None:
    card = tiny_card()
    [series] = series_results(images([0.9] * 10))
    decision, points = SeriesRules(card, 0.5).of(series), SeriesPoints(card, 0.5)
    assert decision is not None
    assert decision.rule is SeriesRule.IMAGES
    assert decision.point == points.of(10)
    assert (decision.probability, decision.threshold) == (0.9, points.of(10).threshold)
    assert (decision.zone, decision.is_flagged) == (points.zone(series), points.reached(series))


def test_it_is_flagged_from_its_threshold_on() -> None:
    just_below = 0.5 - 4 * math.ulp(0.5)
    assert decided(EIGHT).is_flagged
    assert not decided([just_below] * 8).is_flagged


@pytest.mark.parametrize("threshold", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_the_threshold_of_single_images_neither_flags_a_series_nor_takes_its_flag(
    threshold: float,
) -> None:
    for probabilities in ([0.25] * 10, [0.75] * 10):
        before, after = decided(probabilities), decided(probabilities, threshold)
        assert (before.rule, before.probability, before.threshold) == (
            *(after.rule, after.probability),
            after.threshold,
        )
        assert before.is_flagged is after.is_flagged


@pytest.mark.parametrize(
    ("probabilities", "threshold", "agreement", "zone"),
    [
        ([0.75] * 10, 0.5, Agreement.BOTH, Zone.FLAGGED),
        ([0.75] * 10, 0.9, Agreement.SERIES_ALONE, Zone.FLAGGED),
        ([0.125] * 29 + [0.9], 0.5, Agreement.IMAGES_ALONE, Zone.UNCERTAIN),
        ([0.125] * 30, 0.5, Agreement.BOTH, Zone.NOT_FLAGGED),
        # Its logit is -0.6, its probability 0.354: between the head's two points.
        ([0.35] * 30, 0.5, Agreement.BOTH, Zone.UNCERTAIN),
    ],
)
def test_series_and_images_may_say_different_things(
    probabilities: list[float], threshold: float, agreement: Agreement, zone: Zone
) -> None:
    decision = decided(probabilities, threshold)
    assert (decision.agreement, decision.zone) == (agreement, zone)


def test_a_series_with_an_unread_image_is_not_called_not_flagged() -> None:
    damaged = result("/s/99.png", None, Problem(Code.DAMAGED), header=False)
    [series] = series_results([*images([0.125] * 30), damaged])
    decision = SeriesRules(CARD, 0.5).of(series)
    assert decision is not None
    assert (decision.rule, decision.agreement) == (SeriesRule.HEAD, Agreement.UNREADABLE)
    assert decision.zone is Zone.UNCERTAIN


@pytest.mark.parametrize(
    ("probabilities", "threshold", "unread", "call"),
    [
        ([0.75] * 10, 0.5, 0, SeriesCall.FLAGGED),
        ([0.75] * 10, 0.9, 0, SeriesCall.AS_A_WHOLE),
        ([0.35] * 29 + [0.9], 0.5, 0, SeriesCall.NEAR_WITH_IMAGES),
        ([0.125] * 29 + [0.9], 0.5, 0, SeriesCall.IMAGES_ALONE),
        ([0.125] * 30, 0.5, 1, SeriesCall.UNREADABLE),
        ([0.35] * 30, 0.5, 1, SeriesCall.NEAR),
        ([0.35] * 30, 0.5, 0, SeriesCall.NEAR),
        ([0.125] * 30, 0.5, 0, SeriesCall.NOT_FLAGGED),
        # Too few for the head: 0.354 is uncertain for an image, and far from the series' threshold.
        ([0.35] * 5, 0.5, 0, SeriesCall.UNCERTAIN_IMAGE),
    ],
)
def test_what_is_said_of_a_series_follows_from_its_result_and_its_images(
    probabilities: list[float], threshold: float, unread: int, call: SeriesCall
) -> None:
    damaged = result("/s/99.png", None, Problem(Code.DAMAGED), header=False)
    [series] = series_results([*images(probabilities), *[damaged] * unread])
    decision = SeriesRules(CARD, threshold).of(series)
    assert decision is not None
    assert decision.call is call


def test_a_flagged_series_in_the_uncertain_zone_is_said_to_be_both() -> None:
    decision = replace(decided([0.75] * 10), zone=Zone.UNCERTAIN)
    assert decision.call is SeriesCall.FLAGGED_UNCERTAIN


@pytest.mark.parametrize("state", [*SeriesState])
def test_only_a_series_that_was_wholly_seen_has_a_result(state: SeriesState) -> None:
    ten = images([0.75] * 10)
    missing = result("/s/10.png", None, Problem(Code.NOT_SCREENED))
    listed: dict[SeriesState, list[ListedImage]] = {
        SeriesState.WAITING: [PendingImage(each.folder, each.name, 0, each.header) for each in ten],
        SeriesState.SCORING: [*ten, PendingImage(missing.folder, missing.name, 0, missing.header)],
        SeriesState.SCORED: [*ten],
        SeriesState.STOPPED: [*ten, missing],
        SeriesState.NOT_ASSESSABLE: [*images([None] * 10)],
    }
    [series] = series_results(listed[state])
    assert series.state is state
    assert (SeriesRules(CARD, 0.5).of(series) is not None) is (state is SeriesState.SCORED)


def test_unidentified_images_have_no_result_together() -> None:
    ten = images([0.75] * 10)
    ten = [
        replace(each, name=each.path.with_stem(name).name)
        for each, name in zip(ten, "abcdefghij", strict=True)
    ]
    [group] = group_images(ten)
    rules = SeriesRules(CARD, 0.5)
    assert rules.of(series_result(group, ten)) is None
    assert rules.of(series_result(replace(group, is_trusted=True), ten)) is not None


def test_a_hidden_result_is_no_result() -> None:
    [series] = series_results(images([0.75] * 10))
    assert SeriesRules(CARD, 0.5).of(replace(series, counted_probability=None)) is None


def test_the_higher_the_probability_the_sooner_it_is_read() -> None:
    decisions = [decided([p] * 10) for p in (0.9, 0.6, 0.4)]
    assert sorted(decisions, key=lambda each: each.suspicion) == decisions
    assert [each.margin > 0 for each in decisions] == [True, True, False]


def test_by_the_rule_of_single_images_one_with_a_flagged_image_comes_first() -> None:
    lone, low = (decided(each, card=tiny_card()) for each in ([0.99, *[0.1] * 20], [0.4] * 21))
    assert lone.margin < low.margin
    assert lone.suspicion < low.suspicion


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.9], Rank.FLAGGED),
        ([0.9, *[0.1] * 39], Rank.UNCERTAIN),
        ([0.1], Rank.NOT_FLAGGED),
        ([None], Rank.NOT_ASSESSABLE),
    ],
)
def test_a_series_is_ranked_by_its_result(
    probabilities: list[float | None], expected: Rank
) -> None:
    [series] = series_results(images(probabilities))
    assert suspicion_of(series, SeriesRules(tiny_card(), 0.5).of(series), 0.5)[0] is expected


def test_what_waits_is_read_before_what_is_not_flagged() -> None:
    waiting = images([0.5, None])[0]
    listed: list[ListedImage] = [PendingImage(waiting.folder, waiting.name, 0, waiting.header)]
    [group] = group_images(listed)
    pending = suspicion_of(series_result(group, listed), None, 0.5)
    assert pending[0] is Rank.PENDING
    assert Rank.UNCERTAIN < Rank.PENDING < Rank.NOT_FLAGGED


def test_hidden_scores_tell_nothing_by_the_order() -> None:
    rules = SeriesRules(tiny_card(), 0.5)
    orders = set()
    for probability in (0.9, 0.1, None):
        [series] = series_results(images([probability]))
        orders.add(suspicion_of(series, rules.of(series), 0.5, hidden=True))
    assert orders == {(Rank.PENDING, False, 0.0)}


@pytest.mark.parametrize(("highest", "expected"), [(0.5, Rank.FLAGGED), (0.49, Rank.PENDING)])
def test_a_flagged_unidentified_image_is_read_among_the_flagged(
    highest: float, expected: Rank
) -> None:
    [series] = series_results([result("/f/b.png", 0.1), result("/f/x.png", highest)])
    found = suspicion_of(replace(series, is_one_patient=False), None, 0.5)
    assert found[0] is expected
    [flagged] = series_results(images([0.6]))
    assert suspicion_of(flagged, SeriesRules(tiny_card(), 0.5).of(flagged), 0.5) < found


def test_at_its_threshold_a_series_is_flagged() -> None:
    [series] = series_results(images(EIGHT))
    decision = SeriesRules(CARD, 0.9).of(series)
    assert decision is not None
    assert (decision.probability, decision.zone, decision.is_flagged) == (0.5, Zone.FLAGGED, True)


@pytest.mark.parametrize(("below", "near"), [(0.0, True), (4 * math.ulp(0.5), False)])
def test_at_its_point_of_high_sensitivity_a_series_is_uncertain(below: float, near: bool) -> None:
    points = (OperatingPoint(DEFAULT, 0.75, ""), OperatingPoint(SENSITIVE, 0.5, ""))
    card = tiny_card(series_head=replace(HEAD, thresholds=points))
    decision = decided([0.5 - below] * 8, 0.9, card)
    assert decision.probability == (0.5 if near else decision.probability)
    assert (decision.zone is Zone.UNCERTAIN, decision.is_near) == (near, near)


OTHER = InputRecipe(size=SIZE, crop_to_head=False, subject=Subject.OTHER)
"""Of a model for other images than head CT."""


@pytest.mark.parametrize("highest", [0.9, 0.1])
def test_a_model_of_other_images_gives_no_series_a_result(highest: float) -> None:
    [series] = series_results(images([highest, 0.1]))
    rules = SeriesRules(tiny_card(recipe=OTHER), 0.5)
    assert rules.of(series) is None
    assert rules.why_none(series) == Message(SeriesCode.NOT_CLAIMED)
    rank = suspicion_of(series, None, 0.5)[0]
    assert rank is (Rank.FLAGGED if highest >= 0.5 else Rank.PENDING)


@pytest.mark.parametrize(("count", "rule"), [(8, SeriesRule.HEAD), (7, None)])
def test_a_model_of_other_images_gives_a_series_what_its_own_head_says(
    count: int, rule: SeriesRule | None
) -> None:
    [series] = series_results(images(EIGHT[:count]))
    decision = SeriesRules(tiny_card(recipe=OTHER, series_head=HEAD), 0.5).of(series)
    assert (None if decision is None else decision.rule) is rule


def test_a_series_with_a_result_has_no_reason_for_having_none() -> None:
    [series] = series_results(images([0.9]))
    assert SeriesRules(tiny_card(), 0.5).why_none(series) is None


# Slices in context


def test_each_slice_has_its_score_in_context_by_its_own_index() -> None:
    probabilities: list[float | None] = [0.25] * 20 + [None, 0.75, 0.75] + [0.25] * 5
    turned = images(probabilities)[::-1]  # indices are of the list, not of the series' order
    [series] = series_results(turned)
    found = SeriesRules(IN_CONTEXT, 0.5).in_context(series)
    logits = [None if each is None else 4 * each - 2 for each in probabilities]
    expected = dict(enumerate(CONTEXT.probabilities(logits, HEAD.slabs)[::-1]))
    assert expected.pop(7) is None
    assert found == pytest.approx(expected)


def test_a_copy_of_a_slice_has_the_score_of_the_first() -> None:
    every = [replace(each, sha256=f"{at}") for at, each in enumerate(images([0.2] * 9 + [0.9]))]
    every.insert(3, replace(every[9], name="2b.png"))
    [series] = series_results(every)
    place_of = {index: place for place, index in enumerate(series.members)}
    found = SeriesRules(IN_CONTEXT, 0.5).in_context(series)
    copies = [at for at, each in enumerate(every) if each.sha256 == "9"]
    assert series.copies == tuple(
        (place_of[b], place_of[a]) for a, b in [sorted(copies, key=lambda at: place_of[at])]
    )
    assert found[copies[0]] == found[copies[1]]
    assert len(found) == 11


def test_the_rules_decide_as_before_whatever_the_score_in_context() -> None:
    assert decided([0.3] * 30, card=IN_CONTEXT) == replace(
        decided([0.3] * 30, card=CARD), head=IN_CONTEXT.series_head
    )


def in_context(series: list[ListedImage], card: ModelCard = IN_CONTEXT) -> dict[int, float]:
    [found] = series_results(series)
    return SeriesRules(card, 0.5).in_context(found)


def test_a_series_that_is_not_scored_whole_has_no_score_in_context() -> None:
    whole: list[ListedImage] = [*images([0.5] * 9)]
    first = whole[0]
    assert isinstance(first, ImageResult)
    assert len(in_context(whole)) == 9
    assert in_context([waiting_again(first), *whole[1:]]) == {}
    stopped = replace(first, probability=None, logit=None, problems=(Problem(Code.NOT_SCREENED),))
    assert in_context([stopped, *whole[1:]]) == {}


def test_there_is_no_score_in_context_without_what_makes_it() -> None:
    nine: list[ListedImage] = [*images([0.5] * 9)]
    assert in_context(nine, CARD) == {}
    assert in_context(nine, tiny_card()) == {}
    assert in_context(nine[:7]) == {}
    other = tiny_card(
        series_head=IN_CONTEXT.series_head,
        recipe=InputRecipe(SIZE, crop_to_head=False, subject=Subject.OTHER),
    )
    assert in_context(nine, other) == {}
    [group] = group_images(nine)
    unknown = series_result(replace(group, is_numbered=False, is_trusted=False), nine)
    assert SeriesRules(IN_CONTEXT, 0.5).in_context(unknown) == {}
