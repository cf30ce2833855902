from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.engine.thumbnails import BESIDE, Thumbnails

SIDE = 10


def grey(value: int) -> NDArray[np.uint8]:
    """A thumbnail of 100 bytes."""
    return np.full((SIDE, SIDE), value, dtype=np.uint8)


def test_a_thumbnail_is_given_for_the_content_that_it_was_made_of_alone() -> None:
    thumbnails = Thumbnails()
    thumbnails.keep(3, "one", grey(7))
    found = thumbnails.get(3, "one")
    assert found is not None
    assert found[0, 0] == 7
    assert (thumbnails.get(3, "other"), thumbnails.get(4, "one")) == (None, None)


def test_a_newer_thumbnail_of_an_image_takes_the_place_of_the_one_before() -> None:
    thumbnails = Thumbnails()
    thumbnails.keep(3, "one", grey(7))
    thumbnails.keep(3, "two", grey(8))
    assert (thumbnails.get(3, "one"), thumbnails.kept_bytes) == (None, SIDE * SIDE + BESIDE)


@pytest.mark.parametrize(("count", "kept"), [(5, 5), (6, 5), (1000, 5)])
def test_no_more_is_kept_than_there_is_room_for(count: int, kept: int) -> None:
    thumbnails = Thumbnails(5 * (SIDE * SIDE + BESIDE))
    for image in range(count):
        thumbnails.keep(image, "", grey(1))
    found = [image for image in range(count) if thumbnails.get(image, "") is not None]
    assert found == list(range(count - kept, count))
    assert thumbnails.kept_bytes == kept * (SIDE * SIDE + BESIDE)


def test_what_was_looked_at_last_is_let_go_last() -> None:
    thumbnails = Thumbnails(2 * (SIDE * SIDE + BESIDE))
    for image in (0, 1):
        thumbnails.keep(image, "", grey(1))
    thumbnails.get(0, "")
    thumbnails.keep(2, "", grey(1))
    assert [thumbnails.get(image, "") is not None for image in range(3)] == [True, False, True]
