"""Whether a windowed image shows the brain at all: a bone window leaves it one even grey.

An image file comes already windowed and says nothing of it. In a brain window the brain has many
greys and the skull is white; in a window for bone, soft tissue has few greys and blood is one of
them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.input.head import TISSUE
from imaging.messages import Message, MessageCode
from imaging.regions import fill_holes, largest_body
from imaging.skull import enclosed

LEAST_BODY = 0.15
"""Share of the image that a body takes up at least before its greys are examined."""
SKULLS = (200, 150)
"""Greys above which a skull is sought, one after the other: wide windows show it less bright."""
MOST_OF_BRAIN = 0.3
"""Share of the body that a skull must enclose before its content is examined."""
LEAST_SPREAD = 8.0
"""Greys from the 20th to the 85th percentile of what a skull encloses, below which the window was
wide. In 6,382 windowed slices of five data sets there are 8.6 at least, but for a CT angiography
and three slices that are in such a window. One of 400 HU leaves 7 to 10 in a real head, and one of
700 HU 6 at most."""
WHITE = 235
"""Grey from which bone counts as white."""
LEAST_WHITE = 0.005
"""Share of a body that is white at least where no skull encloses anything. Slices in a brain window
have 0.014 at least."""
_PERCENTILES = (20, 85)


class Display(MessageCode):
    """What the greys of an image say of the window that was applied to it."""

    WIDE_WINDOW = "wide_window", "a window for bone, in which no blood is told from brain"


def wide_window(grey: NDArray[np.uint8]) -> Problem | None:
    """Why a windowed image (rows, columns), reduced, cannot show blood; None where it may."""
    body = largest_body(fill_holes(grey >= TISSUE))
    if body.mean() < LEAST_BODY:
        return None
    is_wide = _is_wide(grey, body)
    return Problem(Code.NOT_ASSESSABLE, Message(Display.WIDE_WINDOW)) if is_wide else None


def _is_wide(grey: NDArray[np.uint8], body: NDArray[np.bool_]) -> bool:
    for skull in SKULLS:
        inside = enclosed(grey.astype(np.float32), body, (grey >= skull) & body)
        if inside is not None and inside.share >= MOST_OF_BRAIN:
            low, high = np.percentile(inside.values, _PERCENTILES).tolist()
            return bool(high - low < LEAST_SPREAD)
    return float((grey[body] >= WHITE).mean()) < LEAST_WHITE
