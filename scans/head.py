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

    Bodies carry the largest flat index (plus one) among their pixels. Each sweep spreads the
    largest label along whole runs, rows then columns, until nothing changes.
    """
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        spread = _along_rows(_along_rows(labels).T).T
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def _along_rows(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    rows, columns = labels.shape
    flat = np.zeros((rows, columns + 1), dtype=np.int64)
    flat[:, :columns] = labels
    line = flat.ravel()
    starts = np.flatnonzero(np.diff(line > 0, prepend=False))
    starts = np.concatenate(([0], starts[starts > 0]))
    highest = np.maximum.reduceat(line, starts)
    lengths = np.diff(np.append(starts, line.size))
    spread: NDArray[np.int64] = np.repeat(highest, lengths).reshape(rows, columns + 1)[:, :columns]
    return spread


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
