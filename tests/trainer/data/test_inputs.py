"""Inputs come by the program's own path, once, and every unreadable image is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.image import Image
from imaging.input.recipe import InputRecipe, network_input, to_recipe_pixels
from imaging.reading import read_image
from trainer.data import inputs, reading_pool
from trainer.data.inputs import network_inputs, recipe_images
from trainer.data.reading_pool import InputError

RECIPE = InputRecipe(size=32)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Five discs of different sizes."""
    made = []
    for i in range(5):
        side = 40 + 8 * i
        across = np.hypot(*np.mgrid[-side // 2 : side // 2, -side // 2 : side // 2])
        grey = np.where(across < side / 3, 60 + 20 * i, 0).astype(np.uint8)
        made.append(tmp_path / f"{i}.png")
        PilImage.fromarray(grey).save(made[-1])
    return made


@pytest.mark.parametrize("few", [500, 2])
def test_inputs_are_the_programs_own(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """In this process, and in children when there are many."""
    monkeypatch.setattr(reading_pool, "FEW", few)
    found = network_inputs(paths, RECIPE, tmp_path / "cache", workers=1)
    assert found.dtype == np.uint8
    expected = [network_input(read_image(path), RECIPE).pixels for path in paths]
    assert np.array_equal(found, np.stack(expected))


def test_the_second_time_they_come_from_the_cache(
    paths: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = network_inputs(paths, RECIPE, tmp_path / "cache")
    read: list[Path] = []

    def noted(path: Path) -> Image:
        read.append(path)
        return read_image(path)

    monkeypatch.setattr(inputs, "read_image", noted)
    assert np.array_equal(network_inputs(paths, RECIPE, tmp_path / "cache"), first)
    assert read == []
    network_inputs(paths, InputRecipe(size=48), tmp_path / "cache")
    assert read == paths


def test_no_input_is_taken_for_another_images(paths: list[Path], tmp_path: Path) -> None:
    """As many images as before: in another order, another one in a place, one that is gone."""
    first = network_inputs(paths, RECIPE, tmp_path / "cache")
    turned = network_inputs(paths[::-1], RECIPE, tmp_path / "cache")
    assert np.array_equal(turned, first[::-1])
    paths[0].write_bytes(paths[4].read_bytes())
    other = network_inputs(paths, RECIPE, tmp_path / "cache")
    assert np.array_equal(other, first[[4, 1, 2, 3, 4]])
    paths[0].unlink()
    with pytest.raises(InputError, match=r"0\.png: The file is no longer there"):
        network_inputs(paths, RECIPE, tmp_path / "cache")


def test_greys_keep_their_own_size(paths: list[Path]) -> None:
    recipe = InputRecipe(size=32, crop_to_head=False)
    greys = recipe_images(paths, recipe)
    assert [grey.shape for grey in greys] == [(40 + 8 * i,) * 2 for i in range(5)]
    assert np.array_equal(greys[3], to_recipe_pixels(read_image(paths[3]), recipe))


def test_every_unreadable_image_is_named(paths: list[Path], tmp_path: Path) -> None:
    paths[1].write_bytes(b"")
    paths[3].write_bytes(b"not an image")
    with pytest.raises(InputError) as caught:
        network_inputs(paths, RECIPE, tmp_path / "cache")
    lines = str(caught.value).splitlines()
    assert [Path(line.split(": ")[0]).name for line in lines] == ["1.png", "3.png"]
    assert not (tmp_path / "cache").exists()
