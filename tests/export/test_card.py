"""What the card says about the images it was tested on, and the generated image it knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from export.card import known_input, note_on_test
from imaging.input.recipe import InputRecipe
from trainer.recipes import ARTICLE, CAREFUL
from trainer.settings import Settings

UNGROUPED = replace(CAREFUL, data=replace(CAREFUL.data, grouped=False))


@pytest.mark.parametrize(
    ("settings", "groups_known", "said"),
    [
        (CAREFUL, True, "No choice was made on these images."),
        (CAREFUL, False, "repeats may lie on both sides"),
        (UNGROUPED, True, "repeats may lie on both sides"),
        (ARTICLE, False, "chosen on these images, so these counts are optimistic"),
    ],
)
def test_the_note_says_what_flatters_the_counts(
    settings: Settings, groups_known: bool, said: str
) -> None:
    assert said in note_on_test(settings, groups_known)


@pytest.mark.parametrize("size", [64, 224])
def test_the_known_image_is_a_head_of_the_recipes_size(size: int) -> None:
    image = known_input(InputRecipe(size=size))
    assert image.shape == (size, size)
    assert image.dtype == np.uint8
    middle = image[size // 4 : -size // 4, size // 4 : -size // 4]
    assert 60 < middle.mean() < 160
    assert image.max() == 255
    assert image[:3, :3].max() < 24


def test_the_known_image_is_the_same_every_time() -> None:
    recipe = InputRecipe(size=64)
    np.testing.assert_array_equal(known_input(recipe), known_input(recipe))
