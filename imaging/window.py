"""Windows: which stored values become black, grey and white."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaging.image import Image, Unit, Window

BRAIN = Window(80.0, 40.0)


@dataclass(frozen=True)
class NamedWindow:
    """A window that readers call by name and by digit key."""

    key: str
    name: str
    window: Window


NAMED_WINDOWS = (
    NamedWindow("2", "Brain", BRAIN),
    NamedWindow("3", "Subdural", Window(200.0, 80.0)),
    NamedWindow("4", "Stroke", Window(40.0, 40.0)),
    NamedWindow("5", "Bone", Window(2800.0, 600.0)),
    NamedWindow("6", "Soft tissue", Window(375.0, 40.0)),
    NamedWindow("7", "Posterior fossa", Window(120.0, 40.0)),
)


def to_grey(image: Image, window: Window) -> NDArray[np.uint8]:
    """Map an image's values linearly to 8-bit grey: uint8 (rows, columns).

    The window is in HU for a CT image and in grey values for an image. Values below the window
    are 0, above it 255 (DICOM PS3.3 C.11.2.1.3.2, LINEAR_EXACT).
    """
    low = window.level - window.width / 2
    scaled: NDArray[np.float32] = np.subtract(image.pixels, np.float32(low), dtype=np.float32)
    scaled *= np.float32(255.0 / window.width)
    # In place: new memory for each step would take longer than the step.
    np.clip(np.rint(scaled, out=scaled), 0, 255, out=scaled)
    return scaled.astype(np.uint8)


def full_range(image: Image) -> Window:
    """The window from the image's least to its greatest value, at least one unit wide."""
    low, high = float(image.pixels.min()), float(image.pixels.max())
    return Window(max(high - low, 1.0), (low + high) / 2)


def opening_window(image: Image) -> Window:
    """The window a viewer opens with: the file's own, else Brain for CT, else the grey scale."""
    if image.header.window is not None:
        return image.header.window
    return BRAIN if image.header.unit is Unit.HOUNSFIELD else Window(255.0, 127.5)
