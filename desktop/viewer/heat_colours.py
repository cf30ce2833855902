"""The heat map as colours: purple over red to orange, clear where nothing raised the score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 24
"""Colour pixels per cell of the map; Qt smooths the rest."""

_AT = (0.0, 0.25, 0.5, 0.75, 1.0)
_COLOURS = ((70, 10, 110), (150, 20, 110), (205, 35, 80), (240, 80, 40), (255, 145, 20))
"""No yellow: half clear over grey it turns olive."""


def coloured(heat_map: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colours for a heat map (h, w): uint8 (h * STEPS, w * STEPS, 4), red, green, blue, alpha.

    Scaled to its own maximum; what is not above zero, or is no number, stays clear.
    """
    clean = np.clip(np.nan_to_num(heat_map.astype(np.float64), posinf=0.0), 0.0, None)
    greatest = float(clean.max(initial=0.0))
    rows, columns = clean.shape
    if greatest <= 0.0:
        return np.zeros((rows * STEPS, columns * STEPS, 4), dtype=np.uint8)
    fine = _finer(_finer(clean / greatest).T).T
    channels = [np.interp(fine, _AT, [colour[i] for colour in _COLOURS]) for i in range(3)]
    alpha = 255.0 * np.clip(fine * 1.6, 0.0, 1.0)
    return np.rint(np.stack([*channels, alpha], axis=-1)).astype(np.uint8)


def coloured_inside(heat_map: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """``coloured``, clear outside of a mask (S, S) of the same square.

    Cells that lie wholly outside count for nothing, not even for the scale.
    """
    (rows, columns), (high, wide) = heat_map.shape, inside.shape
    starts = np.arange(rows) * high // rows, np.arange(columns) * wide // columns
    there = np.logical_or.reduceat(np.logical_or.reduceat(inside, starts[0], 0), starts[1], 1)
    colours = coloured(np.where(there, heat_map, np.float32(0)))
    at = (
        np.arange(size * STEPS) * full // (size * STEPS)
        for size, full in zip((rows, columns), (high, wide), strict=True)
    )
    colours[..., 3] *= inside[np.ix_(*at)]
    return colours


def _finer(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row's cells spread over STEPS places, eased between the middles of neighbours."""
    cells = values.shape[1]
    at = np.clip((np.arange(cells * STEPS) + 0.5) / STEPS - 0.5, 0.0, cells - 1.0)
    low = np.minimum(at.astype(np.int64), max(cells - 2, 0))
    high = np.minimum(low + 1, cells - 1)
    share = at - low
    eased = share * share * (3.0 - 2.0 * share)
    finer: NDArray[np.float64] = values[:, low] * (1.0 - eased) + values[:, high] * eased
    return finer
