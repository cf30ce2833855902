"""Finds the head in a grey image, so that its scale is no shortcut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaging import reduction
from imaging.regions import fill_holes, largest_body

TISSUE = 24
"""Grey from which a pixel counts as tissue: in a brain window about 8 HU, above air and fat."""
GRID = 96
"""Longer side of the reduced image in which bodies are counted; enough for a margin of 4 %."""
SMALLEST = 0.02
"""A largest body below this share of the image is taken for no head."""

Box = tuple[int, int, int, int]


def head_box(grey: NDArray[np.uint8], margin: float = 0.04) -> Box | None:
    """The box (left, top, right, bottom) around the largest body of tissue, or None without one.

    ``margin`` is added on each side, as a share of the body's longer side; the box may reach over
    the edge.
    """
    rows, columns = grey.shape
    step = reduction.factor(grey.shape, GRID)
    small = reduction.reduce(grey, GRID)
    body = largest_body(fill_holes(small >= TISSUE))
    if body.sum() < SMALLEST * body.size:
        return None
    lines, marks = np.nonzero(body)
    left, right = int(marks.min()) * step, min((int(marks.max()) + 1) * step, columns)
    top, bottom = int(lines.min()) * step, min((int(lines.max()) + 1) * step, rows)
    extra = round(margin * max(right - left, bottom - top))
    return left - extra, top - extra, right + extra, bottom + extra


def silhouette(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a grey image (rows, columns) shows anything but the air around it."""
    return fill_holes(grey >= TISSUE)
