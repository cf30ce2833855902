"""Figures of slices: counts by label and call, and CI that count examinations."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from model.proportion import Proportion
from trainer.results.slice_figures import slice_figures


def test_slices_are_counted_and_examinations_vary() -> None:
    random = np.random.default_rng(0)
    examinations = np.repeat(np.arange(24), 10)
    labels = ((examinations % 2 == 1) & (np.tile(np.arange(10), 24) < 4)).astype(np.int64)
    scores = random.normal(labels + random.normal(0, 1, 24)[examinations], 0.5)
    found = slice_figures(labels, scores, scores >= 0.5, examinations)
    assert (found.slices, found.positives, found.examinations) == (240, 48, 24)
    assert found.auc.value == roc_auc_score(labels, scores)
    hits = scores[labels == 1] >= 0.5
    assert found.sensitivity == Proportion.of_groups(hits, examinations[labels == 1])
    spared = scores[labels == 0] < 0.5
    assert found.specificity == Proportion.of_groups(spared, examinations[labels == 0])
    apart = slice_figures(labels, scores, scores >= 0.5, np.arange(240))
    assert found.auc.high - found.auc.low > apart.auc.high - apart.auc.low


def test_of_one_label_there_is_no_auc_and_one_rate() -> None:
    found = slice_figures(np.zeros(3, np.int64), np.zeros(3), np.ones(3, bool), np.arange(3))
    assert np.isnan(found.auc.value)
    assert found.sensitivity.rate is None
    assert (found.specificity.count, found.specificity.total) == (0, 3)
