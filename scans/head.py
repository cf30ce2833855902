"""Finds the head in a grey picture, so that its scale is no shortcut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

TISSUE = 24
"""Grey from which a pixel counts as tissue: in a brain window about 8 HU, above air and fat."""
GRID = 96
"""Longer side of the reduced picture in which bodies are counted; enough for a margin of 4 %."""
SMALLEST = 0.02
"""A largest body below this share of the picture is taken for no head."""

Box = tuple[int, int, int, int]


def bodies(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the 4-connected bodies of a mask: int64 like ``mask``, 0 where it is False.

    Bodies carry the largest flat index (plus one) among their pixels.
    """
    columns = mask.shape[1]
    # Runs of pixels along the rows, as half-open stretches of rows that are one pixel longer.
    line = np.pad(mask, ((0, 0), (0, 1))).ravel()
    edges = np.flatnonzero(np.diff(line, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    # The runs of the next row that touch each run lie between these two.
    below = starts + columns + 1, ends + columns + 1
    first = np.searchsorted(ends, below[0], side="right").tolist()
    last = np.searchsorted(starts, below[1], side="left").tolist()
    body = _joined(first, last)
    # In the last run of a body lies its last pixel: back from the longer rows to flat indices.
    last_pixels = ends[body] - ends[body] // (columns + 1)
    labels = np.zeros(mask.shape, dtype=np.int64)
    labels[mask] = np.repeat(last_pixels, ends - starts)
    return labels


def _joined(first: list[int], last: list[int]) -> list[int]:
    """For each run the last run of its body; run ``i`` touches ``first[i]`` to ``last[i]`` - 1."""
    parent = list(range(len(first)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    for run in range(len(parent)):
        for touched in range(first[run], last[run]):
            one, other = root(run), root(touched)
            if one < other:
                parent[one] = other
            else:
                parent[other] = one
    return [root(run) for run in range(len(parent))]


def fill_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with every background that does not reach the border filled."""
    around = np.pad(~mask, 1, constant_values=True)
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
    small = np.asarray(Image.fromarray(grey).reduce(step))
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
