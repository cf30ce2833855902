"""A slice's score in context: what is averaged, what it keeps to, and what its evidence counts."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging import json_values
from model.operating_point import OperatingPoint
from model.proportion import Proportion
from model.slice_context import SliceContext, SliceEvidence, averaged

EVIDENCE = SliceEvidence(
    examinations=(0, 0, 0, 1, 1, 2),
    labels=(0, 1, 1, 0, 0, 1),
    probabilities=(0.1, 0.9, 0.2, 0.3, 0.8, 0.7),
    called=(0, 1, 0, 0, 1, 1),
)
CONTEXT = SliceContext(1.0, 0.0, OperatingPoint("specificity_90", 0.5, "By hand."), EVIDENCE)
SERIES = st.lists(
    st.none() | st.floats(-50, 50, allow_subnormal=False), min_size=1, max_size=120
).filter(lambda logits: any(each is not None for each in logits))


def values(logits: list[float | None], reach: int = 3, slabs: int = 36) -> list[float]:
    found: list[float] = averaged(logits, reach, slabs).tolist()
    return found


def test_the_weights_fall_evenly_over_seven_slices() -> None:
    alone = [0.0] * 9
    alone[4] = 16.0
    assert values([*alone]) == pytest.approx(
        [0, 16 / 13, 32 / 15, 3, 4, 3, 32 / 15, 16 / 13, 0], abs=1e-12
    )


def test_within_a_series_the_weights_are_1_2_3_4_3_2_1() -> None:
    alone: list[float | None] = [0.0] * 21
    alone[10] = 16.0
    assert values(alone)[7:14] == pytest.approx([1, 2, 3, 4, 3, 2, 1])


def test_without_reach_each_slice_stays_alone() -> None:
    assert values([1.0, None, 3.0], reach=0)[::2] == [1.0, 3.0]
    assert values([1.0, 3.0, 5.0], reach=0, slabs=1) == [1.0, 3.0, 5.0]


def test_a_slice_without_a_logit_has_none_in_context_and_takes_no_weight() -> None:
    found = values([2.0, None, 2.0, None])
    assert found[0] == found[2] == pytest.approx(2.0)
    assert math.isnan(found[1])
    assert math.isnan(found[3])


def test_thin_slices_say_what_the_thick_ones_they_are_cut_from_say() -> None:
    thick = [-3.0] * 14 + [3.0] * 5 + [-3.0] * 17
    thin = values([logit for logit in thick for _ in range(10)])
    assert np.mean(np.reshape(thin, (-1, 10)), axis=1) == pytest.approx(values([*thick]), abs=0.35)


def test_a_series_of_as_many_images_as_slabs_is_averaged_as_it_is() -> None:
    alone: list[float | None] = [0.0] * 36
    alone[18] = 16.0
    assert values(alone)[18] == pytest.approx(4.0)
    assert values([*alone, 0.0])[18] < 4.0


@given(SERIES)
def test_it_stays_between_the_lowest_and_the_highest_logit(logits: list[float | None]) -> None:
    known = [each for each in logits if each is not None]
    found = [each for each in values(logits) if not math.isnan(each)]
    assert len(found) == len(known)
    assert min(known) - 1e-9 <= min(found)
    assert max(found) <= max(known) + 1e-9


@given(SERIES)
def test_the_order_may_be_turned_round(logits: list[float | None]) -> None:
    assert values(logits[::-1]) == pytest.approx(values(logits)[::-1], nan_ok=True, abs=1e-9)


@given(SERIES, st.integers(0), st.floats(0, 50))
def test_a_higher_logit_lowers_no_slice(logits: list[float | None], at: int, by: float) -> None:
    places = [place for place, each in enumerate(logits) if each is not None]
    place = places[at % len(places)]
    higher = [*logits]
    higher[place] = (logits[place] or 0.0) + by
    before, after = values(logits), values(higher)
    assert all(not new < old for old, new in zip(before, after, strict=True))


@given(SERIES, st.floats(-20, 20))
def test_a_shift_of_all_logits_is_taken_back(logits: list[float | None], by: float) -> None:
    higher = [None if each is None else each + by for each in logits]
    expected = CONTEXT.probabilities(logits, 36)
    found = CONTEXT.shifted(by).probabilities(higher, 36)
    for one, other in zip(expected, found, strict=True):
        assert (one is None) == (other is None)
        assert one is None or other == pytest.approx(one, abs=1e-9)


def test_the_probability_is_that_of_the_regression() -> None:
    fitted = replace(CONTEXT, weight=2.0, bias=1.0)
    first, without, last = fitted.probabilities([0.5, None, 0.5], 36)
    assert (first, last) == pytest.approx((1 / (1 + math.exp(-2.0)),) * 2)
    assert without is None


def test_slices_are_counted_by_label_and_call_and_vary_by_examination() -> None:
    assert (EVIDENCE.sensitivity.count, EVIDENCE.sensitivity.total) == (2, 3)
    assert (EVIDENCE.specificity.count, EVIDENCE.specificity.total) == (2, 3)
    assert EVIDENCE.n_examinations == 3
    hits, of = np.array([True, False, True]), np.array([0, 0, 2])
    assert EVIDENCE.sensitivity == Proportion.of_groups(hits, of)


@pytest.mark.parametrize(
    "change",
    [
        {"weight": 0.0},
        {"weight": float("nan")},
        {"bias": float("inf")},
        {"reach": -1},
        {"reach": 101},
        {"point": OperatingPoint("specificity_90", 1.5, "")},
        {"point": OperatingPoint("specificity_90", -0.1, "")},
        {"evidence": replace(EVIDENCE, labels=(0, 1))},
        {"evidence": replace(EVIDENCE, examinations=(0,))},
        {"evidence": replace(EVIDENCE, labels=(2,) * 6)},
        {"evidence": replace(EVIDENCE, called=(-1,) * 6)},
    ],
)
def test_a_senseless_one_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="slice context"):
        replace(CONTEXT, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_threshold_may_be_either_end(threshold: float) -> None:
    point = OperatingPoint("specificity_90", threshold, "")
    assert replace(CONTEXT, point=point, reach=0).point.threshold == threshold


def test_the_card_can_hold_it() -> None:
    assert json_values.read(SliceContext, asdict(CONTEXT)) == CONTEXT
    assert CONTEXT.reach == 3
