"""Images made smaller, each pixel the mean of a square: for what looks at the whole of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage


def factor(shape: tuple[int, ...], longest: int) -> int:
    """The side of the squares that leave no side over ``longest``; 1 where none is."""
    return max(1, -(-max(shape[:2]) // longest))


def reduce(pixels: NDArray[Any], longest: int) -> NDArray[Any]:
    """Pixels (rows, columns[, 3]) with no side over ``longest``; as they are where none is."""
    step = factor(pixels.shape, longest)
    return pixels if step == 1 else np.asarray(PilImage.fromarray(pixels).reduce(step))
