"""Thresholds on the probability, chosen on out-of-fold predictions and kept with the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN, OperatingPoint
from model.probability import Calibration, Numbers
from trainer.results.metrics import Labels

WANTED = 0.95
"""Sensitivity or specificity."""
EXACT = 12
"""Decimals that shares are rounded to, so that ties are ties."""
RESAMPLES, SEED = 1000, 0
RULES = {
    DEFAULT: "The median, over 1,000 resamples of the out-of-fold predictions, of the threshold "
    "with the greatest sensitivity plus specificity.",
    SENSITIVE: "The highest threshold with a sensitivity of at least 0.95 out of fold.",
    SPECIFIC: "The lowest threshold with a specificity of at least 0.95 out of fold.",
    YOUDEN: "The threshold with the greatest sensitivity plus specificity out of fold (Youden's "
    "J); of equals the lowest, which misses fewer.",
}


ALIKE = "Every source counts alike."


def operating_points(
    labels: Labels,
    logits: Numbers,
    calibration: Calibration,
    sources: NDArray[np.str_] | None = None,
) -> tuple[OperatingPoint, ...]:
    """The four points of a card, each with its rule as a sentence; ``default`` first.

    Of the default point: no one can say what a missed finding costs here, so it weighs
    sensitivity and specificity alike; and of the best threshold it takes the median over
    resampled images, because the best one of a single sample follows that sample's noise.
    ``sources`` (N,): the hospital of each image; sensitivity and specificity are then the means
    of the hospitals', so that none counts for more because it sent more. None: images count alike.
    Every threshold lies halfway between two neighbouring logits, so that rounding in another
    program or on another device turns no decision. Raises ValueError without both classes.
    """
    if not 0 < labels.sum() < len(labels):
        raise ValueError("no threshold can be chosen without both classes")
    values, of_image = np.unique(np.asarray(logits, dtype=np.float64), return_inverse=True)
    names = np.zeros(len(labels), dtype=np.str_) if sources is None else sources
    positives, negatives = (
        _counts(of_image[labels == label], names[labels == label], len(values)) for label in (1, 0)
    )
    found, spared = np.round(1.0 - _below(positives), EXACT), _below(negatives)
    sensitive = int(np.flatnonzero(found >= WANTED)[-1])
    specific = int(np.flatnonzero(spared >= WANTED)[0])
    best = int(_gain(positives, negatives).argmax())
    steady = _steady(positives, negatives)
    cuts = calibration.probabilities(_cuts(values))
    chosen = {DEFAULT: steady, SENSITIVE: sensitive, SPECIFIC: specific, YOUDEN: best}
    more = "" if len(np.unique(names)) == 1 else f" {ALIKE}"
    return tuple(
        OperatingPoint(name, float(cuts[cut]), RULES[name] + more) for name, cut in chosen.items()
    )


def _counts(of_image: NDArray[np.int64], names: NDArray[np.str_], size: int) -> NDArray[np.int64]:
    """How many images of each source have each of ``size`` values: (S, size)."""
    return np.stack(
        [np.bincount(of_image[names == name], minlength=size) for name in np.unique(names)]
    )


def _cuts(values: Numbers) -> Numbers:
    """Logits that divide ascending values (m,) in every way: (m + 1,); cut i leaves i below it."""
    return np.concatenate(([values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]))


def _below(counts: NDArray[np.int64]) -> Numbers:
    """Which share of the counts (..., S, m) lies below each cut, the mean of S: (..., m + 1)."""
    shares = np.cumsum(counts, axis=-1) / counts.sum(axis=-1, keepdims=True)
    nothing = np.zeros((*shares.shape[:-2], 1))
    return np.round(np.concatenate((nothing, shares.mean(axis=-2)), axis=-1), EXACT)


def _gain(positives: NDArray[np.int64], negatives: NDArray[np.int64]) -> Numbers:
    """Youden's J at each cut for counts (..., S, m): (..., m + 1)."""
    return np.round(_below(negatives) - _below(positives), EXACT)


def _steady(positives: NDArray[np.int64], negatives: NDArray[np.int64]) -> int:
    """The median, over resamples of each source, of the middle of the cuts with the greatest J."""
    random = np.random.default_rng(SEED)
    drawn = (
        np.stack([random.multinomial(c.sum(), c / c.sum(), size=RESAMPLES) for c in counts], axis=1)
        for counts in (positives, negatives)
    )
    gain = _gain(*drawn)
    first, last = gain.argmax(axis=1), gain.shape[1] - 1 - gain[:, ::-1].argmax(axis=1)
    return int(np.sort((first + last) // 2)[RESAMPLES // 2])
