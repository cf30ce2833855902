"""Images of anything else than heads: colour is kept, and nothing is checked for being a head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.errors import Code
from imaging.input.prepare import prepare
from imaging.input.recipe import Channels, Fit, InputRecipe, Subject, network_input
from imaging.reading import read_image

GREY = InputRecipe(size=16, crop_to_head=False, subject=Subject.OTHER)
RGB = replace(GREY, channels=Channels.RGB)
RED, BLUE = (200, 10, 20), (10, 20, 200)


def _image_of(path: Path, *colours: tuple[int, int, int], mode: str = "RGB") -> Path:
    """Stripes of the colours, one below the other."""
    rows = np.repeat(np.array(colours, dtype=np.uint8), 32 // len(colours), axis=0)
    pixels = np.repeat(rows[:, None], 32, axis=1)
    PilImage.fromarray(pixels).convert(mode).save(path)
    return path


def test_the_network_sees_the_colours_of_a_image_of(tmp_path: Path) -> None:
    image = read_image(_image_of(tmp_path / "a.png", RED, BLUE))
    pixels = network_input(image, RGB).pixels
    assert pixels.shape == RGB.shape == (16, 16, 3)
    assert tuple(pixels[2, 5]) == RED
    assert tuple(pixels[13, 5]) == BLUE
    assert network_input(image, GREY).pixels.shape == GREY.shape == (16, 16)


def test_colours_of_a_palette_and_over_black_are_kept(tmp_path: Path) -> None:
    palette = read_image(_image_of(tmp_path / "p.png", RED, BLUE, mode="P"))
    assert np.abs(network_input(palette, RGB).pixels[2, 5].astype(int) - RED).max() < 40
    clear = PilImage.open(_image_of(tmp_path / "a.png", RED, BLUE)).convert("RGBA")
    clear.putalpha(0)
    clear.save(tmp_path / "clear.png")
    assert network_input(read_image(tmp_path / "clear.png"), RGB).pixels.max() == 0


def test_a_grey_image_gives_all_channels_the_same(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    PilImage.fromarray(np.arange(1024, dtype=np.uint32).astype(np.uint8).reshape(32, 32)).save(path)
    image = read_image(path)
    assert image.colour is None
    pixels = network_input(image, RGB).pixels
    for channel in range(3):
        np.testing.assert_array_equal(pixels[..., channel], network_input(image, GREY).pixels)


def test_colour_is_cut_to_a_square_as_grey_is(tmp_path: Path) -> None:
    pixels = np.zeros((10, 30, 3), dtype=np.uint8)
    pixels[:, :10], pixels[:, 10:20], pixels[:, 20:] = RED, BLUE, RED
    PilImage.fromarray(pixels).save(tmp_path / "wide.png")
    image = read_image(tmp_path / "wide.png")
    cut = network_input(image, replace(RGB, fit=Fit.CENTRE_CROP)).pixels
    assert tuple(cut[8, 8]) == BLUE
    padded = network_input(image, RGB).pixels
    assert padded[0].max() == 0
    assert tuple(padded[8, 2]) == RED


@pytest.mark.parametrize(
    "senseless",
    [
        {"crop_to_head": True, "subject": Subject.OTHER},
        {"crop_to_head": True, "channels": Channels.RGB},
    ],
)
def test_only_grey_heads_are_cropped_to_the_head(senseless: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="crop"):
        InputRecipe(**senseless)  # type: ignore[arg-type]


def test_a_recipe_of_before_is_of_heads_in_grey() -> None:
    values = InputRecipe(size=64).to_dict()
    del values["channels"], values["subject"]
    assert InputRecipe.from_dict(values) == InputRecipe(size=64)
    assert InputRecipe.from_dict(RGB.to_dict()) == RGB
    with pytest.raises(ValueError, match="missing"):
        InputRecipe.from_dict({"size": 64})


def _sheet(path: Path) -> Path:
    """Four discs of one size: a contact sheet, were they heads."""
    rows, columns = np.mgrid[:64, :64] % 32
    PilImage.fromarray(
        np.where(np.hypot(rows - 16, columns - 16) < 14, 120, 0).astype(np.uint8)
    ).save(path)
    return path


def test_what_only_heads_must_be_is_asked_of_heads_only(tmp_path: Path) -> None:
    path = _sheet(tmp_path / "four.png")
    as_head = prepare(path, 0, replace(GREY, subject=Subject.HEAD_CT))
    assert as_head.refusal is not None
    assert as_head.network_input is None
    as_part = prepare(path, 0, GREY)
    assert as_part.refusal is None
    assert as_part.network_input is not None


def test_a_blank_image_is_refused_whatever_it_shows(tmp_path: Path) -> None:
    PilImage.fromarray(np.full((32, 32), 90, dtype=np.uint8)).save(tmp_path / "blank.png")
    refusal = prepare(tmp_path / "blank.png", 0, GREY).refusal
    assert refusal is not None
    assert refusal.code is Code.BLANK


def test_colour_is_warned_of_only_where_it_is_lost(tmp_path: Path) -> None:
    path = _image_of(tmp_path / "a.png", RED, BLUE)
    assert [each.code for each in prepare(path, 0, GREY).header.warnings] == [Code.COLOUR]
    assert prepare(path, 0, RGB).header.warnings == ()
