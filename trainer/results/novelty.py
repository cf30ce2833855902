"""How far an image lies from the training images in feature space, and how far is too far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf

MEAN, WHITENING = "novelty_mean", "novelty_whitening"
"""Names of the Gaussian's numbers in an exported graph."""
SHARE_REFUSED = 0.005
"""Share of out-of-fold head images that the cut gives up, to refuse what is no head at all. At 2 %
no image of 188 that are none got a score, at 0.5 % two; of 574 heads seven and five were refused.
Measured with ``fit`` as it is, on the network before its last stages were tuned."""
RULE = f"{SHARE_REFUSED:.1%} of the heads held out lie beyond it, every source counting alike."
"""The same for a card."""
FEWEST = 20
"""Below this many held-out distances the cut would be anywhere; below 200 it is their maximum."""


class NoveltyError(ValueError):
    """There is too little to say what is unlike the training images; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class Gaussian:
    """A Gaussian over profiles: distance(x) = |(x - mean) @ whitening|."""

    mean: NDArray[np.float32]
    """(P,)"""
    whitening: NDArray[np.float32]
    """(P, P)"""

    def distance(self, profiles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mahalanobis distance (N,) of profiles (N, P)."""
        whitened = (profiles - self.mean) @ self.whitening.astype(np.float64)
        distance: NDArray[np.float64] = np.sqrt(np.square(whitened).sum(axis=1))
        return distance


def fit(profiles: NDArray[np.float64], sources: NDArray[np.str_]) -> Gaussian:
    """Fit to the training images' profiles (N, P) from ``sources`` (N,), each counting alike.

    Counted by images, a hospital that sent hundreds of slices of few patients would say what a head
    is: heads of others lay farther away, and what is no head nearer. The covariance is shrunk
    (Ledoit and Wolf 2004), because there may be fewer images than features.
    Raises NoveltyError where the features do not differ between images.
    """
    if len(profiles) < 2 or not float(np.ptp(profiles, axis=0).max()) > 0:
        raise NoveltyError("The training images all have the same features; the network is dead.")
    weights = _alike(sources)
    mean = weights @ profiles
    # As rows of a plain sample, so that the mean of their squares is the weighted covariance.
    rows = np.sqrt(weights * len(profiles))[:, np.newaxis] * (profiles - mean)
    model = LedoitWolf(assume_centered=True).fit(rows)
    # precision = L @ L.T, so that the squared length of x @ L is x @ precision @ x.
    whitening = np.linalg.cholesky(np.asarray(model.precision_))
    return Gaussian(mean.astype(np.float32), whitening.astype(np.float32))


def cut(distances: NDArray[np.float64], sources: NDArray[np.str_]) -> float:
    """The distance that SHARE_REFUSED of held-out head images exceed, every source counting alike.

    ``distances`` (N,) are pooled over the folds: each image's distance under the network and the
    Gaussian that did not see it. Counted by images, a source that sent few would bear most of the
    refusals, and so would another hospital's heads. Raises NoveltyError for too few.
    """
    refuse_too_few(len(distances))
    share = 1.0 - SHARE_REFUSED
    return float(np.quantile(distances, share, weights=_alike(sources), method="inverted_cdf"))


def refuse_too_few(count: int, what: str = "out-of-fold") -> None:
    """Raises NoveltyError for fewer images than FEWEST; ``what`` they are."""
    if count < FEWEST:
        raise NoveltyError(
            f"{count} {what} images are too few to say what is unlike them; {FEWEST} are needed."
        )


def _alike(sources: NDArray[np.str_]) -> NDArray[np.float64]:
    """Weights (N,) of images, 1 together, by which every source counts alike."""
    _, of_image, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights: NDArray[np.float64] = 1.0 / (len(counts) * counts[of_image])
    return weights
