"""Boxes around findings, from a table beside the labels, as masks on the network's input."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging.input.recipe import InputRecipe, network_input
from imaging.reading import read_image
from trainer.data.label_table import LabelError, read_rows
from trainer.data.labels import LabelledImage
from trainer.quiet import libraries_kept_quiet

BOXES = "boxes.csv"
SIDES = ("left", "top", "right", "bottom")
"""Columns in pixels of the image; with ``image_id`` they make a table of boxes."""
UNSURE = "0"
"""In a column ``label``: whoever drew the box was not sure of it."""

Masks = dict[str, NDArray[np.uint8]]
"""By image id: uint8 (S, S), 1 within a box."""


def box_masks(folder: Path, images: Sequence[LabelledImage], recipe: InputRecipe) -> Masks:
    """Masks of the images that ``boxes.csv`` of the folder has boxes for; none without that file.

    An image with the finding and without a box is not free of it: boxes may be missing.
    Raises LabelError for a table that is none of boxes.
    """
    table = folder / BOXES
    if not table.exists():
        return {}
    rows = read_rows(table)
    missing = {"image_id", *SIDES} - rows[0].values.keys()
    if missing:
        raise LabelError([f"{table}: there is no column {', '.join(sorted(missing))}."])
    known = {image.image_id: image for image in images}
    masks: Masks = {}
    for row in rows:
        image = known.get(row.values["image_id"])
        if image is None or row.values.get("label") == UNSURE:
            continue
        try:
            left, top, right, bottom = (float(row.values[side]) for side in SIDES)
        except ValueError as error:
            raise LabelError([f"{row.place}: a side of the box is no number."]) from error
        mask = masks.setdefault(image.image_id, np.zeros((recipe.size,) * 2, dtype=np.uint8))
        with libraries_kept_quiet():
            first, above, last, below = network_input(read_image(image.path), recipe).box
        wide, high = recipe.size / (last - first), recipe.size / (below - above)
        across = _pixels((left - first) * wide, (right - first) * wide, recipe.size)
        mask[_pixels((top - above) * high, (bottom - above) * high, recipe.size), across] = 1
    return masks


def _pixels(start: float, end: float, size: int) -> slice:
    """From the pixel of one place to that of another, both in it, as far as the input reaches."""
    return slice(int(np.clip(start, 0, size - 1)), int(np.clip(end, 0, size - 1)) + 1)
