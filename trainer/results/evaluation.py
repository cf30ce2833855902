"""All numbers of a finished run, from its predictions alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from model.card import FROZEN, Confusion, OperatingPoint
from trainer.results import bootstrap, metrics
from trainer.results.calibration import (
    Bin,
    ExpectedError,
    Line,
    calibration_line,
    expected_error,
    fit_temperature,
    probabilities,
    reliability,
)
from trainer.results.metrics import Interval
from trainer.results.operating_points import operating_points
from trainer.results.predictions import Predictions

HALF = 0.5


@dataclass(frozen=True)
class Judgement:
    """How one set of predictions fares."""

    images: int
    positives: int
    groups: int
    auc: Interval
    """From resampling groups."""
    average_precision: Interval
    frozen: Confusion
    """At the frozen threshold, after the temperature."""
    half: Confusion
    """At a probability of one half, without temperature: what a plain network does."""
    brier: Interval
    before: Line
    """Calibration of the bare probabilities."""
    after: Line
    """Calibration after the temperature."""
    error: ExpectedError
    """After the temperature."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Evaluation:
    """A run's results."""

    class_name: str
    temperature: float
    points: tuple[OperatingPoint, ...]
    pooled: Judgement
    """Every training scan, by the network that never learnt from it."""
    folds: dict[int, Judgement]
    """The same, one fold at a time."""
    tests: dict[int, Judgement]
    """The test scans by each fold's network; empty without a test set."""

    @property
    def threshold(self) -> float:
        """The frozen threshold."""
        return next(point.threshold for point in self.points if point.name == FROZEN)

    def to_dict(self) -> dict[str, Any]:
        """JSON's values; what is no number is None."""
        return dict(plain(self))


def evaluate(class_name: str, out_of_fold: Predictions, test: Predictions) -> Evaluation:
    """Temperature and thresholds from the out-of-fold predictions, then every table of results."""
    temperature = fit_temperature(out_of_fold.labels, out_of_fold.logits)
    points = operating_points(out_of_fold.labels, out_of_fold.logits, temperature)
    threshold = next(point.threshold for point in points if point.name == FROZEN)

    def by_fold(predictions: Predictions) -> dict[int, Judgement]:
        return {
            int(fold): judge(predictions.of_fold(int(fold)), temperature, threshold)
            for fold in np.unique(predictions.folds)
        }

    return Evaluation(
        class_name,
        temperature,
        points,
        judge(out_of_fold, temperature, threshold),
        by_fold(out_of_fold),
        by_fold(test),
    )


def judge(predictions: Predictions, temperature: float, threshold: float) -> Judgement:
    """All numbers of one set of predictions at a threshold that was chosen elsewhere."""
    labels, logits, groups = predictions.labels, predictions.logits, predictions.groups
    given = probabilities(logits, temperature)
    return Judgement(
        images=len(predictions),
        positives=int(labels.sum()),
        groups=len(set(groups)),
        auc=bootstrap.auc(labels, logits, groups),
        average_precision=bootstrap.average_precision(labels, logits, groups),
        frozen=metrics.confusion_at(labels, given, threshold),
        half=metrics.confusion_at(labels, probabilities(logits, 1.0), HALF),
        brier=bootstrap.brier(labels, given, groups),
        before=calibration_line(labels, logits),
        after=calibration_line(labels, logits / temperature),
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
