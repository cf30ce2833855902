from __future__ import annotations

from dataclasses import replace

import pytest

from imaging.messages import Message
from model.card import INT8
from model.confusion import Confusion
from model.messages import SeriesNote
from model.series_decision import Agreement
from model.series_notes import (
    context_evidence_notes,
    context_notes,
    head_evidence,
    head_notes,
    head_sources,
    point_notes,
    series_notes,
)
from model.series_point import SeriesPoints
from tests.make.cards import card_of
from tests.make.series_head import CONTEXT, HEAD, decided
from tests.make.tiny_model import tiny_card


@pytest.mark.parametrize(
    ("threshold", "images", "expected"),
    [
        (
            0.0,
            2,
            [
                (SeriesNote.SERIES_THRESHOLD, {"images": 2, "counted": 1, "threshold": 20.0}),
                (SeriesNote.SHARE_KEPT, {"share": 10.0}),
            ],
        ),
        (
            0.195,
            1,
            [
                (
                    SeriesNote.SERIES_THRESHOLD_OF_IMAGES,
                    {"images": 1, "counted": 1, "threshold": 19.5},
                ),
                (SeriesNote.ONE_IMAGE, {}),
            ],
        ),
        (
            0.0,
            30,
            [
                (SeriesNote.SERIES_THRESHOLD, {"images": 30, "counted": 2, "threshold": 20.0}),
                (SeriesNote.ABOVE_ALL_NEGATIVES, {"share": 10.0, "there": 20, "needed": 149}),
            ],
        ),
        (
            0.6,
            30,
            [
                (
                    SeriesNote.SERIES_THRESHOLD_OF_IMAGES,
                    {"images": 30, "counted": 2, "threshold": 60.0},
                ),
                (SeriesNote.TOO_FEW_NEGATIVES, {"share": 10.0, "there": 20, "needed": 149}),
            ],
        ),
    ],
)
def test_a_reader_is_told_the_threshold_and_how_it_was_chosen(
    threshold: float, images: int, expected: list[tuple[SeriesNote, dict[str, float]]]
) -> None:
    notes = point_notes(SeriesPoints(card_of(), threshold).of(images))
    for note, (code, values) in zip(notes[:2], expected, strict=True):
        assert note.code is code
        assert dict(note.values) == pytest.approx(values)
    assert notes[-1] == Message(SeriesNote.NO_LABELLED_SERIES)


def test_a_reader_is_told_what_it_keeps_and_costs() -> None:
    _, _, alarms, cost, _ = point_notes(SeriesPoints(card_of(), 0.0).of(3))
    # 0 of 20: Wilson 0 to 16.11 %, three times that is 48.3 %. 2 of 4: Wilson 15.0 to 85.0 %.
    assert (alarms.code, cost.code) == (SeriesNote.FALSE_ALARMS, SeriesNote.COST)
    assert dict(alarms.values) == pytest.approx(
        {"share": 100 / 7, "low": 0.0, "high": 48.33, "reached": 0, "negatives": 20}, abs=0.05
    )
    assert dict(cost.values) == {"share": "50.0 % (2/4; 95 % CI 15.0–85.0)"}
    assert str(cost).startswith("Of single validation images")
    assert "optimistic" in str(cost)


def test_without_positives_the_cost_is_not_known() -> None:
    notes = point_notes(SeriesPoints(card_of(positives=[]), 0.0).of(3))
    assert notes[3] == Message(SeriesNote.COST_UNKNOWN)


def test_of_a_series_head_its_threshold_and_its_evidence_per_examination_are_told() -> None:
    notes = series_notes(decided([0.75] * 10))
    assert [each.code for each in notes] == [
        SeriesNote.HEAD_THRESHOLD,
        SeriesNote.HEAD_EVIDENCE,
        SeriesNote.HEAD_SOURCES,
        SeriesNote.HEAD_BALANCE,
    ]
    assert dict(notes[0].values) == {"images": 10, "threshold": 50.0}
    assert dict(head_evidence(HEAD).values) == {
        "sensitivity": "50.0 % (1/2; 95 % CI 9.5–90.5)",
        "specificity": "100.0 % (2/2; 95 % CI 34.2–100.0)",
    }
    assert dict(head_sources(HEAD).values) == {"count": 4, "sources": "a"}
    assert "The CI do not tell how far another training would differ." in str(head_sources(HEAD))


def test_with_int8_the_evidence_is_said_to_be_of_full_precision() -> None:
    said = Message(SeriesNote.HEAD_FULL_PRECISION)
    card = tiny_card(series_head=replace(HEAD, measured_with="fp16"))
    decision = decided([0.75] * 10, card=card)
    assert said in series_notes(decision, INT8)
    assert said not in series_notes(decision, "fp16")
    # A series that goes by its images alone shows no evidence of the head.
    assert said not in series_notes(decided([0.75] * 7, card=card), INT8)
    head = replace(HEAD, measured_with="fp16", context=CONTEXT)
    assert said in context_notes(head, 0.43, INT8)
    assert said not in context_notes(head, 0.43, "fp16")


def test_of_a_head_that_was_fitted_to_the_int8_file_itself_nothing_else_is_said() -> None:
    said = Message(SeriesNote.HEAD_FULL_PRECISION)
    assert said not in series_notes(decided([0.75] * 10), INT8)


def test_of_a_score_in_context_its_threshold_and_its_evidence_per_slice_are_told() -> None:
    head = replace(HEAD, context=CONTEXT)
    score, how, evidence, balance = context_notes(head, 0.43, "fp16")
    assert str(score) == "Score in context of this slice: 43.0 % (threshold 40.0 %)."
    assert (how.code, balance.code) == (SeriesNote.SLICE_CONTEXT, SeriesNote.SLICE_BALANCE)
    assert dict(evidence.values) == {
        "examinations": 2,
        "sensitivity": str(CONTEXT.evidence.sensitivity),
        "specificity": str(CONTEXT.evidence.specificity),
    }
    assert str(evidence).endswith("The CI count examinations as independent, not slices.")


def test_evidence_of_networks_alike_is_never_said_to_be_of_the_one_in_use() -> None:
    evidence = replace(CONTEXT.evidence, sources=("b", "c", "b"), by_networks_alike=True)
    head = replace(HEAD, measured_with="fp16", context=replace(CONTEXT, evidence=evidence))
    alike = Message(SeriesNote.NETWORKS_ALIKE, sources="b, c")
    full = Message(SeriesNote.ALIKE_FULL_PRECISION)
    assert context_evidence_notes(head, "fp16") == (alike,)
    assert context_evidence_notes(head, INT8) == (alike, full)
    notes = context_notes(head, 0.43, INT8)
    assert notes[3:5] == (alike, full)
    assert "That one was not measured and may fare worse." in str(alike)
    # What the head's own evidence is of is another matter.
    assert Message(SeriesNote.HEAD_FULL_PRECISION) not in notes
    assert head_notes(head, INT8)[-1] == Message(SeriesNote.HEAD_FULL_PRECISION)


def test_networks_alike_that_scored_the_heads_own_examinations_name_these() -> None:
    evidence = replace(CONTEXT.evidence, by_networks_alike=True)
    head = replace(HEAD, context=replace(CONTEXT, evidence=evidence))
    alike = Message(SeriesNote.NETWORKS_ALIKE, sources="a")
    assert context_evidence_notes(head, "fp16") == (alike,)
    assert context_evidence_notes(HEAD, "fp16") == ()


@pytest.mark.parametrize(("score", "told"), [(0.0004, "< 0.1 %"), (0.9996, "> 99.9 %")])
def test_a_score_in_context_is_never_said_to_be_0_or_100(score: float, told: str) -> None:
    point = replace(CONTEXT.point, threshold=score)
    head = replace(HEAD, context=replace(CONTEXT, point=point))
    said = str(context_notes(head, score, "fp16")[0])
    assert said == f"Score in context of this slice: {told} (threshold {told})."


def test_which_rule_applied_is_told() -> None:
    few, without = decided([0.75] * 7), decided([0.75] * 10, card=tiny_card())
    assert Message(SeriesNote.TOO_FEW_FOR_HEAD, least=8) in series_notes(few)
    assert Message(SeriesNote.NO_SERIES_HEAD) in series_notes(without)
    assert not any(each.code is SeriesNote.HEAD_EVIDENCE for each in series_notes(few))


@pytest.mark.parametrize(
    ("probabilities", "threshold", "agreement", "note"),
    [
        ([0.75] * 10, 0.9, Agreement.SERIES_ALONE, Message(SeriesNote.SERIES_ALONE, total=10)),
        (
            [0.125] * 29 + [0.9],
            0.5,
            Agreement.IMAGES_ALONE,
            Message(SeriesNote.IMAGES_ALONE, flagged=1, total=30),
        ),
    ],
)
def test_where_series_and_images_differ_that_is_told(
    probabilities: list[float], threshold: float, agreement: Agreement, note: Message
) -> None:
    decision = decided(probabilities, threshold)
    assert decision.agreement is agreement
    assert series_notes(decision)[-1] == note


def test_a_repeat_of_the_training_is_told_with_the_evidence_of_examinations() -> None:
    head = replace(HEAD, evidence=replace(HEAD.evidence, repeat=Confusion(10, 3, 20, 6)))
    *_, told = head_notes(head, "fp16")
    assert str(told) == (
        "A repeat of the training gave other figures: sensitivity 62.5 % "
        "(10/16; 95 % CI 38.6–81.5), specificity 87.0 % (20/23; 95 % CI 67.9–95.5), "
        "of 39 examinations. Take the less favourable ones."
    )
    assert told in series_notes(decided([0.75] * 10, card=tiny_card(series_head=head)))
    assert [each.code for each in head_notes(HEAD, "fp16")] == [
        SeriesNote.HEAD_EVIDENCE,
        SeriesNote.HEAD_SOURCES,
    ]
