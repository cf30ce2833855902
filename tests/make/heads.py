"""Images of made-up heads, each as unlike the others inside as people are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter


def head(seed: int, size: int = 64) -> NDArray[np.uint8]:
    """A white skull around random folds, on black: uint8 (size, size)."""
    random = np.random.default_rng(seed)
    wide, long = random.uniform(0.62, 0.72), random.uniform(0.82, 0.88)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    across = np.hypot(x / wide, y / long)
    folds = gaussian_filter(random.normal(size=(size, size)), size / 32)
    grey = np.where(across < 0.88, 110 + 30 * folds / folds.std(), 255)
    return np.where(across < 1, np.clip(grey, 30, 255), 0).astype(np.uint8)
