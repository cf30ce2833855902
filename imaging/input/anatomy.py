"""What the pixels say against a head: its size in millimetres, its shape, and what is in it.

Headers often name no body part. A chest is wider than any head and full of air, and a water
phantom has no skull.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import Image, Unit
from imaging.input.head import bodies, fill_holes
from imaging.messages import Message, MessageCode

WIDEST = 300.0
"""Millimetres from side to side beyond which a body is no head; heads with a headrest reach 250."""
LARGEST = 420.0
"""Square centimetres beyond which a body's outline is no head's; large heads reach 350."""
MOST_LUNG = 0.2
"""Share of a body that may be lung, from -950 to -500 HU; sinuses stay below a twentieth."""
LEAST_SKULL = 0.35
"""Share of the directions from the middle of a body in which bone lies: a skull is nearly all
round, a spine on one side."""
CHECKED_FOR_SKULL = 100.0
"""Square centimetres from which a body must show a skull; smaller ones may be the vertex."""
_BODY, _BONE, _LUNG = -300.0, 300.0, (-950.0, -500.0)
_DIRECTIONS = 36
_GRID = 128


class Anatomy(MessageCode):
    """What the pixels show in place of a head."""

    TOO_LARGE_A_BODY = "body_too_large", "a body of {width:.0f} mm and {area:.0f} cm²"
    LUNGS = "body_with_lungs", "{share:.0f} % lung"
    NO_SKULL = "body_without_skull", "{area:.0f} cm² without a skull"


def other_body(image: Image) -> Problem | None:
    """Why the pixels are not those of a head, or None.

    Assessed where they are HU and the header gives a spacing.
    """
    if image.header.unit is not Unit.HOUNSFIELD or image.header.geometry.spacing is None:
        return None
    found = _found(image, image.header.geometry.spacing)
    return None if found is None else Problem(Code.OTHER_BODY_PART, found)


def _found(image: Image, spacing: tuple[float, float]) -> Message | None:
    step = max(1, -(-max(image.pixels.shape) // _GRID))
    hu = image.pixels[::step, ::step].astype(np.float32, copy=False)
    labels = bodies(fill_holes(hu > _BODY))
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    body = labels == int(counts.argmax())
    if not counts.any():
        return None
    columns = np.flatnonzero(body.any(axis=0))
    width = float(columns[-1] - columns[0] + 1) * spacing[1] * step
    area = float(body.sum()) * spacing[0] * spacing[1] * step * step / 100
    inside = hu[body]
    lung = float(((inside > _LUNG[0]) & (inside < _LUNG[1])).mean())
    if width > WIDEST or area > LARGEST:
        return Message(Anatomy.TOO_LARGE_A_BODY, width=width, area=area)
    if lung > MOST_LUNG:
        return Message(Anatomy.LUNGS, share=100 * lung)
    if area >= CHECKED_FOR_SKULL and _skull(hu, body) < LEAST_SKULL:
        return Message(Anatomy.NO_SKULL, area=area)
    return None


def _skull(hu: NDArray[np.float32], body: NDArray[np.bool_]) -> float:
    """Share of the directions from the body's middle in which there is bone."""
    rows, columns = np.nonzero(body)
    bone_rows, bone_columns = np.nonzero(body & (hu > _BONE))
    angles = np.arctan2(bone_rows - rows.mean(), bone_columns - columns.mean())
    sectors = np.floor((angles / (2 * np.pi) + 0.5) * _DIRECTIONS).astype(np.int64) % _DIRECTIONS
    return len(np.unique(sectors)) / _DIRECTIONS
