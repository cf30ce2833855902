from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from imaging import json_values
from model.confusion import Confusion
from model.operating_point import DEFAULT, OperatingPoint
from model.series_head import SeriesEvidence, SeriesHead, with_neighbours
from model.slice_context import SliceContext, SliceEvidence

HEAD = SeriesHead(
    weight=1.5,
    bias=0.5,
    thresholds=(OperatingPoint(DEFAULT, 0.5, "By hand."),),
    evidence=SeriesEvidence(("here",), (1,), (0.8,), (1,)),
)
CLEAN = [-3.0] * 30
BLEED = [-3.0] * 12 + [1.0, 2.0, 2.0, 2.0, 1.0] + [-3.0] * 13


def test_an_image_is_averaged_with_its_neighbours() -> None:
    averaged = with_neighbours(np.array([0.0, 4.0, 0.0, 0.0]), 0.25)
    assert averaged == pytest.approx([4 / 3, 2.0, 1.0, 0.0])


def test_the_score_is_the_mean_of_the_highest_sixth() -> None:
    flat = replace(HEAD, neighbour=0.0)
    assert flat.score([1.0, 2.0, *[0.0] * 10]) == pytest.approx(1.5)


def test_a_bleed_on_neighbouring_slices_counts_more_than_the_same_logits_apart() -> None:
    apart = list(CLEAN)
    for place, logit in zip(range(2, 30, 6), BLEED[12:17], strict=True):
        apart[place] = logit
    assert HEAD.score(BLEED) > HEAD.score(apart)


def test_a_series_with_every_image_twice_has_nearly_the_same_score() -> None:
    twice = [logit for logit in BLEED for _ in range(2)]
    assert HEAD.score(twice) == pytest.approx(HEAD.score(BLEED), abs=0.5)


def test_thin_slices_are_averaged_to_slabs() -> None:
    thin = [logit for logit in BLEED for _ in range(10)]
    assert HEAD.score(thin) == pytest.approx(HEAD.score(BLEED), abs=0.5)


def test_images_without_a_logit_change_little() -> None:
    holes = [None if place % 4 == 3 else logit for place, logit in enumerate(BLEED)]
    assert HEAD.score(holes) == pytest.approx(HEAD.score(BLEED), abs=0.5)


def test_a_higher_logit_never_lowers_the_score() -> None:
    for place in range(len(BLEED)):
        higher = list(BLEED)
        higher[place] += 1.0
        assert HEAD.score(higher) >= HEAD.score(BLEED)


def test_the_order_may_be_turned_round() -> None:
    assert HEAD.score(BLEED[::-1]) == pytest.approx(HEAD.score(BLEED))


def test_the_probability_is_that_of_the_regression() -> None:
    assert HEAD.probability([0.0] * 30) == pytest.approx(0.6224593)
    assert HEAD.probability([-2000.0] * 30) == 0.0


def test_few_images_are_left_to_the_images_themselves() -> None:
    assert HEAD.probability([5.0] * 7) is None
    assert HEAD.probability([5.0] * 7 + [None] * 20) is None
    assert HEAD.probability([5.0] * 8) is not None


def test_no_logit_makes_no_score() -> None:
    with pytest.raises(ValueError, match="no image"):
        HEAD.score([None, None])


def test_thresholds_have_names() -> None:
    assert HEAD.threshold() == 0.5
    with pytest.raises(KeyError):
        HEAD.point("another")


@pytest.mark.parametrize(
    "change",
    [
        {"weight": -1.0},
        {"weight": 0.0},
        {"bias": float("inf")},
        {"neighbour": 0.5},
        {"highest": 0.0},
        {"least": 0},
        {"slabs": 4},
        {"thresholds": ()},
        {"thresholds": (OperatingPoint(DEFAULT, 1.5, ""),)},
        {"evidence": SeriesEvidence(("here",), (1, 0), (0.8,), (1,))},
        {"evidence": SeriesEvidence(("here",), (2,), (0.8,), (1,))},
        {"evidence": SeriesEvidence(("here",), (1,), (0.8,), (-1,))},
        {"evidence": SeriesEvidence((), (), (), (), Confusion(-1, 0, 0, 0))},
    ],
)
def test_a_senseless_head_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="series head"):
        replace(HEAD, **change)  # type: ignore[arg-type]


def test_examinations_are_counted_by_label_and_call() -> None:
    labels, called = (1, 1, 1, 0, 0, 0, 0), (1, 1, 0, 0, 0, 0, 1)
    counts = SeriesEvidence(("here",) * 7, labels, (0.5,) * 7, called).counts
    assert counts.counts == (2, 1, 3, 1)


def test_the_card_can_hold_it() -> None:
    assert json_values.read(SeriesHead, asdict(HEAD)) == HEAD


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_threshold_may_be_either_end(threshold: float) -> None:
    assert (
        replace(HEAD, thresholds=(OperatingPoint(DEFAULT, threshold, ""),)).threshold() == threshold
    )


def test_the_evidence_may_be_of_either_label() -> None:
    both = SeriesEvidence(("a", "b"), (0, 1), (0.2, 0.8), (0, 1))
    assert sum(replace(HEAD, evidence=both).evidence.counts.counts) == 2


@pytest.mark.parametrize(
    "change", [{"neighbour": 0.0}, {"highest": 1.0}, {"least": 1}, {"slabs": 8}]
)
def test_what_shapes_the_score_may_be_at_its_bounds(change: dict[str, Any]) -> None:
    assert replace(HEAD, **change).score(CLEAN) == pytest.approx(-3.0)


def test_a_head_is_the_documented_one_unless_it_says_otherwise() -> None:
    assert (HEAD.neighbour, HEAD.highest, HEAD.slabs, HEAD.least) == (0.25, 1 / 6, 36, 8)


CONTEXT = SliceContext(
    1.0, 0.0, OperatingPoint("specificity_90", 0.5, ""), SliceEvidence((), (), (), ())
)


def test_a_card_from_before_has_no_score_in_context() -> None:
    before = asdict(HEAD)
    del before["context"]
    assert json_values.read(SeriesHead, before) == HEAD
    assert HEAD.in_context(BLEED) == (None,) * len(BLEED)


def test_each_slice_has_its_score_in_context() -> None:
    head = replace(HEAD, context=CONTEXT)
    assert json_values.read(SeriesHead, asdict(head)) == head
    assert head.in_context([0.0] * 30 + [None]) == (*[0.5] * 30, None)
    found = head.in_context(BLEED)
    assert found.index(max(each or 0.0 for each in found)) == 14


def test_few_images_have_no_score_in_context() -> None:
    head = replace(HEAD, context=CONTEXT)
    assert head.in_context([5.0] * 7) == (None,) * 7
    assert head.in_context([5.0] * 7 + [None] * 20) == (None,) * 27
    assert None not in head.in_context([5.0] * 8)


def test_a_series_of_more_images_than_slabs_is_averaged_further() -> None:
    peak = [0.0] * 10 + [16.0] + [0.0] * 10
    wide, narrow = (
        replace(HEAD, context=CONTEXT, slabs=slabs).in_context(peak)[10] for slabs in (8, 21)
    )
    assert (wide or 0.0) < (narrow or 0.0)


def test_a_shift_of_all_logits_is_taken_back() -> None:
    head = replace(HEAD, context=CONTEXT)
    higher = [logit + 2.5 for logit in BLEED]
    assert head.shifted(2.5).probability(higher) == pytest.approx(head.probability(BLEED))
    assert head.shifted(2.5).in_context(higher) == pytest.approx(head.in_context(BLEED))
    assert HEAD.shifted(2.5).context is None


@pytest.mark.parametrize("places", [(0, 2), (-1, 0), (10**30, 0)])
def test_slices_are_of_examinations_that_the_head_was_fitted_to(places: tuple[int, int]) -> None:
    both = SeriesEvidence(("a", "b"), (0, 1), (0.2, 0.8), (0, 1))
    inside = SliceEvidence((0, 1), (0, 1), (0.2, 0.8), (0, 1))
    head = replace(HEAD, evidence=both, context=replace(CONTEXT, evidence=inside))
    assert head.context is not None
    outside = replace(inside, examinations=places)
    with pytest.raises(ValueError, match="examinations that are not there"):
        replace(head, context=replace(CONTEXT, evidence=outside))


@pytest.mark.parametrize("places", [(0, 2), (-1, 0), (10**30, 0)])
def test_slices_of_other_examinations_than_the_heads_are_of_those_that_are_named(
    places: tuple[int, int],
) -> None:
    three = SliceEvidence((0, 4), (0, 1), (0.2, 0.8), (0, 1), ("x",) * 5, by_networks_alike=True)
    head = replace(HEAD, context=replace(CONTEXT, evidence=three))
    assert json_values.read(SeriesHead, asdict(head)) == head
    few = replace(three, examinations=places, sources=("x", "y"))
    with pytest.raises(ValueError, match="examinations that are not there"):
        replace(HEAD, context=replace(CONTEXT, evidence=few))


def test_a_card_from_before_says_that_slices_are_of_the_heads_examinations() -> None:
    head = replace(HEAD, context=CONTEXT)
    values = asdict(head)
    for new in ("sources", "by_networks_alike"):
        del values["context"]["evidence"][new]
    assert json_values.read(SeriesHead, values) == head


def test_slabs_without_end_average_each_slice_as_it_is() -> None:
    head = replace(HEAD, context=CONTEXT)
    assert replace(head, slabs=10**400).in_context(BLEED) == head.in_context(BLEED)
