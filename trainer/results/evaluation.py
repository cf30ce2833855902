"""All figures of a finished run, from its predictions alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

import numpy as np

from imaging import json_values
from model.confusion import Confusion, confusion_at
from model.operating_point import DEFAULT, OperatingPoint
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
Kind = TypeVar("Kind")


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
    """At a probability of one half, not calibrated."""
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
    """Every image outside the test set, out of fold."""
    folds: dict[int, Performance]
    """The same, one fold at a time."""
    tests: dict[int, Performance]
    """The internal test set by each fold's network; empty where there is none."""
    mean_of_networks: Performance | None = None
    """The internal test set by the mean of their logits; None of fewer than two networks."""
    at_points: dict[str, Confusion] = field(default_factory=dict)
    """Counts out of fold by the name of the operating point; empty in figures of earlier runs."""

    @property
    def threshold(self) -> float:
        """The default threshold."""
        return next(point.threshold for point in self.points if point.name == DEFAULT)

    def to_dict(self) -> dict[str, Any]:
        """JSON's values; what is no number is None."""
        return dict(to_json(self))


def evaluate(class_name: str, out_of_fold: Predictions, test: Predictions) -> Evaluation:
    """Calibration and thresholds from the out-of-fold predictions, then every figure."""
    fit = fit_calibration(out_of_fold.labels, out_of_fold.logits)
    calibration = fit.calibration
    points = operating_points(out_of_fold.labels, out_of_fold.logits, calibration)
    threshold = next(point.threshold for point in points if point.name == DEFAULT)

    def by_fold(predictions: Predictions) -> dict[int, Performance]:
        return {
            int(fold): performance(predictions.of_fold(int(fold)), calibration, threshold)
            for fold in np.unique(predictions.folds)
        }

    mean = test.mean_of_networks()
    given = calibration.probabilities(out_of_fold.logits)
    return Evaluation(
        class_name,
        fit,
        points,
        performance(out_of_fold, calibration, threshold),
        by_fold(out_of_fold),
        by_fold(test),
        None if mean is None else performance(mean, calibration, threshold),
        {p.name: confusion_at(out_of_fold.labels, given, p.threshold) for p in points},
    )


def performance(
    predictions: Predictions, calibration: Calibration, threshold: float
) -> Performance:
    """All figures of one set of predictions, at a threshold that was chosen elsewhere."""
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


def to_json(value: Any) -> Any:
    """JSON's values of dataclasses, mappings, sequences and numbers; what is no number is None."""
    if is_dataclass(value) and not isinstance(value, type):
        return to_json({part.name: getattr(value, part.name) for part in fields(value)})
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): to_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def from_json(kind: type[Kind], value: Any) -> Kind:
    """What ``to_json`` made of a value of type ``kind``, back as it was. Raises ValueError.

    None becomes NaN where a number is wanted. Fields that have a default may be missing.
    """
    return json_values.read(kind, value, nan=True)
