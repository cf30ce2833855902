"""Generated photographs of metal plates, every other one with a rust spot: no heads at all.

They show, and let tests show, that training, export and program serve other tasks as well.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 96
RUST = (150.0, 70.0, 30.0)
"""Red, green and blue: as bright as the plate, so that the colour alone tells it."""


def plate(seed: int, defect: bool) -> NDArray[np.uint8]:
    """A plate with four holes, uint8 (SIDE, SIDE, 3); with a ``defect``, a spot of rust."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    metal = random.uniform(75, 95) + random.normal(0, 4, (SIDE, SIDE))
    image = np.stack([metal - 2, metal, metal + 8], axis=2)
    edge = random.integers(4, 10)
    outside = (np.minimum(rows, columns) < edge) | (np.maximum(rows, columns) >= SIDE - edge)
    image[outside] = (190, 150, 100)
    for down, across in ((22, 22), (22, 74), (74, 22), (74, 74)):
        image[np.hypot(rows - down, columns - across) < 6] = (20, 20, 24)
    if defect:
        down, across = random.uniform(36, 60, 2)
        spot = np.hypot(rows - down, (columns - across) * random.uniform(0.7, 1.4))
        image[spot < random.uniform(7, 11)] = RUST
    return np.clip(image, 0, 255).astype(np.uint8)
