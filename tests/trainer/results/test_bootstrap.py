"""Intervals widen with repeats, are withheld where groups are too few, and agree with sklearn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from model.probability import Numbers
from trainer.results import bootstrap, metrics
from trainer.results.metrics import Labels


def _images(count: int, seed: int = 1) -> tuple[Labels, Numbers, list[str]]:
    """Classes that overlap, each image a group of its own."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count)
    return labels, labels + random.normal(size=count), [str(i) for i in range(count)]


def test_repeats_do_not_narrow_the_interval() -> None:
    labels, scores, names = _images(100)
    once = bootstrap.auc(labels, scores, names)
    fourfold = np.tile(labels, 4), np.tile(scores, 4)
    grouped = bootstrap.auc(*fourfold, names * 4)
    apart = bootstrap.auc(*fourfold, [str(i) for i in range(400)])
    assert (grouped.low, grouped.high) == pytest.approx((once.low, once.high))
    assert apart.high - apart.low < 0.7 * (once.high - once.low)
    assert once.low < once.value < once.high


def test_a_bootstrap_repeats_itself() -> None:
    images = _images(40)
    assert bootstrap.auc(*images) == bootstrap.auc(*images)


def test_a_class_in_few_groups_gets_no_interval() -> None:
    """Sixteen negatives of one patient: drawing groups would never draw another."""
    labels, scores, names = _images(100)
    one_patient = [
        "same" if label == 0 else name for label, name in zip(labels, names, strict=True)
    ]
    found = bootstrap.auc(labels, scores, one_patient)
    assert found.value == metrics.auc(labels, scores)
    assert np.isnan([found.low, found.high]).all()


@pytest.mark.parametrize(("count", "low"), [(10, 0.800), (16, 0.873)])
def test_classes_wholly_apart_still_have_a_limit(count: int, low: float) -> None:
    """By hand: 1 - A = 1.96 standard errors of Hanley and McNeil at A."""
    labels = np.repeat([0, 1], count)
    names = [str(i) for i in range(2 * count)]
    above = bootstrap.auc(labels, labels.astype(float), names)
    assert (above.value, above.high) == (1.0, 1.0)
    assert above.low == pytest.approx(low, abs=5e-4)
    below = bootstrap.auc(labels, -labels.astype(float), names)
    assert (below.value, below.low) == (0.0, 0.0)
    assert below.high == pytest.approx(1 - low, abs=5e-4)


def test_one_class_has_no_auc() -> None:
    assert np.isnan(bootstrap.auc(np.ones(30, dtype=np.int64), np.arange(30.0), ["a"] * 30).value)


def test_average_precision_is_sklearns_with_ties_and_weights() -> None:
    labels, scores, names = _images(200)
    scores = np.round(scores, 1)
    found = bootstrap.average_precision(labels, scores, names)
    assert found.value == pytest.approx(average_precision_score(labels, scores), abs=1e-12)
    assert found.low < found.value < found.high
    weights = np.random.default_rng(0).integers(0, 4, (3, 200)).astype(float)
    ours = metrics.weighted_average_precision(labels, scores, weights)
    theirs = [average_precision_score(labels, scores, sample_weight=row) for row in weights]
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_brier_is_a_mean_square() -> None:
    labels, given = np.tile([1, 0], 50), np.tile([0.8, 0.4], 50)
    found = bootstrap.brier(labels, given, [str(i) for i in range(100)])
    assert found.value == pytest.approx(0.1)
    # By hand: each of 100 errors is 0.04 or 0.16, so that their mean has a deviation of 0.006.
    assert (found.low, found.high) == pytest.approx((0.1 - 0.0118, 0.1 + 0.0118), abs=0.002)


def test_no_interval_of_any_figure_collapses() -> None:
    """Wholly apart, an average precision of 1 has none; in few groups neither has it a Brier."""
    labels = np.repeat([0, 1], 20)
    names = [str(i) for i in range(40)]
    apart = bootstrap.average_precision(labels, labels.astype(float), names)
    assert apart.value == 1.0
    assert np.isnan([apart.low, apart.high]).all()
    few = [name if label else "one" for label, name in zip(labels, names, strict=True)]
    given = np.where(labels == 1, 0.7, 0.2)
    brier = bootstrap.brier(labels, given, few)
    assert brier.value == pytest.approx((0.3**2 + 0.2**2) / 2)
    assert np.isnan([brier.low, brier.high]).all()
    random = np.random.default_rng(0)
    mixed = bootstrap.average_precision(labels, labels + random.normal(size=40), names)
    assert mixed.low < mixed.value < mixed.high
