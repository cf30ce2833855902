"""What lies over an image is said beside it, in a sentence that is there whatever the overlay."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.viewer.captions import captions
from desktop.viewer.content import Content
from desktop.viewer.options import Overlay, ViewerOptions
from imaging.image import Image, Window
from imaging.input.recipe import InputRecipe
from tests.make.viewing import ct, grey

HEAT = "Heat map: regions that raised the score; not a lesion outline; scaled to this image"
NO_HEAT = "Heat map: no region of this image raised the score"


@pytest.fixture
def content(content: Content) -> Content:
    """A CT slice for a network of 64 pixels."""
    content.set_recipe(InputRecipe(size=64))
    content.show(ct(), "1/2")
    return content


def hot(value: float) -> NDArray[np.float32]:
    """A map with that much heat in one place."""
    heat_map = np.zeros((4, 4), dtype=np.float32)
    heat_map[1, 1] = value
    return heat_map


def told(content: Content, options: ViewerOptions, awaited: bool = False) -> list[str]:
    return captions(content, options, awaited)


@pytest.mark.parametrize("overlay", list(Overlay))
@pytest.mark.parametrize(
    ("value", "caption"), [(1.0, HEAT), (1e-6, HEAT), (0.0, NO_HEAT), (-1.0, NO_HEAT)]
)
def test_caption_is_there_whatever_the_overlay(
    content: Content, options: ViewerOptions, overlay: Overlay, value: float, caption: str
) -> None:
    options.overlay = overlay
    content.set_heat_map(hot(value))
    assert told(content, options) == []
    options.heat_map_shown = True
    assert told(content, options) == [caption]


def test_a_map_on_its_way_is_said_while_it_is_wanted(
    content: Content, options: ViewerOptions
) -> None:
    assert told(content, options, True) == []
    options.heat_map_shown = True
    assert told(content, options, True) == ["Heat map: computing"]
    assert told(content, options) == []


def test_a_map_that_is_there_is_told_and_not_one_to_come(
    content: Content, options: ViewerOptions
) -> None:
    """The map of the image before goes with it, and so does its caption."""
    options.heat_map_shown = True
    content.set_heat_map(hot(1.0))
    assert told(content, options, True) == [HEAT]
    content.show(ct(), "2/2")
    assert told(content, options, True) == ["Heat map: computing"]
    content.clear()
    assert told(content, options, True) == []


@pytest.mark.parametrize(
    ("image", "window", "caption"),
    [
        (ct(), Window(80, 40), "Model input: 64 × 64, W 80 L 40"),
        (ct(), Window(130.6, -0.4), "Model input: 64 × 64, W 131 L 0"),
        (grey(), Window(80, 40), "Model input: 64 × 64"),
    ],
)
def test_the_window_of_the_input_is_told_where_it_was_applied(
    content: Content, options: ViewerOptions, image: Image, window: Window, caption: str
) -> None:
    content.set_recipe(InputRecipe(size=64, window=window))
    content.show(image, "1/1")
    assert told(content, options) == []
    options.model_input_shown = True
    assert told(content, options) == [caption]
    content.set_recipe(None)
    assert told(content, options) == []


@pytest.mark.usefixtures("chinese_window")
def test_both_are_said_in_chinese(content: Content, options: ViewerOptions) -> None:
    options.model_input_shown = options.heat_map_shown = True
    assert told(content, options, True) == [
        "模型输入：64 × 64，W 80 L 40",
        "热力图：计算中",
    ]
