"""Regions of a mask: connected bodies, holes, and what lies near."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def bodies(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the 4-connected bodies of a mask: int64 like ``mask``, 0 where it is False.

    Bodies carry the largest flat index (plus one) among their pixels.
    """
    rows, columns = mask.shape
    # Runs of pixels along the rows, as half-open stretches of rows that are one pixel longer; one
    # pixel more in front, and every stretch lies between two changes.
    line = np.zeros(1 + rows * (columns + 1), dtype=np.bool_)
    line[1:].reshape(rows, columns + 1)[:, :columns] = mask
    edges = np.flatnonzero(line[1:] != line[:-1])
    starts, ends = edges[::2], edges[1::2]
    # The runs of the next row that touch each run lie between these two.
    below = starts + columns + 1, ends + columns + 1
    first = np.searchsorted(ends, below[0], side="right")
    last = np.searchsorted(starts, below[1], side="left")
    body = _joined(first, last - first)
    # In the last run of a body lies its last pixel: back from the longer rows to flat indices.
    last_pixels = ends[body] - ends[body] // (columns + 1)
    labels = np.zeros(mask.shape, dtype=np.int64)
    labels[mask] = np.repeat(last_pixels, ends - starts)
    return labels


def _joined(first: NDArray[np.int64], touched: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each run the last run of its body; run ``i`` touches ``touched[i]`` from ``first[i]``."""
    body = np.arange(len(first))
    one = np.repeat(body, touched)
    other = np.arange(len(one)) + np.repeat(first - (np.cumsum(touched) - touched), touched)
    while True:
        ends = body[one], body[other]
        if np.array_equal(*ends):
            return body
        later = np.maximum(*ends)
        for end in ends:
            np.maximum.at(body, end, later)
        body = body[body]  # what it was joined to may have been joined further


def largest_body(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest 4-connected body of a mask, as a mask of that shape; all False without any."""
    labels = bodies(mask)
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    largest = int(counts.argmax())
    body: NDArray[np.bool_] = labels == largest
    return body if counts[largest] else np.zeros_like(mask)


def fill_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with every background that does not reach the border filled."""
    rows, columns = mask.shape
    around = np.ones((rows + 2, columns + 2), dtype=np.bool_)
    around[1:-1, 1:-1] = ~mask
    labels = bodies(around)
    filled: NDArray[np.bool_] = (labels != labels[0, 0])[1:-1, 1:-1]
    return filled


def grown(mask: NDArray[np.bool_], pixels: int) -> NDArray[np.bool_]:
    """The mask and all that is up to so many steps along rows and columns away from it."""
    for _ in range(pixels):
        around = np.pad(mask, 1)
        mask = mask | around[:-2, 1:-1] | around[2:, 1:-1] | around[1:-1, :-2] | around[1:-1, 2:]
    return mask
