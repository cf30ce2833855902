from dataclasses import replace

import numpy as np
import pytest

from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC
from trainer.results.series_fit import (
    Examination,
    Shape,
    cross_validated,
    fit,
    of_both_labels,
    thresholds,
)


def some_examinations(count: int = 40, strength: float = 4.0) -> list[Examination]:
    """Series of 30 noisy logits, every second one with a bleed on five neighbours."""
    random = np.random.default_rng(0)
    found = []
    for number in range(count):
        logits = random.normal(-2.0, 1.0, 30)
        if number % 2:
            logits[10:15] += strength
        found.append(Examination("here", str(number), number % 2, tuple(logits.tolist())))
    return found


def test_a_head_tells_bleeding_series_from_clean_ones() -> None:
    examinations = some_examinations()
    head = fit(examinations)
    called = [(head.probability(e.logits) or 0.0) >= head.threshold() for e in examinations]
    labels = [bool(each.label) for each in examinations]
    assert np.mean(np.array(called) == np.array(labels)) > 0.9


def test_the_evidence_is_of_heads_that_had_not_seen_the_series() -> None:
    examinations = some_examinations(strength=0.0)
    validated = cross_validated(examinations, Shape())
    assert abs(np.corrcoef(validated.probabilities, validated.labels)[0, 1]) < 0.5
    evidence = fit(examinations).evidence
    assert evidence.labels == tuple(validated.labels)
    assert evidence.called == tuple(validated.called)


def test_the_evidence_holds_the_heads_own_probabilities() -> None:
    examinations = some_examinations()
    head = fit(examinations)
    given = [head.probability(each.logits) or 0.0 for each in examinations]
    assert np.allclose(head.evidence.probabilities, given, atol=1e-6)
    clean = np.array(head.evidence.probabilities)[::2]
    assert np.mean(clean < head.threshold()) >= 0.85


def test_examinations_of_one_patient_stay_together() -> None:
    twins = [
        Examination("here", f"{number // 2}", number // 2 % 2, (float(number),) * 10)
        for number in range(40)
    ]
    validated = cross_validated(twins, Shape())
    # Of two in one fold, the order of the probabilities is that of the scores.
    assert (np.diff(validated.probabilities.reshape(-1, 2), axis=1) > 0).all()


def test_the_default_threshold_keeps_the_specificity() -> None:
    random = np.random.default_rng(1)
    labels = np.repeat([0, 1], 400)
    given = np.clip(random.normal(0.4 + 0.2 * labels, 0.1), 0.0, 1.0)
    chosen = thresholds(labels, given)
    assert np.mean(given[:400] < chosen[DEFAULT]) == pytest.approx(0.85, abs=0.02)
    assert np.mean(given[:400] < chosen[SPECIFIC]) == pytest.approx(0.95, abs=0.02)
    assert np.mean(given[400:] >= chosen[SENSITIVE]) == pytest.approx(0.95, abs=0.02)


def test_too_few_examinations_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        fit(some_examinations(8))


def test_sources_with_one_label_alone_tell_a_head_nothing() -> None:
    here = some_examinations()
    away = [replace(each, source="away", label=1) for each in here[:6]]
    assert of_both_labels([*away, *here]) == here
    assert of_both_labels(away) == []
