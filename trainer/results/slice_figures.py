"""How well slices are told apart, with CI that take examinations as independent, not slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.probability import Numbers
from model.proportion import Interval, Proportion
from trainer.results import bootstrap
from trainer.results.metrics import Labels


@dataclass(frozen=True)
class SliceFigures:
    """AUC, sensitivity and specificity of labelled slices that have a score."""

    slices: int
    positives: int
    examinations: int
    """How many examinations the slices are of."""
    auc: Interval
    """From resampling examinations."""
    sensitivity: Proportion
    specificity: Proportion


def slice_figures(
    labels: Labels, scores: Numbers, called: NDArray[np.bool_], examinations: NDArray[np.int64]
) -> SliceFigures:
    """Of slices with labels (N,), scores (N,) and calls (N,), each of one of ``examinations``."""
    sensitivity, specificity = (
        Proportion.of_groups(called[part] == call, examinations[part])
        for part, call in ((labels == 1, True), (labels == 0, False))
    )
    return SliceFigures(
        len(labels),
        int(labels.sum()),
        len(np.unique(examinations)),
        bootstrap.auc(labels, scores, list(map(str, examinations.tolist()))),
        sensitivity,
        specificity,
    )
