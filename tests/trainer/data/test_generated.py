"""A folder of generated heads is labelled as it was drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from trainer.arguments import ArgumentsError
from trainer.data import generated
from trainer.data.sources import class_name_of, read_sources


def test_every_other_head_bleeds_and_slices_of_one_head_stay_together(tmp_path: Path) -> None:
    folder = tmp_path / "generated"
    generated.main([str(folder), "--heads", "4"])
    images = read_sources([folder])
    assert [image.label for image in images] == [0, 0, 1, 1, 0, 0, 1, 1]
    assert [image.group for image in images] == [s for n in range(1000, 1004) for s in [str(n)] * 2]
    assert class_name_of([folder]) == "hemorrhage"


def test_a_bleed_can_be_seen(tmp_path: Path) -> None:
    """Fresh blood is brighter than any brain, and there is more of it than of calcium."""
    generated.write(tmp_path / "generated", 12)
    bright: dict[int, list[float]] = {0: [], 1: []}
    for image in read_sources([tmp_path / "generated"]):
        grey = np.asarray(PilImage.open(image.path))
        bright[image.label].append(float(((grey > 190) & (grey < 240)).mean()))
    assert min(bright[1]) > max(bright[0])


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(ArgumentsError, match="is there already"):
        generated.main([str(tmp_path)])
    with pytest.raises(ArgumentsError, match="two are needed"):
        generated.main([str(tmp_path / "new"), "--heads", "1"])
