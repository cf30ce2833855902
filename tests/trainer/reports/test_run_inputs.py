"""Beside an image stands the heat map of the network that had not learnt from it, or nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from trainer.data.folds import Part
from trainer.data.labels import LabelledImage
from trainer.learning.network import Network, WeightsError, save
from trainer.reports.gallery import Mistake
from trainer.reports.run_inputs import inputs_with_heat_maps
from trainer.results.run_folder import RunFolder
from trainer.settings import DataSettings, NetworkSettings, Settings


def mistake(image_id: str, label: int, fold: int = 1) -> Mistake:
    return Mistake(image_id, "s", label, fold, 0.25)


def test_a_run_shows_what_its_own_folds_networks_saw(tmp_path: Path) -> None:
    """Fold 1 has weights and fold 2 none; one image of fold 1 is gone."""
    (tmp_path / "data").mkdir()
    random = np.random.default_rng(0)
    images = []
    for i in range(4):
        path = tmp_path / "data" / f"{i}.png"
        PilImage.fromarray(random.integers(0, 255, (40, 40), dtype=np.uint8)).save(path)
        images.append(LabelledImage(str(i), path, i % 2, str(i)))
    settings = Settings(
        class_name="x", data=DataSettings(folds=2), network=NetworkSettings(init="none")
    )
    run = RunFolder.begin(tmp_path / "run", settings, images, [Part(1), Part(2), Part(1), Part(1)])
    run.fold_folder(1)
    save(Network(()), run.fold_weights(1), settings.recipe, "x")
    images[2].path.unlink()
    assert inputs_with_heat_maps(run, []) == {}
    wanted = [mistake("0", 1, 1), mistake("1", 0, 2), mistake("2", 1, 1), mistake("3", 0, 1)]
    found = inputs_with_heat_maps(run, wanted)
    assert sorted(found) == ["0", "3"]
    side = settings.recipe.size
    assert found["0"].input.shape == (side, side)
    assert found["0"].heat_map.shape == (side // 32, side // 32)
    assert not np.array_equal(found["0"].input, found["3"].input)
    run.fold_folder(2)
    run.fold_weights(2).write_bytes(b"damaged")
    with pytest.raises(WeightsError):
        inputs_with_heat_maps(run, wanted)
    assert inputs_with_heat_maps(run, wanted[2:]).keys() == {"3"}  # of fold 1 alone
    images[3].path.write_bytes(images[0].path.read_bytes())
    assert inputs_with_heat_maps(run, wanted[2:]) == {}  # the score is not of this content
