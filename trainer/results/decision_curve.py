"""The decision curve of a set of predictions: net benefit at each threshold, with its interval.

Vickers and Elkin 2006: a false positive costs threshold / (1 - threshold) of a true positive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.probability import Calibration, Numbers
from trainer.results.bootstrap import grouped_bootstrap_of_many, has_enough_groups
from trainer.results.metrics import THRESHOLDS, benefits
from trainer.results.predictions import Predictions

DIGITS = 6


@dataclass(frozen=True, eq=False)
class DecisionCurve:
    """Net benefit per image at THRESHOLDS; each array is float64 (n,)."""

    network: Numbers
    low: Numbers
    """Of the 95 % CI from drawing groups; NaN where a class is in too few of them."""
    high: Numbers
    everyone: Numbers
    """Of flagging every image."""
    images: int
    positives: int
    groups: int

    @property
    def has_interval(self) -> bool:
        """Whether there were groups enough."""
        return bool(np.isfinite(self.low).all())

    def to_csv(self) -> str:
        """One row a threshold; cells without an interval are empty. Flagging none has benefit 0."""
        table = pd.DataFrame(
            {
                "threshold": THRESHOLDS,
                "net_benefit": self.network,
                "net_benefit_low": self.low,
                "net_benefit_high": self.high,
                "net_benefit_flag_all": self.everyone,
                "images": self.images,
                "positives": self.positives,
                "groups": self.groups,
            }
        )
        return str(table.round(DIGITS).to_csv(index=False))


def decision_curve(predictions: Predictions, calibration: Calibration) -> DecisionCurve:
    """The curve of calibrated probabilities; calibration and threshold may be optimistic there."""
    labels, groups = predictions.labels, predictions.groups
    network = benefits(labels, calibration.probabilities(predictions.logits))
    low = high = np.full(len(THRESHOLDS), np.nan)
    if has_enough_groups(labels, groups):
        low, high = grouped_bootstrap_of_many(network, groups)
    return DecisionCurve(
        network=network.mean(axis=0),
        low=low,
        high=high,
        everyone=benefits(labels, np.ones(len(labels))).mean(axis=0),
        images=len(predictions),
        positives=int(labels.sum()),
        groups=len(set(groups)),
    )
