"""All numbers of a finished run, from its predictions alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from model.card import DEFAULT, OperatingPoint
from model.confusion import Confusion, confusion_at
from model.probability import UNCALIBRATED, Calibration
from model.proportion import Interval
from trainer.results import bootstrap
from trainer.results.calibration import (
    Bin,
    ExpectedError,
    Fit,
    Line,
    calibration_line,
    expected_error,
    fit_calibration,
    reliability,
)
from trainer.results.operating_points import operating_points
from trainer.results.predictions import Predictions

HALF = 0.5


@dataclass(frozen=True)
class Performance:
    """How one set of predictions fares."""

    images: int
    positives: int
    groups: int
    auc: Interval
    """From resampling groups."""
    average_precision: Interval
    default: Confusion
    """At the default threshold, calibrated."""
    half: Confusion
    """At a probability of one half, not calibrated: what a plain network does."""
    brier: Interval
    before: Line
    """Calibration of the bare probabilities."""
    after: Line
    """Of the calibrated probabilities."""
    error: ExpectedError
    """Of the calibrated probabilities."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Evaluation:
    """A run's results."""

    class_name: str
    fit: Fit
    points: tuple[OperatingPoint, ...]
    pooled: Performance
    """Every training image, by the network that never learnt from it."""
    folds: dict[int, Performance]
    """The same, one fold at a time."""
    tests: dict[int, Performance]
    """The test images by each fold's network; empty without a test set."""

    @property
    def threshold(self) -> float:
        """The default threshold."""
        return next(point.threshold for point in self.points if point.name == DEFAULT)

    def to_dict(self) -> dict[str, Any]:
        """JSON's values; what is no number is None."""
        return dict(plain(self))


def evaluate(class_name: str, out_of_fold: Predictions, test: Predictions) -> Evaluation:
    """Calibration and thresholds from the out-of-fold predictions, then every table of results."""
    fit = fit_calibration(out_of_fold.labels, out_of_fold.logits)
    calibration = fit.calibration
    points = operating_points(out_of_fold.labels, out_of_fold.logits, calibration)
    threshold = next(point.threshold for point in points if point.name == DEFAULT)

    def by_fold(predictions: Predictions) -> dict[int, Performance]:
        return {
            int(fold): performance(predictions.of_fold(int(fold)), calibration, threshold)
            for fold in np.unique(predictions.folds)
        }

    return Evaluation(
        class_name,
        fit,
        points,
        performance(out_of_fold, calibration, threshold),
        by_fold(out_of_fold),
        by_fold(test),
    )


def performance(
    predictions: Predictions, calibration: Calibration, threshold: float
) -> Performance:
    """All numbers of one set of predictions at a threshold that was chosen elsewhere."""
    labels, logits, groups = predictions.labels, predictions.logits, predictions.groups
    given = calibration.probabilities(logits)
    return Performance(
        images=len(predictions),
        positives=int(labels.sum()),
        groups=len(set(groups)),
        auc=bootstrap.auc(labels, logits, groups),
        average_precision=bootstrap.average_precision(labels, logits, groups),
        default=confusion_at(labels, given, threshold),
        half=confusion_at(labels, UNCALIBRATED.probabilities(logits), HALF),
        brier=bootstrap.brier(labels, given, groups),
        before=calibration_line(labels, logits),
        after=calibration_line(labels, calibration.logits(logits)),
        error=expected_error(labels, given),
        bins=tuple(reliability(labels, given)),
    )


def plain(value: Any) -> Any:
    """JSON's values of dataclasses, mappings, sequences and numbers; what is no number is None."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain({part.name: getattr(value, part.name) for part in fields(value)})
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
