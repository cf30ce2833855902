"""What a skull encloses, found in the HU of one slice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imaging import reduction
from imaging.regions import fill_holes, grown, largest_body

GRID = 96
"""Longer side in pixels of the reduced slice that is searched; averaging takes the noise away."""
BONE = 200.0
"""HU of the reduced slice above which there is bone."""
BODY = -300.0
"""HU above which there is a body."""
BRIDGED = 0.05
"""Half the width of a gap in the skull that is bridged, as a share of the square root of the
body's area: about 8 mm in an adult. Sutures and burr holes are narrower, craniectomies wider."""


@dataclass(frozen=True, eq=False)
class Inside:
    """The largest region that bone runs all round, without a rim along the bone."""

    values: NDArray[np.float32]
    """HU of its pixels in the reduced slice, in no order."""
    share: float
    """Its area as a share of all bodies in the slice."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """A slice in means of squares, small enough to be searched, and what bone encloses in it.

    Whoever examines an image hands it on, so that each is made and searched once.
    """

    hu: NDArray[np.float32]
    """(rows, columns) in HU, no side longer than ``GRID``."""

    @classmethod
    def of(cls, hu: NDArray[np.float32]) -> Reduced:
        """Of a whole slice (rows, columns) in HU."""
        return cls(reduction.reduce(hu, GRID))

    @cached_property
    def inside(self) -> Inside | None:
        """What bone encloses; None where there is no such region.

        A gap wider than twice ``BRIDGED`` opens the skull: then there is None, or a part of it.
        """
        return enclosed(self.hu, fill_holes(self.hu > BODY), self.hu > BONE)


def enclosed(
    values: NDArray[np.float32], body: NDArray[np.bool_], bone: NDArray[np.bool_]
) -> Inside | None:
    """What ``bone`` encloses of a reduced image (rows, columns); None where there is no such."""
    area = int(body.sum())
    wall = grown(bone, max(1, round(BRIDGED * area**0.5)))
    content = largest_body(fill_holes(wall) & ~wall)
    if not content.any():
        return None
    return Inside(values[content], float(content.sum()) / max(1, area))
