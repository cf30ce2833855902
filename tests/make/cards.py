"""Cards whose out-of-fold table can be worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.card import ModelCard, OutOfFold
from tests.make.tiny_model import tiny_card

NEGATIVES = [0.01 * n for n in range(1, 21)]
"""Twenty probabilities of images without the finding: 0.01, 0.02 … 0.20."""
POSITIVES = [0.15, 0.1995, 0.5, 0.9]


def card_of(
    negatives: Sequence[float] = NEGATIVES,
    positives: Sequence[float] = POSITIVES,
    temperature: float = 1.0,
) -> ModelCard:
    """A card whose out-of-fold table has these probabilities."""
    logits = [temperature * math.log(p / (1 - p)) for p in (*negatives, *positives)]
    labels = (0,) * len(negatives) + (1,) * len(positives)
    return tiny_card(out_of_fold=OutOfFold(labels, tuple(logits)), temperature=temperature)
