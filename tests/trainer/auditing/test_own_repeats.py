"""Images without a patient that are one image once more stay together, and others do not."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.input.recipe import InputRecipe, Subject
from tests.make.heads import head
from trainer.auditing.own_repeats import with_repeats_joined
from trainer.data.generated_parts import plate
from trainer.data.grouping import LOOKED_ALIKE
from trainer.data.inputs import network_inputs
from trainer.data.labels import LabelledImage, read_labels

HEADS = InputRecipe(size=64)
PARTS = InputRecipe(size=96, crop_to_head=False, subject=Subject.OTHER)
SECONDS = 5.0
"""That the search of a thousand images may take at most; of some thousand it takes about three."""


def _images(count: int, known: dict[int, str] | None = None) -> list[LabelledImage]:
    known = known or {}
    return [
        LabelledImage(
            f"i{i}",
            Path(f"{i}.png"),
            i % 2,
            known.get(i, f"i{i}"),
            grouped_by="a" if i in known else "",
        )
        for i in range(count)
    ]


def _as_jpeg(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    file = BytesIO()
    PilImage.fromarray(pixels).save(file, "JPEG", quality=92)
    return np.asarray(PilImage.open(file))


def _smaller_and_back(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    side, how = len(pixels), PilImage.Resampling.BILINEAR
    small = PilImage.fromarray(pixels).resize((3 * side // 4,) * 2, how)
    return np.asarray(small.resize((side, side), how))


def _groups(found: list[LabelledImage]) -> list[str]:
    return [image.group for image in found]


def test_a_head_that_is_there_again_joins_its_first_image() -> None:
    heads = [head(seed) for seed in range(5)]
    again = [
        _as_jpeg(_smaller_and_back(heads[1])),
        heads[3][:, ::-1],
        np.rint(0.8 * heads[4] + 15).astype(np.uint8),
    ]
    found = with_repeats_joined(_images(8), np.stack([*heads, *again]), HEADS)
    assert _groups(found) == ["i0", "i1", "i2", "i3", "i4", "i1", "i3", "i4"]
    told = [image.grouped_by for image in found]
    assert told == ["", LOOKED_ALIKE, "", *[LOOKED_ALIKE] * 5]


def test_known_patients_are_joined_by_no_look_and_may_take_in_who_has_none() -> None:
    pixels = np.stack([head(1), head(1), head(1), head(2)])
    apart = with_repeats_joined(_images(2, {0: "p", 1: "q"}), pixels[:2], HEADS)
    assert _groups(apart) == ["p", "q"]
    found = with_repeats_joined(_images(4, {0: "p"}), pixels, HEADS)
    assert len({*_groups(found)[:3]}) == 1
    assert found[0].grouped_by == "a"
    assert found[3].group == "i3"


def test_parts_of_one_kind_are_not_taken_for_one_and_copies_are() -> None:
    plates = [plate(seed, defect=False) for seed in range(12)]
    pixels = np.stack([*plates, _as_jpeg(plates[2])])
    assert _groups(with_repeats_joined(_images(13), pixels, PARTS)) == [
        *(f"i{i}" for i in range(12)),
        "i2",
    ]


@pytest.mark.parametrize("recipe", [HEADS, PARTS])
def test_blank_images_are_no_copies_of_each_other(recipe: InputRecipe) -> None:
    blank = np.full((3, 64, 64), 90, dtype=np.uint8)
    if recipe is HEADS:
        blank[:] = 0
    assert _groups(with_repeats_joined(_images(3), blank, recipe)) == ["i0", "i1", "i2"]


def test_all_repeats_of_the_real_images_are_joined(shared_data: Path, tmp_path: Path) -> None:
    images = read_labels(shared_data / "head-ct-200")
    inputs = network_inputs([image.path for image in images], HEADS, tmp_path)
    group_of = {image.image_id: image.group for image in with_repeats_joined(images, inputs, HEADS)}
    for known in (("188", "189"), ("198", "199"), ("105", "187"), ("5", "22", "58"), ("73", "95")):
        assert len({group_of[name] for name in known}) == 1
    assert len(set(group_of.values())) > 170


def test_a_thousand_images_are_searched_in_seconds() -> None:
    few = np.stack([head(seed) for seed in range(20)])
    random = np.random.default_rng(0)
    noise = random.integers(-60, 60, (1000, 64, 64))
    many = np.clip(np.tile(few, (50, 1, 1)).astype(np.int64) + noise, 0, 255).astype(np.uint8)
    began = time.process_time()
    with_repeats_joined(_images(1000), many, HEADS)
    assert time.process_time() - began < SECONDS
