import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.image import Image, ImageHeader, Unit
from imaging.input.recipe import Fit, InputRecipe, network_input


def grey_image(rows: int, columns: int, head: tuple[int, int, int, int]) -> Image:
    """A bright rectangle (left, top, right, bottom) with a gradient, on black."""
    pixels = np.zeros((rows, columns), dtype=np.uint8)
    left, top, right, bottom = head
    pixels[top:bottom, left:right] = np.linspace(60, 250, right - left).astype(np.uint8)
    return Image(ImageHeader(Unit.GREY, rows, columns), pixels)


HEAD = (30, 12, 50, 52)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (InputRecipe(32, margin=0.0), (20, 12, 60, 52)),
        (InputRecipe(32, margin=0.1), (16, 8, 64, 56)),
        (InputRecipe(32, margin=0.0, fit=Fit.CENTRE_CROP), (30, 22, 50, 42)),
        (InputRecipe(32, crop_to_head=False), (0, -10, 90, 80)),
        (InputRecipe(32, crop_to_head=False, fit=Fit.CENTRE_CROP), (10, 0, 80, 70)),
    ],
)
def test_box_in_the_images_pixels(recipe: InputRecipe, expected: tuple[int, ...]) -> None:
    assert network_input(grey_image(70, 90, HEAD), recipe).box == expected


@pytest.mark.parametrize("fit", list(Fit))
@pytest.mark.parametrize("crop", [True, False])
@pytest.mark.parametrize("head", [(5, 4, 47, 60), (60, 30, 97, 61), (3, 20, 88, 50)])
def test_input_is_exactly_the_box(head: tuple[int, int, int, int], crop: bool, fit: Fit) -> None:
    image = grey_image(70, 101, head)
    recipe = InputRecipe(48, crop_to_head=crop, fit=fit)
    cut = PilImage.fromarray(np.asarray(image.pixels)).crop(network_input(image, recipe).box)
    whole = np.asarray(cut.resize((48, 48), PilImage.Resampling.BILINEAR))
    np.testing.assert_array_equal(network_input(image, recipe).pixels, whole)


def test_without_a_head_the_box_is_the_whole_square() -> None:
    empty = Image(ImageHeader(Unit.GREY, 40, 60), np.zeros((40, 60), dtype=np.uint8))
    assert network_input(empty, InputRecipe()).box == (0, -10, 60, 50)
