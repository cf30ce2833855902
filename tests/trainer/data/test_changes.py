"""An image that was replaced, or is gone, is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data.changes import Changes, changes
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of


def test_replaced_and_missing_images_are_found_by_twelve_digits(tmp_path: Path) -> None:
    images = []
    for number in range(5):
        path = tmp_path / str(number)
        path.write_bytes(bytes([number]))
        images.append(LabelledImage(str(number), path, 0, str(number)))
    kept = [sha256_of(image.path)[:12] for image in images]
    assert changes(zip(images, kept, strict=True)) == Changes(5)
    first = images[1].path.read_bytes()
    images[1].path.write_bytes(images[2].path.read_bytes())
    images[2].path.write_bytes(first)  # swapped: all together are as before
    images[4].path.unlink()
    assert changes(zip(images, kept, strict=True)) == Changes(5, ("1", "2"), ("4",))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Changes(9), ""),
        (
            Changes(9, ("a",)),
            "Of 9 images, since the run began: 1 with another content (a).",
        ),
        (
            Changes(9, ("a", "b", "c", "d"), ("e",)),
            "Of 9 images, since the run began: 4 with another content (a, b, c and 1 more) and "
            "1 gone (e).",
        ),
    ],
)
def test_they_are_told_with_numbers_and_the_first_names(found: Changes, told: str) -> None:
    assert found.told == told
