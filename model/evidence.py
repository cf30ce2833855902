"""What the out-of-fold results in a card say about a threshold."""

from __future__ import annotations

import numpy as np

from model.card import ModelCard
from model.confusion import Confusion, confusion_at


def at_threshold(card: ModelCard, threshold: float) -> Confusion:
    """Count the card's out-of-fold results at a threshold on the probability."""
    labels = np.asarray(card.out_of_fold.labels, dtype=np.int64)
    return confusion_at(labels, out_of_fold_probabilities(card), threshold)


def out_of_fold_probabilities(card: ModelCard) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The calibrated probabilities of the card's out-of-fold results: float64 (n,)."""
    logits = np.asarray(card.out_of_fold.logits, dtype=np.float64)
    return np.asarray(card.calibration.probabilities(logits))
