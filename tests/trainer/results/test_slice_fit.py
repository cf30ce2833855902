"""Scores in context: out of fold by patient, the threshold's rule, and what teaches nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.probability import sigmoid
from model.series_head import SeriesHead
from model.slice_context import SliceContext, averaged
from trainer.results import metrics, series_fit, slice_fit
from trainer.results.series_fit import Examination, ScoredImage


def some_examinations(count: int = 40, strength: float = 2.0) -> list[Examination]:
    """Series of 30 noisy logits, every second one with a bleed on five neighbours."""
    random = np.random.default_rng(0)
    found = []
    for number in range(count):
        logits, labels = random.normal(-2.0, 2.0, 30), np.zeros(30, np.int64)
        if number % 2:
            logits[10:15] += strength
            labels[10:15] = 1
        known = tuple(logits.tolist())
        found.append(Examination("here", str(number), number % 2, known, tuple(labels.tolist())))
    return found


def taught(examinations: list[Examination]) -> tuple[SeriesHead, SliceContext]:
    head = slice_fit.with_context(series_fit.fit(examinations), examinations)
    assert head.context is not None
    return head, head.context


def test_slices_in_context_are_told_apart_better_than_alone() -> None:
    examinations = some_examinations()
    alone, context = (slice_fit.cross_validated(examinations, reach) for reach in (0, 3))
    areas = [metrics.auc(each.labels, each.averaged) for each in (alone, context)]
    assert areas[1] > areas[0] + 0.05
    assert alone.averaged[:30] == pytest.approx(examinations[0].logits)
    assert context.averaged[:30] == pytest.approx(averaged(examinations[0].logits, 3, 36))


def test_the_evidence_is_out_of_fold_by_examination() -> None:
    examinations = some_examinations()
    _, context = taught(examinations)
    validated, evidence = slice_fit.cross_validated(examinations), context.evidence
    assert evidence.examinations == tuple(np.repeat(np.arange(40), 30).tolist())
    assert evidence.labels == tuple(label for each in examinations for label in each.labels)
    assert evidence.called == tuple(validated.called.astype(int).tolist())
    assert evidence.probabilities == pytest.approx(validated.probabilities, abs=1e-6)
    # By the fitted numbers themselves they would be others.
    own = sigmoid(context.weight * validated.averaged + context.bias)
    assert evidence.probabilities != pytest.approx(own, abs=1e-4)


def test_no_slice_is_assessed_by_what_its_patient_taught() -> None:
    """Another label of one patient changes the numbers that all but its own fold are given."""
    examinations = some_examinations()
    changed = [*examinations]
    changed[3] = replace(examinations[3], labels=(1,) * 30)
    before, after = map(slice_fit.cross_validated, (examinations, changed))
    same = before.probabilities == after.probabilities
    for _, fold in series_fit.divided(examinations):
        inside = same[np.isin(before.examinations, fold)]
        assert inside.all() if 3 in fold else not inside.any()


def test_the_threshold_is_the_lowest_that_keeps_the_specificity() -> None:
    labels = np.repeat([0, 1], [20, 5])
    given = np.concatenate([np.arange(20) / 100, np.arange(5) / 100 + 0.5])
    limit = slice_fit.threshold(labels, given)
    assert limit == pytest.approx(0.175)
    assert np.mean(given[:20] < limit) == 0.9


def test_the_head_stays_as_it_was_and_gives_each_slice_its_probability() -> None:
    examinations = some_examinations()
    head, context = taught(examinations)
    assert replace(head, context=None) == series_fit.fit(examinations)
    values = averaged(examinations[1].logits, context.reach, head.slabs)
    expected = sigmoid(context.weight * values + context.bias)
    assert head.in_context(examinations[1].logits) == pytest.approx(expected)
    clean = [at for at, label in enumerate(context.evidence.labels) if label == 0]
    given = [each for e in examinations for each in head.in_context(e.logits)]
    below = np.mean([(given[at] or 0.0) < context.point.threshold for at in clean])
    assert 0.9 <= below < 0.905


def test_of_other_networks_the_numbers_are_the_same_and_the_evidence_says_whose_it_is() -> None:
    examinations = some_examinations()
    own, context = taught(examinations)
    few = series_fit.fit(examinations[:20])  # a head of other examinations stays as it is
    head = slice_fit.with_context_of_others(few, examinations)
    assert replace(head, context=None) == few
    assert head.context is not None
    evidence = replace(context.evidence, sources=("here",) * 40, by_networks_alike=True)
    assert head.context == replace(context, evidence=evidence)
    assert not context.evidence.by_networks_alike
    with pytest.raises(ValueError, match="fewer than 5"):
        slice_fit.with_context_of_others(own, examinations[:6])


def test_slices_without_a_logit_or_a_label_teach_nothing() -> None:
    examinations = some_examinations()
    holes = replace(examinations[0], logits=(None, *examinations[0].logits[1:]))
    found = slice_fit.cross_validated([holes, *examinations[1:]])
    assert (found.examinations == 0).sum() == 29
    unlabelled = replace(examinations[0], labels=())
    short = replace(examinations[2], logits=(*examinations[2].logits[:7], *[None] * 23))
    found = slice_fit.cross_validated([unlabelled, examinations[1], short, *examinations[3:]])
    assert sorted(set(found.examinations.tolist())) == [1, *range(3, 40)]


def test_too_few_labelled_examinations_give_no_score_in_context() -> None:
    examinations = [replace(each, labels=()) for each in some_examinations()]
    few = [*examinations[:-8], *some_examinations()[-8:]]
    for found in (examinations, few):
        head = series_fit.fit(found)
        assert slice_fit.with_context(head, found) == head
        with pytest.raises(ValueError, match="fewer than 5"):
            slice_fit.cross_validated(found)


def test_labels_of_slices_follow_the_order_of_their_names() -> None:
    images = [
        ScoredImage(f"S{place}", "here", "a", int(place > 9), float(place)) for place in (10, 9, 2)
    ]
    [found] = series_fit.examinations(images, 1)
    assert (found.logits, found.labels, found.label) == ((2.0, 9.0, 10.0), (0, 0, 1), 1)
