"""Thresholds on the probability, chosen on out-of-fold predictions and kept with the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.card import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN, OperatingPoint
from model.probability import Calibration, Numbers
from trainer.results.metrics import Labels

WANTED = 95
"""Per cent of sensitivity or specificity; a whole number, for exact comparisons."""
RESAMPLES = 1000
RULES = {
    DEFAULT: "The median, over 1,000 resamples of the out-of-fold predictions, of the threshold "
    "with the greatest sensitivity plus specificity.",
    SENSITIVE: "The highest threshold with a sensitivity of at least 0.95 out of fold.",
    SPECIFIC: "The lowest threshold with a specificity of at least 0.95 out of fold.",
    YOUDEN: "The threshold with the greatest sensitivity plus specificity out of fold (Youden's "
    "J); of equals the lowest, which misses fewer.",
}


def operating_points(
    labels: Labels, logits: Numbers, calibration: Calibration, seed: int = 0
) -> tuple[OperatingPoint, ...]:
    """The four points of a card, each with its rule as a sentence; ``default`` first.

    Of the default point: no one can say what a missed finding costs here, so it weighs
    sensitivity and specificity alike; and of the best threshold it takes the median over
    resampled images, because the best one of a single sample follows that sample's noise.
    Every threshold lies halfway between two neighbouring logits, so that rounding in another
    program or on another device turns no decision. Raises ValueError without both classes.
    """
    values, of_image = np.unique(np.asarray(logits, dtype=np.float64), return_inverse=True)
    positives = np.bincount(of_image[labels == 1], minlength=len(values))
    negatives = np.bincount(of_image[labels == 0], minlength=len(values))
    if not positives.any() or not negatives.any():
        raise ValueError("no threshold can be chosen without both classes")
    lost, spared = _below(positives), _below(negatives)
    found = positives.sum() - lost
    sensitive = int(np.flatnonzero(found * 100 >= WANTED * positives.sum())[-1])
    specific = int(np.flatnonzero(spared * 100 >= WANTED * negatives.sum())[0])
    best = int(_gain(positives[None], negatives[None]).argmax())
    steady = _steady(positives, negatives, seed)
    cuts = calibration.probabilities(_cuts(values))
    chosen = {DEFAULT: steady, SENSITIVE: sensitive, SPECIFIC: specific, YOUDEN: best}
    return tuple(
        OperatingPoint(name, float(cuts[cut]), RULES[name]) for name, cut in chosen.items()
    )


def _cuts(values: Numbers) -> Numbers:
    """Logits that divide ascending values (m,) in every way: (m + 1,); cut i leaves i below it."""
    return np.concatenate(([values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]))


def _below(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the counts (..., m) lie below each cut: (..., m + 1)."""
    nothing = np.zeros((*counts.shape[:-1], 1), dtype=np.int64)
    return np.concatenate((nothing, np.cumsum(counts, axis=-1)), axis=-1)


def _gain(positives: NDArray[np.int64], negatives: NDArray[np.int64]) -> NDArray[np.int64]:
    """Youden's J at each cut for each row of counts (B, m), but for a factor: (B, m + 1).

    In whole numbers, so that ties are ties.
    """
    spared = _below(negatives) * positives.sum(axis=1, keepdims=True)
    lost = _below(positives) * negatives.sum(axis=1, keepdims=True)
    return np.asarray(spared - lost)


def _steady(positives: NDArray[np.int64], negatives: NDArray[np.int64], seed: int) -> int:
    """The median, over resamples, of the middle of the cuts with the greatest J."""
    random = np.random.default_rng(seed)
    drawn = (
        random.multinomial(counts.sum(), counts / counts.sum(), size=RESAMPLES)
        for counts in (positives, negatives)
    )
    gain = _gain(*drawn)
    first, last = gain.argmax(axis=1), gain.shape[1] - 1 - gain[:, ::-1].argmax(axis=1)
    return int(np.sort((first + last) // 2)[RESAMPLES // 2])
