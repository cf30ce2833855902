"""What the axes of an image point to in the patient, and where along its normal it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from imaging.image import Geometry


def letters(direction: Sequence[float]) -> str:
    """What a direction in patient coordinates points to, as in "L" or "AL" (PS3.3 C.7.6.1.1.1).

    Letters R L A P H F, the strongest first; a component counts from 22.5 degrees on.
    """
    names = ("LR", "PA", "HF")
    length = math.hypot(*direction)
    if not length > 0:
        return ""
    strong = [
        (-abs(part), pair[0] if part > 0 else pair[1])
        for pair, part in zip(names, direction, strict=True)
        if abs(part) / length >= math.sin(math.radians(22.5))
    ]
    return "".join(letter for _, letter in sorted(strong))


def edge_letters(geometry: Geometry) -> tuple[str, str, str, str]:
    """Orientation letters for the left, top, right and bottom edge; empty where not known."""
    if geometry.orientation is None:
        return "", "", "", ""
    across, down = geometry.orientation[:3], geometry.orientation[3:]
    return (
        letters([-part for part in across]),
        letters([-part for part in down]),
        letters(across),
        letters(down),
    )


def slice_position(geometry: Geometry) -> float | None:
    """Millimetres along the slice normal, or along the patient's axis without an orientation."""
    if geometry.position is None:
        return None
    if geometry.orientation is None:
        return geometry.position[2]
    normal = np.cross(geometry.orientation[:3], geometry.orientation[3:])
    return float(np.dot(normal, geometry.position))
