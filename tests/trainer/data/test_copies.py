from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image as PilImage

from trainer.data.copies import joined
from trainer.data.labels import LabelledImage


def images(folder: Path, *files: tuple[str, int, str]) -> list[LabelledImage]:
    """Files, each as (name, seed of its content, group); a negative seed makes a blank image."""
    found = []
    for name, seed, group in files:
        pixels = np.zeros((64, 64), np.uint8)
        if seed >= 0:
            pixels = np.random.default_rng(seed).integers(0, 256, (64, 64)).astype(np.uint8)
        PilImage.fromarray(pixels).save(folder / name)
        found.append(LabelledImage(name, folder / name, 0, group))
    return found


def groups(found: list[LabelledImage]) -> list[str]:
    return [each.group for each in found]


def test_groups_that_share_a_file_are_one_by_the_name_of_the_first(tmp_path: Path) -> None:
    every = images(tmp_path, ("1.png", 1, "A"), ("2.png", 1, "B"), ("3.png", 3, "C"))
    assert groups(joined(every)) == ["A", "A", "C"]


def test_a_chain_of_copies_is_one_group(tmp_path: Path) -> None:
    every = images(
        tmp_path,
        *(("1.png", 1, "A"), ("2.png", 1, "B"), ("3.png", 2, "B")),
        *(("4.png", 2, "C"), ("5.png", 5, "C"), ("6.png", 6, "D")),
    )
    assert groups(joined(every)) == ["A", "A", "A", "A", "A", "D"]


def test_nothing_but_the_group_changes(tmp_path: Path) -> None:
    every = images(tmp_path, ("1.png", 1, "A"), ("2.png", 1, "B"))
    after = joined(every)
    assert [(each.image_id, each.path, each.label) for each in after] == [
        (each.image_id, each.path, each.label) for each in every
    ]


def test_equal_blank_images_are_a_group_of_their_own_and_join_nobody(tmp_path: Path) -> None:
    every = images(tmp_path, ("1.png", -1, "A"), ("2.png", 2, "A"), ("3.png", -1, "B"))
    first, second, third = groups(joined(every))
    assert first == third
    assert first not in ("A", "B")
    assert second == "A"


def test_one_blank_image_stays_with_its_patient(tmp_path: Path) -> None:
    every = images(tmp_path, ("1.png", -1, "A"), ("2.png", 2, "A"))
    assert groups(joined(every)) == ["A", "A"]
