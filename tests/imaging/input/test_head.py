import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.input.head import SMALLEST, TISSUE, head_box, silhouette


def disc(size: int, row: float, column: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:size, :size]
    inside: NDArray[np.bool_] = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return inside


def test_the_box_is_that_of_the_largest_body() -> None:
    grey = np.zeros((90, 90), dtype=np.uint8)
    grey[disc(90, 40, 50, 25)] = 200
    grey[80:85, 0:30] = 255  # the table
    assert head_box(grey, margin=0.0) == (25, 15, 76, 66)


def test_a_dark_brain_within_a_skull_belongs_to_the_head() -> None:
    grey = np.zeros((96, 96), dtype=np.uint8)
    grey[disc(96, 48, 48, 30)] = 255
    grey[disc(96, 48, 48, 26)] = 0
    assert head_box(grey, margin=0.0) == (18, 18, 79, 79)


def test_a_margin_may_reach_over_the_edge() -> None:
    grey = np.full((50, 80), 100, dtype=np.uint8)
    assert head_box(grey, margin=0.1) == (-8, -8, 88, 58)


def test_the_box_grows_with_the_image() -> None:
    grey = np.zeros((64, 64), dtype=np.uint8)
    grey[disc(64, 30, 36, 20)] = 200
    small = head_box(grey, margin=0.0)
    large = head_box(np.kron(grey, np.ones((8, 8), dtype=np.uint8)), margin=0.0)
    assert small is not None
    assert large is not None
    assert np.abs(np.array(large) / 8 - np.array(small)).max() <= 1


@pytest.mark.parametrize("grey", [0, 20])
def test_without_tissue_there_is_no_box(grey: int) -> None:
    assert head_box(np.full((40, 40), grey, dtype=np.uint8)) is None


def test_a_speck_is_no_head() -> None:
    grey = np.zeros((96, 96), dtype=np.uint8)
    grey[40:50, 40:50] = 255
    assert head_box(grey) is None


@pytest.mark.parametrize(("grey", "found"), [(23, False), (24, True)])
def test_tissue_begins_where_documented(grey: int, found: bool) -> None:
    assert (head_box(np.full((40, 40), grey, dtype=np.uint8)) is not None) is found


@pytest.mark.parametrize(("pixels", "found"), [(99, False), (100, True)])
def test_the_smallest_body_that_is_a_head(pixels: int, found: bool) -> None:
    assert SMALLEST == 0.02
    grey = np.zeros((50, 96), dtype=np.uint8)
    grey.ravel()[: pixels - 4] = 200  # of 4,800 pixels
    assert (head_box(grey) is not None) is found


def test_a_silhouette_has_no_holes_and_holds_every_body() -> None:
    grey = np.zeros((20, 20), dtype=np.uint8)
    grey[2:12, 2:12] = TISSUE
    grey[5:8, 5:8] = 0
    grey[15:17, 15:17] = 255
    grey[0, 0] = TISSUE - 1
    found = silhouette(grey)
    assert found[2:12, 2:12].all()
    assert found[15:17, 15:17].all()
    assert int(found.sum()) == 104
