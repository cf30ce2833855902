"""How far an image lies from the training images in feature space, and how far is too far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf

MEAN, WHITENING = "novelty_mean", "novelty_whitening"
"""Names of the Gaussian's numbers in an exported graph."""
SHARE_REFUSED = 0.02
"""Share of out-of-fold head images that the cut gives up, to refuse what is no head at all."""
FEWEST = 20
"""Below this many held-out distances the cut would be anywhere; below 50 it is their maximum."""


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


def fit(profiles: NDArray[np.float64]) -> Gaussian:
    """Fit to the training images' profiles (N, P).

    The covariance is shrunk (Ledoit and Wolf 2004), because there may be fewer images than
    features.
    Raises NoveltyError where the features do not differ between images.
    """
    if len(profiles) < 2 or not float(np.ptp(profiles, axis=0).max()) > 0:
        raise NoveltyError("The training images all have the same features; the network is dead.")
    model = LedoitWolf().fit(profiles)
    # precision = L @ L.T, so that the squared length of x @ L is x @ precision @ x.
    whitening = np.linalg.cholesky(np.asarray(model.precision_))
    return Gaussian(np.asarray(model.location_, np.float32), whitening.astype(np.float32))


def cut(distances: NDArray[np.float64], sources: NDArray[np.str_]) -> float:
    """The distance that SHARE_REFUSED of held-out head images exceed, every source counting alike.

    ``distances`` (N,) are pooled over the folds: each image's distance under the network and the
    Gaussian that did not see it. Counted by images, a source that sent few would bear most of the
    refusals, and so would another hospital's heads. Raises NoveltyError for too few.
    """
    if len(distances) < FEWEST:
        raise NoveltyError(
            f"{len(distances)} out-of-fold images are too few to say what is unlike them; "
            f"{FEWEST} are needed."
        )
    _, of_image, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = 1.0 / (len(counts) * counts[of_image])
    share = 1.0 - SHARE_REFUSED
    return float(np.quantile(distances, share, weights=weights, method="inverted_cdf"))
