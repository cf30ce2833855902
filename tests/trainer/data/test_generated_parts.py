"""Plates whose spot of rust can be told by its colour and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from trainer.data.generated_parts import RUST, SIDE, plate

SEEDS = range(40)


def rusty(image: np.ndarray) -> np.ndarray:
    return np.asarray((image == np.array(RUST, dtype=np.uint8)).all(axis=2))


def test_only_a_plate_with_a_defect_has_rust_and_all_of_it_lies_on_the_metal() -> None:
    for seed in SEEDS:
        spot = rusty(plate(seed, True))
        rows, columns = np.nonzero(spot)
        # A spot of 7 to 11 pixels around a middle between 36 and 60, at most 0.7 times as narrow.
        assert 100 < spot.sum() < 600
        assert rows.min() >= 25
        assert rows.max() <= 71
        assert columns.min() >= 20
        assert columns.max() <= 76
        assert not rusty(plate(seed, False)).any()


def test_but_for_the_spot_a_plate_is_the_same_with_and_without() -> None:
    for seed in SEEDS:
        whole, broken = plate(seed, False), plate(seed, True)
        assert whole.shape == (SIDE, SIDE, 3)
        assert whole.dtype == np.uint8
        assert np.array_equal(whole[~rusty(broken)], broken[~rusty(broken)])


def test_in_grey_the_spot_is_as_bright_as_the_plates_are() -> None:
    """So that a network without colour cannot do what the example shows."""
    grey = [np.asarray(Image.fromarray(plate(seed, True)).convert("L")) for seed in SEEDS]
    spots = [rusty(plate(seed, True)) for seed in SEEDS]
    metal = [float(each[40:56, 11:15].mean()) for each in grey]  # beside border, hole and spot
    rust = float(np.mean([each[spot].mean() for each, spot in zip(grey, spots, strict=True)]))
    assert min(metal) < rust < max(metal)


def test_a_plate_is_that_of_its_seed() -> None:
    assert np.array_equal(plate(3, True), plate(3, True))
    assert not np.array_equal(plate(3, False), plate(4, False))


@pytest.mark.parametrize("defect", [False, True])
def test_every_plate_has_its_four_holes(defect: bool) -> None:
    image = plate(0, defect)
    holes = (image == np.array((20, 20, 24), dtype=np.uint8)).all(axis=2)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    apart = [np.hypot(rows - down, columns - right) for down in (22, 74) for right in (22, 74)]
    assert np.array_equal(holes, np.minimum.reduce(apart) < 6)
