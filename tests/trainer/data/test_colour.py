"""Colour is kept where the data are coloured, and never for heads unless that is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.input.recipe import Channels
from trainer.choices import WantedChannels
from trainer.data.colour import in_colour, with_channels
from trainer.data.generated import write_parts
from trainer.data.labels import LabelledImage, read_labels
from trainer.recipes import ARTICLE, CAREFUL, OBJECTS
from trainer.settings import Settings


@pytest.fixture
def plates(tmp_path: Path) -> list[LabelledImage]:
    write_parts(tmp_path / "plates", 20)
    return read_labels(tmp_path / "plates")


def _in_grey(images: list[LabelledImage], count: int) -> None:
    for image in images[:count]:
        PilImage.open(image.path).convert("L").save(image.path)


def _wanting(settings: Settings, wanted: WantedChannels) -> Settings:
    return replace(settings, data=replace(settings.data, channels=wanted))


@pytest.mark.parametrize(
    ("settings", "grey", "expected"),
    [
        (OBJECTS, 0, Channels.RGB),
        (OBJECTS, 18, Channels.RGB),
        (OBJECTS, 19, Channels.GREY),
        (OBJECTS, 20, Channels.GREY),
        (CAREFUL, 0, Channels.GREY),
        (ARTICLE, 0, Channels.GREY),
        (_wanting(OBJECTS, WantedChannels.GREY), 0, Channels.GREY),
        (_wanting(OBJECTS, WantedChannels.RGB), 20, Channels.RGB),
        (_wanting(ARTICLE, WantedChannels.RGB), 0, Channels.RGB),
    ],
)
def test_colour_is_kept_from_one_image_in_ten_on_unless_they_show_heads(
    plates: list[LabelledImage], settings: Settings, grey: int, expected: Channels
) -> None:
    _in_grey(plates, grey)
    assert with_channels(settings, plates).recipe.channels is expected


def test_the_crop_to_the_head_excludes_colour(plates: list[LabelledImage]) -> None:
    with pytest.raises(ValueError, match="colour"):
        with_channels(_wanting(CAREFUL, WantedChannels.RGB), plates)


def test_an_unreadable_image_has_no_colour(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no image")
    assert not in_colour([LabelledImage("a", tmp_path / "a.png", 0, "a")])


def test_a_plate_with_rust_is_told_by_its_colour_and_not_by_its_grey(
    plates: list[LabelledImage],
) -> None:
    clean, rusty = (np.asarray(PilImage.open(plates[row].path)).astype(float) for row in (0, 1))
    for pixels, has_rust in ((clean, False), (rusty, True)):
        red = pixels[..., 0] - pixels[..., 2] > 100
        assert bool(red.any()) is has_rust
    grey = rusty @ (0.299, 0.587, 0.114)
    spot = rusty[..., 0] - rusty[..., 2] > 100
    assert 70 < grey[spot].mean() < 100
