"""Which slices of two series stand beside each other while a reader scrolls through both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from imaging.image import Geometry, ImageHeader
from imaging.series import PARALLEL


class Link(StrEnum):
    """What two series are linked by."""

    POSITION = "position"
    """Millimetres in the one frame of reference that both lie in."""
    RELATIVE = "relative"
    """How far each slice lies between the first and the last of its own series."""
    BY_HAND = "by hand"
    """Two slices that the reader put beside each other."""


@dataclass(frozen=True)
class Heights:
    """Where the slices of a series lie, in the order of the series."""

    count: int
    millimetres: tuple[float, ...] | None = None
    """Along the slices' normal, up; None where they are not known."""
    normal: tuple[float, ...] = ()
    frame_of_reference: str = ""


def heights_of(headers: Sequence[ImageHeader | None]) -> Heights:
    """Where slices lie by their headers; heights are known only where every slice has a place."""
    places = [None if header is None else header.geometry for header in headers]
    known = [each for each in places if each is not None and _is_placed(each)]
    if not known or len(known) < len(headers):
        return Heights(len(headers))
    orientation = known[0].orientation
    assert orientation is not None
    normal = np.cross(orientation[:3], orientation[3:])
    heights = np.asarray([each.position for each in known]) @ normal
    frames = {each.frame_of_reference for each in known}
    frame = frames.pop() if len(frames) == 1 else ""
    return Heights(len(headers), tuple(heights.tolist()), tuple(normal.tolist()), frame)


def _is_placed(geometry: Geometry) -> bool:
    return geometry.position is not None and geometry.orientation is not None


def link_of(one: Heights, other: Heights) -> Link:
    """What two series can be linked by: position in one frame of reference and orientation."""
    if one.millimetres is None or other.millimetres is None:
        return Link.RELATIVE
    same = one.frame_of_reference == other.frame_of_reference != ""
    cosine = sum(a * b for a, b in zip(one.normal, other.normal, strict=True))
    return Link.POSITION if same and cosine > PARALLEL else Link.RELATIVE


def partner(
    one: Heights, place: int, other: Heights, aligned: tuple[int, int] | None = None
) -> int:
    """The slice of ``other`` that stands beside slice ``place`` of ``one``, both counted from 0.

    ``aligned``: slices of the two that the reader put beside each other; from there on millimetres
    count, or slices where those are not known. ``other`` has at least one slice.
    """
    if one.millimetres is None or other.millimetres is None:
        if aligned is not None:
            return min(max(place + aligned[1] - aligned[0], 0), other.count - 1)
        return round(place / max(one.count - 1, 1) * (other.count - 1))
    here = one.millimetres[place]
    if aligned is not None:
        return _nearest(other, here + other.millimetres[aligned[1]] - one.millimetres[aligned[0]])
    if link_of(one, other) is Link.POSITION:
        return _nearest(other, here)
    low, high = min(one.millimetres), max(one.millimetres)
    share = (here - low) / (high - low) if high > low else 0.0
    low, high = min(other.millimetres), max(other.millimetres)
    return _nearest(other, low + share * (high - low))


def _nearest(series: Heights, height: float) -> int:
    assert series.millimetres is not None
    return int(np.abs(np.asarray(series.millimetres) - height).argmin())
