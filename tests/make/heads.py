"""Images of made-up heads, each as unlike the others inside as people are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

BONE = 8
"""Thousandths of an image that ``with_bone`` makes white."""


def head(seed: int, size: int = 64) -> NDArray[np.uint8]:
    """A white skull around random folds, on black: uint8 (size, size)."""
    random = np.random.default_rng(seed)
    wide, long = random.uniform(0.62, 0.72), random.uniform(0.82, 0.88)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    across = np.hypot(x / wide, y / long)
    folds = gaussian_filter(random.normal(size=(size, size)), size / 32)
    grey = np.where(across < 0.88, 110 + 30 * folds / folds.std(), 255)
    return np.where(across < 1, np.clip(grey, 30, 255), 0).astype(np.uint8)


def with_bone(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image (rows, columns) with a little white, as bone in a brain window; the mean stays."""
    made = grey.astype(np.int64)
    made[0, : BONE * grey.size // 1000] = 255
    rest = made[1:].reshape(-1)
    each, over = divmod(int(made.sum() - grey.sum(dtype=np.int64)), rest.size)
    rest -= each
    rest[:over] -= 1
    return made.astype(np.uint8)
