"""Finds the head in a grey image, so that its scale is no shortcut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

TISSUE = 24
"""Grey from which a pixel counts as tissue: in a brain window about 8 HU, above air and fat."""
GRID = 96
"""Longer side of the reduced image in which bodies are counted; enough for a margin of 4 %."""
SMALLEST = 0.02
"""A largest body below this share of the image is taken for no head."""

Box = tuple[int, int, int, int]


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


def fill_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with every background that does not reach the border filled."""
    rows, columns = mask.shape
    around = np.ones((rows + 2, columns + 2), dtype=np.bool_)
    around[1:-1, 1:-1] = ~mask
    labels = bodies(around)
    filled: NDArray[np.bool_] = (labels != labels[0, 0])[1:-1, 1:-1]
    return filled


def head_box(grey: NDArray[np.uint8], margin: float = 0.04) -> Box | None:
    """The box (left, top, right, bottom) around the largest body of tissue, or None without one.

    ``margin`` is added on each side, as a share of the body's longer side; the box may reach over
    the edge.
    """
    rows, columns = grey.shape
    step = max(1, -(-max(rows, columns) // GRID))
    small = np.asarray(PilImage.fromarray(grey).reduce(step))
    labels = bodies(fill_holes(small >= TISSUE))
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    largest = int(counts.argmax())
    if counts[largest] < SMALLEST * labels.size:
        return None
    lines, marks = np.nonzero(labels == largest)
    left, right = int(marks.min()) * step, min((int(marks.max()) + 1) * step, columns)
    top, bottom = int(lines.min()) * step, min((int(lines.max()) + 1) * step, rows)
    extra = round(margin * max(right - left, bottom - top))
    return left - extra, top - extra, right + extra, bottom + extra
