"""What the pixels say against a head: its size in millimetres, its shape, and what is in it.

Headers often name no body part. A chest is wider than any head and full of air, and a water
phantom has no skull.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import Image, Unit
from imaging.messages import Message, MessageCode
from imaging.regions import fill_holes, largest_body
from imaging.skull import BODY, BONE, Reduced

WIDEST = 300.0
"""Millimetres from side to side beyond which a body is no head; heads with a headrest reach 250."""
LARGEST = 420.0
"""Square centimetres beyond which a body's outline is no head's; large heads reach 350."""
MOST_AIR = 0.2
"""Share of a body that may be air or lung; the air of sinuses, nose and throat is 7 % at most in
137 slices of four real heads."""
LEAST_SKULL = 0.35
"""Share of the directions from the middle of a body in which bone lies, in the outer half: a spine
lies on one side, and a femur in the middle."""
NEARLY_ROUND = 0.8
"""As ``LEAST_SKULL``: from here on, even little bone is that of a skull, as in infants."""
LEAST_BONE = 0.085
"""Share of a body that bone takes up at least where it is not nearly all round. Ribs and a spine
take up 2 to 7 %, the jaws and vertebrae of real heads 10 % and more."""
CHECKED_FOR_SKULL = 100.0
"""Square centimetres from which a body must show a skull; smaller ones may be the vertex."""
CHECKED_SHARE = 0.2
"""Share of the image from which a body must show a skull, where its size is not known."""
HOLLOW = 0.1
"""Share of the body from which what a skull encloses must be brain; sinuses are smaller."""
LEAST_BRAIN = 0.5
"""Share of what a skull encloses that lies within ``BRAIN`` at least; in real heads 0.9."""
BRAIN = (-20.0, 100.0)
"""HU of cerebrospinal fluid, brain and blood."""
CHECKED_FOR_TISSUE = 40.0
"""Square centimetres from which a body must have soft tissue."""
LEAST_TISSUE = 0.2
"""Share of a body within 150 HU of water at least; 0.34 near the vertex of real heads, and 0.16 at
most in the bone of these heads alone, where it is the border of bone and air."""
_TISSUE = 150.0
_LUNG = -500.0
"""HU below which there is air or lung."""
_THIN_BONE = 150.0
"""HU of the reduced slice above which there is bone where it is thin, as in infants."""
_DIRECTIONS = 36


class Anatomy(MessageCode):
    """What the pixels show in place of a head."""

    TOO_LARGE_A_BODY = "body_too_large", "a body of {width:.0f} mm and {area:.0f} cm²"
    AIR = "body_with_air", "{share:.0f} % air or lung"
    NO_SKULL = "body_without_skull", "no skull around it"
    NO_BRAIN = "skull_without_brain", "a skull with {share:.0f} % brain in it"
    NO_TISSUE = "bone_without_tissue", "bone with {share:.0f} % soft tissue"


def other_body(image: Image) -> Problem | None:
    """Why the pixels are not those of a head, or None.

    Checked where they are HU; size and area only where the header gives a spacing.
    """
    if image.header.unit is not Unit.HOUNSFIELD:
        return None
    small = image.small or Reduced.of(image.pixels.astype(np.float32, copy=False))
    found = _found(small.hu, image) or _hollow(small)
    return None if found is None else Problem(Code.OTHER_BODY_PART, found)


def _found(small: NDArray[np.float32], image: Image) -> Message | None:
    spacing = image.header.geometry.spacing
    body = largest_body(fill_holes(small > BODY))
    if not body.any():
        return None
    inside = small[body]
    air = float((inside < _LUNG).mean())
    tissue = float((np.abs(inside) < _TISSUE).mean())
    is_large, has_size = body.mean() >= CHECKED_SHARE, False
    if spacing is not None:
        step = -(-image.pixels.shape[0] // small.shape[0])
        columns = np.flatnonzero(body.any(axis=0))
        width = float(columns[-1] - columns[0] + 1) * spacing[1] * step
        area = float(body.sum()) * spacing[0] * spacing[1] * step * step / 100
        if width > WIDEST or area > LARGEST:
            return Message(Anatomy.TOO_LARGE_A_BODY, width=width, area=area)
        is_large, has_size = area >= CHECKED_FOR_SKULL, area >= CHECKED_FOR_TISSUE
    if air > MOST_AIR:
        return Message(Anatomy.AIR, share=100 * air)
    if is_large and not _has_skull(small, body):
        return Message(Anatomy.NO_SKULL)
    if (is_large or has_size) and tissue < LEAST_TISSUE:
        return Message(Anatomy.NO_TISSUE, share=100 * tissue)
    return None


def _has_skull(small: NDArray[np.float32], body: NDArray[np.bool_]) -> bool:
    """Whether bone lies around the middle of a body, and how much: that of a head."""
    rows, columns = np.nonzero(body)
    down, across = rows - rows.mean(), columns - columns.mean()
    angles, radii = np.arctan2(down, across), np.hypot(down, across)
    sectors = np.floor((angles / (2 * np.pi) + 0.5) * _DIRECTIONS).astype(np.int64) % _DIRECTIONS
    outline = np.zeros(_DIRECTIONS)
    np.maximum.at(outline, sectors, radii)
    outer = radii > outline[sectors] / 2

    def around(threshold: float) -> float:
        return len(np.unique(sectors[outer & (small[body] > threshold)])) / _DIRECTIONS

    if around(_THIN_BONE) >= NEARLY_ROUND:
        return True
    return around(BONE) >= LEAST_SKULL and float((small[body] > BONE).mean()) >= LEAST_BONE


def _hollow(small: Reduced) -> Message | None:
    """A skull that holds no brain."""
    inside = small.inside
    if inside is None or inside.share < HOLLOW:
        return None
    brain = (inside.values > BRAIN[0]) & (inside.values < BRAIN[1])
    share = float(brain.mean())
    return Message(Anatomy.NO_BRAIN, share=100 * share) if share < LEAST_BRAIN else None
