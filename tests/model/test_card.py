import itertools
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from imaging.input.recipe import InputRecipe
from imaging.messages import MessageCode
from model.card import (
    CHECKSUM_KEY,
    FORMAT_VERSION,
    HELD_OUT,
    LARGEST_TOLERANCE,
    LEARNT,
    LONGEST_CARD,
    METADATA_KEY,
    TEST,
    CardError,
    KnownAnswer,
    ModelCard,
    OutOfFold,
    PooledEvidence,
    checksum,
)
from model.confusion import Confusion
from model.messages import ModelCode
from model.operating_point import DEFAULT, YOUDEN, OperatingPoint
from model.probability import Calibration
from model.proportion import Interval
from model.series_head import SeriesEvidence, SeriesHead
from tests.make.tiny_model import tiny_card

POOLED = PooledEvidence(5, 0.3, Confusion(40, 8, 90, 10, "Of 5 networks."), 0.91, 0.88, 0.93)
SCAN = np.arange(32 * 32, dtype=np.uint16).astype(np.uint8).reshape(32, 32)


HEAD = SeriesHead(
    weight=1.5,
    bias=0.5,
    thresholds=(OperatingPoint(DEFAULT, 0.5, "By hand."),),
    evidence=SeriesEvidence(("here",), (1,), (0.8,), (1,)),
)


NOTED = {"true_positive": 1, "false_positive": 1, "true_negative": 1, "false_negative": 1}


def card(**changes: Any) -> ModelCard:
    whole = ModelCard(
        name="test",
        class_name="hemorrhage",
        recipe=InputRecipe(32),
        operating_points=(
            OperatingPoint(DEFAULT, 0.4, "At least 95 % sensitivity."),
            OperatingPoint(YOUDEN, 0.6, "Youden's index."),
        ),
        out_of_fold=OutOfFold((0, 1, 1), (-1.5, 0.25, 3.0)),
        temperature=1.5,
        novelty_cut=42.0,
        fold=3,
        fold_reason="highest AUC",
        precision="fp32",
        known_answer=KnownAnswer.of(SCAN, 0.5, 7.0, 0.01),
        data_fingerprint="abc",
        seed=1,
        licence="CC0",
        sources=("a", "b"),
        intended_use="Research use.",
        test=Confusion(1, 2, 3, 4, "note"),
        versions={"torch": "2"},
        checks={"difference": 1e-6},
    )
    return replace(whole, **changes)


def metadata(**changes: Any) -> dict[str, str]:
    values = json.loads(card().to_metadata()[METADATA_KEY])
    return signed(json.dumps({**values, **changes}))


def signed(text: str) -> dict[str, str]:
    return {METADATA_KEY: text, CHECKSUM_KEY: checksum(text)}


def code_of(given: dict[str, str]) -> MessageCode:
    with pytest.raises(CardError) as caught:
        ModelCard.from_metadata(given)
    return caught.value.message.code


@pytest.mark.parametrize(
    "one",
    [
        card(),
        card(test=None, versions={}, sources=(), used={LEARNT: "a" * 12}),
        card(intercept=-0.25, pooled=POOLED, novelty_rule="By hand."),
        card(series_head=HEAD),
    ],
)
def test_a_card_comes_back_as_it_was(one: ModelCard) -> None:
    assert ModelCard.from_metadata(one.to_metadata()) == one


def test_the_known_answers_input_comes_back() -> None:
    back = ModelCard.from_metadata(card().to_metadata())
    assert np.array_equal(back.known_answer.input(32, 32), SCAN)


def test_used_images_are_known_by_the_start_of_their_hash() -> None:
    used = {LEARNT: "a" * 12 + "b" * 12, TEST: "c" * 12}
    one = ModelCard.from_metadata(card(used=used).to_metadata())
    assert [one.use_of(each * 64) for each in "abcd"] == [LEARNT, LEARNT, TEST, ""]
    assert card().use_of("a" * 64) == ""


def test_the_threshold_is_the_default_point() -> None:
    assert card().threshold == 0.4
    assert card().point(YOUDEN).threshold == 0.6
    with pytest.raises(KeyError):
        card().point("other")


@pytest.mark.parametrize("uses", list(itertools.permutations((LEARNT, HELD_OUT, TEST))))
def test_an_image_that_was_learnt_from_counts_as_learnt_whatever_else_it_was_used_for(
    uses: tuple[str, ...],
) -> None:
    everywhere, later = "a" * 12, "b" * 12
    used = {use: everywhere + (later if use != LEARNT else "") for use in uses}
    one = ModelCard.from_metadata(card(used=used).to_metadata())
    assert (one.use_of("a" * 64), one.use_of("b" * 64)) == (LEARNT, HELD_OUT)


def test_the_calibration_is_temperature_and_intercept() -> None:
    assert card(intercept=0.25).calibration == Calibration(1.5, 0.25)


def test_a_card_from_before_the_pooled_auc_had_a_ci_is_read() -> None:
    values = json.loads(card(pooled=POOLED).to_metadata()[METADATA_KEY])
    for limit in ("auc_low", "auc_high"):
        del values["pooled"][limit]
    text = json.dumps(values)
    read = ModelCard.from_metadata({METADATA_KEY: text, CHECKSUM_KEY: checksum(text)}).pooled
    assert read is not None
    assert read == replace(POOLED, auc_low=None, auc_high=None)
    assert (read.area.value, math.isnan(read.area.low), math.isnan(read.area.high)) == (
        (0.91, True, True)
    )
    assert POOLED.area == Interval(0.91, 0.88, 0.93)


def test_a_card_of_version_1_is_read_in_todays_words() -> None:
    """It has no checksum, no intercept, and its default operating point was called frozen."""
    values = json.loads(card().to_metadata()[METADATA_KEY])
    for later in ("intercept", "pooled", "novelty_rule"):
        del values[later]
    values["format_version"] = 1
    values["operating_points"][0]["name"] = "frozen"
    one = ModelCard.from_metadata({METADATA_KEY: json.dumps(values)})
    assert one == card()
    assert (one.threshold, one.intercept, one.pooled) == (0.4, 0.0, None)


def test_a_card_that_was_changed_after_the_export_is_refused() -> None:
    whole = card().to_metadata()
    changed = whole[METADATA_KEY].replace('"threshold": 0.4', '"threshold": 0.9')
    assert changed != whole[METADATA_KEY]
    assert code_of(whole | {METADATA_KEY: changed}) is ModelCode.CARD_CHANGED


def test_a_card_without_its_checksum_is_refused() -> None:
    text = card().to_metadata()[METADATA_KEY]
    assert code_of({METADATA_KEY: text}) is ModelCode.CARD_CHANGED


def test_a_card_from_before_the_series_head_has_none() -> None:
    values = json.loads(card().to_metadata()[METADATA_KEY])
    del values["series_head"]
    text = json.dumps(values)
    one = ModelCard.from_metadata({METADATA_KEY: text, CHECKSUM_KEY: checksum(text)})
    assert one == card()


def test_a_senseless_series_head_is_refused() -> None:
    values = json.loads(card(series_head=HEAD).to_metadata()[METADATA_KEY])
    values["series_head"]["weight"] = -1.0
    text = json.dumps(values)
    fault = code_of({METADATA_KEY: text, CHECKSUM_KEY: checksum(text)})
    assert fault is ModelCode.CARD_FIELD


def test_a_file_without_a_card_is_refused() -> None:
    assert code_of({"author": "someone"}) is ModelCode.NO_CARD


@pytest.mark.parametrize("version", [0, FORMAT_VERSION + 1, "1", True, None, "x" * 500])
def test_an_unknown_version_is_refused_by_name(version: Any) -> None:
    with pytest.raises(CardError) as caught:
        ModelCard.from_metadata(metadata(format_version=version))
    assert caught.value.message.code is ModelCode.CARD_VERSION
    assert dict(caught.value.message.values)["found"] == str(version)[:20]


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "7", "[" * 100_000])
def test_a_damaged_card_is_refused(text: str) -> None:
    assert code_of(signed(text)) in (ModelCode.CARD_DAMAGED, ModelCode.CARD_VERSION)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipe": {}},
        {"recipe": {"size": 32}},
        {"recipe": None},
        {"recipe": 7},
        {"operating_points": []},
        {"operating_points": 7},
        {"operating_points": [{"name": DEFAULT, "threshold": 1.5, "rule": ""}]},
        {"operating_points": [{"name": DEFAULT, "threshold": None, "rule": ""}]},
        {"temperature": 0},
        {"temperature": "warm"},
        {"temperature": float("nan")},
        {"intercept": float("nan")},
        {"intercept": None},
        {"pooled": {"networks": 5, "threshold": 0.5, "counts": None, "auc": 0.9}},
        {"novelty_cut": -1},
        {"novelty_cut": None},
        {"out_of_fold": {"labels": [0, 1], "logits": [1.0]}},
        {"out_of_fold": {"labels": [0, 2], "logits": [1.0, 2.0]}},
        {"out_of_fold": {"labels": [0, 1], "logits": [1.0, float("inf")]}},
        {"out_of_fold": None},
        {"known_answer": {"scan": "%", "logit": 0, "novelty": 0, "tolerance": 1}},
        {"known_answer": {"scan": "", "logit": 0, "novelty": 0, "tolerance": 1}},
        {"test": {"true_positive": 1}},
        {"surprise": 1},
        {"name": 7},
        {"licence": None},
        {"checks": 3},
        {"checks": {"difference": "small"}},
        {"versions": {"torch": 2}},
        {"fold": 1.5},
        {"fold": True},
        {"sources": "one"},
        {
            "test": {
                "true_positive": -1,
                "false_positive": 0,
                "true_negative": 0,
                "false_negative": 0,
            }
        },
        {"operating_points": [{"name": DEFAULT, "threshold": "0.5", "rule": ""}]},
        {"used": {"learnt": "abc"}},
        {"used": {"learnt": 12}},
        {"used": [12]},
    ],
)
def test_senseless_values_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CardError):
        ModelCard.from_metadata(metadata(**changes))


@pytest.mark.parametrize("missing", ["temperature", "known_answer", "class_name", "recipe"])
def test_a_missing_part_is_refused(missing: str) -> None:
    values = json.loads(card().to_metadata()[METADATA_KEY])
    del values[missing]
    assert code_of(signed(json.dumps(values))) is ModelCode.CARD_FIELD


def test_a_known_answer_of_another_size_is_refused() -> None:
    with pytest.raises(CardError) as caught:
        card(recipe=InputRecipe(64))
    assert caught.value.message.code is ModelCode.KNOWN_ANSWER_SIZE


def test_a_known_answer_that_unpacks_without_end_is_refused() -> None:
    bomb = KnownAnswer.of(np.zeros((4000, 4000), dtype=np.uint8), 0.0, 0.0, 0.1)
    with pytest.raises(CardError) as caught:
        bomb.input(32)
    assert caught.value.message.code is ModelCode.KNOWN_ANSWER_SIZE


@pytest.mark.parametrize(
    "change",
    [
        {"logit": "x"},
        {"logit": float("nan")},
        {"novelty": float("inf")},
        {"novelty": None},
        {"tolerance": 1e9},
        {"tolerance": 0.0},
        {"tolerance": -0.01},
    ],
)
def test_a_known_answer_that_tells_nothing_is_refused(change: dict[str, Any]) -> None:
    known = json.loads(card().to_metadata()[METADATA_KEY])["known_answer"]
    with pytest.raises(CardError):
        ModelCard.from_metadata(metadata(known_answer=known | change))


def test_the_largest_tolerance_is_let_through_and_no_larger() -> None:
    card(known_answer=KnownAnswer.of(SCAN, 0.5, 7.0, LARGEST_TOLERANCE))
    with pytest.raises(CardError) as caught:
        card(known_answer=KnownAnswer.of(SCAN, 0.5, 7.0, LARGEST_TOLERANCE + 1e-9))
    assert caught.value.message.code is ModelCode.KNOWN_ANSWER_LOOSE


def test_counts_may_be_zero_and_not_negative() -> None:
    card(test=Confusion(0, 0, 0, 0))
    with pytest.raises(CardError) as caught:
        card(test=Confusion(0, 0, 0, -1))
    assert caught.value.message.code is ModelCode.NEGATIVE_COUNTS
    with pytest.raises(CardError) as caught:
        card(pooled=replace(POOLED, counts=Confusion(0, -1, 0, 0)))
    assert caught.value.message.code is ModelCode.NEGATIVE_COUNTS


def test_the_bounds_of_a_card_are_the_documented_ones() -> None:
    assert (FORMAT_VERSION, LARGEST_TOLERANCE) == (2, 0.1)


def test_an_image_is_known_by_the_first_twelve_digits_of_its_hash() -> None:
    one = ModelCard.from_metadata(card(used={LEARNT: "a" * 11 + "b" + "c" * 12}).to_metadata())
    assert one.use_of("a" * 11 + "b" + "f" * 52) == LEARNT
    assert one.use_of("a" * 12 + "f" * 52) == ""
    assert one.use_of("c" * 64) == LEARNT


@pytest.mark.parametrize(
    ("name", "title"), [("Head 2", "Head 2 (int8)"), ("Head 2 int8", "Head 2 int8")]
)
def test_the_title_says_the_precision_once(name: str, title: str) -> None:
    assert tiny_card(name=name, precision="int8").title == title


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "a\nb"}, ModelCode.BAD_NAME),
        ({"name": "a\x1b[31m"}, ModelCode.BAD_NAME),
        ({"name": "a\u202e"}, ModelCode.BAD_NAME),
        ({"name": ""}, ModelCode.BAD_NAME),
        ({"name": "a" * 200}, None),
        ({"name": "a" * 201}, ModelCode.BAD_NAME),
        ({"name": "Head CT, fold 3 (int8)"}, None),
        ({"class_name": "=1+1"}, ModelCode.BAD_NAME),
        ({"class_name": "a\nb"}, ModelCode.BAD_NAME),
        ({"class_name": "a" * 100}, None),
        ({"class_name": "a" * 101}, ModelCode.BAD_NAME),
        ({"class_name": "出血"}, None),
        ({"licence": "a" * 10_000}, None),
        ({"licence": "a" * 10_001}, ModelCode.CARD_TOO_LONG),
        ({"test": NOTED | {"note": "a" * 10_000}}, None),
        ({"test": NOTED | {"note": "a" * 10_001}}, ModelCode.CARD_TOO_LONG),
        ({"checks": {"a" * 10_000: 0.0}}, None),
        ({"checks": {"a" * 10_001: 0.0}}, ModelCode.CARD_TOO_LONG),
        ({"temperature": 0.001}, None),
        ({"temperature": 0.0009}, ModelCode.BAD_TEMPERATURE),
        ({"temperature": 1000.0}, None),
        ({"temperature": 1001.0}, ModelCode.BAD_TEMPERATURE),
    ],
)
def test_what_a_card_shows_is_text_of_a_usual_length(
    changes: dict[str, Any], expected: ModelCode | None
) -> None:
    if expected is None:
        ModelCard.from_metadata(metadata(**changes))
    else:
        assert code_of(metadata(**changes)) is expected


def test_an_operating_point_is_there_once() -> None:
    points = json.loads(card().to_metadata()[METADATA_KEY])["operating_points"]
    other = points[0] | {"threshold": 0.9}
    assert code_of(metadata(operating_points=[*points, other])) is ModelCode.POINT_TWICE


@pytest.mark.parametrize(("count", "expected"), [(100, ModelCode.POINT_TWICE), (101, None)])
def test_a_card_has_few_operating_points(count: int, expected: ModelCode | None) -> None:
    """So many of one name: those that are too many are not even read."""
    points = json.loads(card().to_metadata()[METADATA_KEY])["operating_points"][:1] * count
    assert code_of(metadata(operating_points=points)) is (expected or ModelCode.CARD_TOO_LONG)


def test_a_card_that_no_run_makes_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = card().to_metadata()[METADATA_KEY]
    assert LONGEST_CARD == 64_000_000
    monkeypatch.setattr("model.card.LONGEST_CARD", len(text))
    ModelCard.from_metadata(signed(text))
    monkeypatch.setattr("model.card.LONGEST_CARD", len(text) - 1)
    assert code_of(signed(text)) is ModelCode.CARD_TOO_LONG


@pytest.mark.parametrize(
    ("threshold", "is_read"),
    [(0.0, True), (1.0, True), (-5e-324, False), (np.nextafter(1.0, 2.0), False)],
)
def test_a_threshold_lies_from_nought_to_one(threshold: float, is_read: bool) -> None:
    points = (OperatingPoint(DEFAULT, float(threshold), ""),)
    if is_read:
        assert card(operating_points=points).threshold == threshold
        return
    with pytest.raises(CardError) as caught:
        card(operating_points=points)
    assert caught.value.message.code is ModelCode.THRESHOLD_RANGE


@pytest.mark.parametrize(("cut", "is_read"), [(5e-324, True), (0.0, False)])
def test_a_novelty_cut_that_nothing_passes_is_refused(cut: float, is_read: bool) -> None:
    if is_read:
        assert card(novelty_cut=cut).novelty_cut == cut
        return
    with pytest.raises(CardError) as caught:
        card(novelty_cut=cut)
    assert caught.value.message.code is ModelCode.BAD_NOVELTY_CUT


@pytest.mark.parametrize(("precision", "told"), [("int8", "full"), ("fp16", "")])
def test_the_head_of_an_earlier_int8_file_is_known_to_be_measured_with_the_full_model(
    precision: str, told: str
) -> None:
    values = json.loads(card(series_head=HEAD, precision=precision).to_metadata()[METADATA_KEY])
    del values["series_head"]["measured_with"]
    text = json.dumps(values)
    read = ModelCard.from_metadata({METADATA_KEY: text, CHECKSUM_KEY: checksum(text)})
    assert read.series_head == replace(HEAD, measured_with=told)


def test_a_head_that_was_fitted_to_an_int8_file_stays_known_as_its_own() -> None:
    one = card(series_head=HEAD, precision="int8")
    assert ModelCard.from_metadata(one.to_metadata()) == one
