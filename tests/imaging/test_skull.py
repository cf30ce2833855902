"""What a skull encloses: where bone and body begin, and how wide a gap is bridged."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.skull import Reduced

SIZE = 96


def ring(
    bone: float = 1000.0, gap: int = 0, size: int = 40, around: float = -1000.0
) -> NDArray[np.float32]:
    """A round head of 40 HU in bone, its radius ``size``, with a gap of so many pixels on top."""
    rows, columns = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    radius = np.hypot(rows, columns)
    hu = np.where(radius < size, bone, around)
    hu[radius < size - 4] = 40.0
    opened = (radius >= size - 4) & (radius < size) & (rows < 0) & (np.abs(columns) < gap / 2)
    hu[opened] = 40.0
    return hu.astype(np.float32)


def test_what_bone_encloses_is_found_without_a_rim() -> None:
    found = Reduced.of(ring()).inside
    assert found is not None
    assert set(found.values.tolist()) == {40.0}
    assert 0.4 < found.share < 0.8


@pytest.mark.parametrize(("bone", "is_closed"), [(195.0, False), (205.0, True)])
def test_bone_begins_at_200_hu(bone: float, is_closed: bool) -> None:
    assert (Reduced.of(ring(bone)).inside is not None) is is_closed


@pytest.mark.parametrize(("around", "share"), [(-305.0, 0.6), (-295.0, 0.3)])
def test_a_body_begins_above_300_hu_below_water(around: float, share: float) -> None:
    found = Reduced.of(ring(around=around)).inside
    assert found is not None
    assert found.share == pytest.approx(share, abs=0.15)


@pytest.mark.parametrize(
    ("size", "gap", "is_closed"), [(40, 8, True), (40, 10, False), (38, 6, True), (38, 8, False)]
)
def test_a_gap_is_bridged_up_to_a_share_of_the_body(size: int, gap: int, is_closed: bool) -> None:
    """A twentieth of the square root of the body's area, on both sides: 3.5 pixels and 3.4."""
    found = Reduced.of(ring(gap=gap, size=size)).inside
    assert (found is not None and found.share > 0.4) is is_closed


@pytest.mark.parametrize(("side", "small"), [(96, 96), (97, 49), (192, 96), (193, 65)])
def test_a_slice_is_reduced_to_96_pixels_at_most(side: int, small: int) -> None:
    assert Reduced.of(np.zeros((side, 60), np.float32)).hu.shape[0] == small
