"""Boxes in pixels of an image become masks on the network's input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imaging.input.recipe import InputRecipe
from trainer.data.boxes import box_masks
from trainer.data.label_table import LabelError
from trainer.data.labels import read_labels

RECIPE = InputRecipe(size=32, crop_to_head=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for name in ("a", "b", "c"):
        Image.new("L", (64, 32), 90).save(tmp_path / "images" / f"{name}.png")
    (tmp_path / "labels.csv").write_text("image_id,hemorrhage\na,1\nb,1\nc,0\n", encoding="utf-8")
    return tmp_path


def boxes(folder: Path, *lines: str) -> dict[str, np.ndarray]:
    text = "\n".join(("image_id,left,top,right,bottom,label", *lines)) + "\n"
    (folder / "boxes.csv").write_text(text, encoding="utf-8")
    return box_masks(folder, read_labels(folder), RECIPE)


def test_a_box_lies_where_the_input_shows_it(folder: Path) -> None:
    # An image of 64 x 32 is padded to 64 x 64 and halved: rows 16 to 47 hold it.
    masks = boxes(folder, "a,10,4,20,8,1", "a,40,0,63,2,1")
    assert set(masks) == {"a"}
    there = np.argwhere(masks["a"])
    assert masks["a"][10:13, 5:11].all()
    assert masks["a"][8:10, 20:32].all()
    assert len(there) == 3 * 6 + 2 * 12


def test_unsure_boxes_and_other_images_count_for_nothing(folder: Path) -> None:
    assert boxes(folder, "a,1,1,5,5,0", "elsewhere,1,1,5,5,1") == {}


def test_a_folder_without_boxes_has_none(folder: Path) -> None:
    assert box_masks(folder, read_labels(folder), RECIPE) == {}


def test_what_is_no_box_is_refused(folder: Path) -> None:
    with pytest.raises(LabelError, match="no number"):
        boxes(folder, "a,x,1,5,5,1")
    (folder / "boxes.csv").write_text("image_id,left\na,1\n", encoding="utf-8")
    with pytest.raises(LabelError, match="bottom, right, top"):
        box_masks(folder, read_labels(folder), RECIPE)
