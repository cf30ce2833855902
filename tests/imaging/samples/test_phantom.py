"""The generated head is the same every time, looks like tissue, and bleeds where it should."""

from __future__ import annotations

import numpy as np
import pytest

from imaging.samples.phantom import AIR, BONE, FRESH_BLOOD, Bleed, Head


def test_slice_is_hounsfield_of_the_asked_size() -> None:
    hu = Head(seed=3, size=128).slice_at(0.5)
    assert hu.shape == (128, 128)
    assert hu.dtype == np.float32
    assert abs(hu[:8, :8].mean() - AIR) < 5
    assert hu.max() > 0.8 * BONE


def test_same_seed_gives_the_same_slice() -> None:
    assert np.array_equal(Head(4, size=96).slice_at(0.3), Head(4, size=96).slice_at(0.3))
    assert not np.array_equal(Head(4, size=96).slice_at(0.3), Head(5, size=96).slice_at(0.3))


def blood_pixels(head: Head, height: float) -> int:
    hu = head.slice_at(height)
    return int(((hu > FRESH_BLOOD - 12) & (hu < FRESH_BLOOD + 15)).sum())


@pytest.mark.parametrize("bleed", [b for b in Bleed if b is not Bleed.NONE])
def test_bleed_adds_blood_in_the_middle_and_none_at_the_vertex(bleed: Bleed) -> None:
    with_bleed, without = Head(6, bleed, 160), Head(6, Bleed.NONE, 160)
    assert blood_pixels(with_bleed, 0.5) > blood_pixels(without, 0.5) + 150
    assert np.array_equal(with_bleed.slice_at(0.95), without.slice_at(0.95))


def test_height_outside_the_head_is_an_error() -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        Head().slice_at(1.5)
