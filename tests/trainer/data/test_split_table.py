from __future__ import annotations

from pathlib import Path

import pytest

from trainer.data import split_table
from trainer.data.folds import PRACTICE, TEST, Part
from trainer.data.labels import LabelledImage

IMAGES = [
    LabelledImage("north/007", Path("/n/007.png"), 1, "north/a", "north", {"subdural": 1}),
    LabelledImage("south/7", Path("/s/7.png"), 0, "south/7", "south"),
    LabelledImage("south/NA", Path("/s/NA.png"), 0, "NA", "south", {"subdural": 0}),
]
PARTS = [Part(1), Part(TEST), Part(PRACTICE)]
CONTENTS = ["0" * 64, "123456789012" + "e" * 52, "f" * 64]


def test_a_table_that_was_written_holds_the_same_images(tmp_path: Path) -> None:
    """Ids keep their zeros, and a patient called NA is no missing one."""
    split_table.of(IMAGES, PARTS, CONTENTS).to_csv(tmp_path / "split.csv", index=False)
    table = split_table.read(tmp_path / "split.csv")
    assert split_table.images_of(table) == IMAGES
    assert table["fold"].tolist() == [1, TEST, PRACTICE]
    assert table["sha256"].tolist() == ["0" * 12, "123456789012", "f" * 12]
    assert table["part"].tolist() == ["train", "test", "practice"]


def test_a_trait_that_a_table_does_not_give_is_not_zero(tmp_path: Path) -> None:
    split_table.of(IMAGES, PARTS, CONTENTS).to_csv(tmp_path / "split.csv", index=False)
    back = split_table.images_of(split_table.read(tmp_path / "split.csv"))
    assert [dict(image.traits) for image in back] == [{"subdural": 1}, {}, {"subdural": 0}]


@pytest.mark.parametrize("column", ["image_id", "path", "source", "label", "group", "fold"])
def test_a_table_without_a_column_is_refused_by_its_name(tmp_path: Path, column: str) -> None:
    table = split_table.of(IMAGES, PARTS, CONTENTS).drop(columns=column)
    table.to_csv(tmp_path / "split.csv", index=False)
    with pytest.raises(ValueError, match=f"lacks {column}"):
        split_table.read(tmp_path / "split.csv")
