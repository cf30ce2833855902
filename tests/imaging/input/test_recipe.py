import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.image import Geometry, Image, ImageHeader, Unit, Window
from imaging.input.recipe import (
    LONGEST,
    Channels,
    Fit,
    InputRecipe,
    Subject,
    fit_square,
    network_input,
    to_recipe_pixels,
)


def grey_image(grey: NDArray[np.uint8]) -> Image:
    return Image(ImageHeader(Unit.GREY, *grey.shape), grey)


def head(rows: int, columns: int, row: int, column: int, radius: int) -> NDArray[np.float32]:
    """A disc of 40 HU in a ring of bone, in air."""
    y, x = np.mgrid[:rows, :columns]
    distance = np.hypot(y - row, x - column)
    return np.where(distance <= radius, np.where(distance > 0.9 * radius, 1000, 40), -1000).astype(
        np.float32
    )


@pytest.mark.parametrize(
    "recipe",
    [InputRecipe(), InputRecipe(224, Window(200, 80), False, 0.1, Fit.CENTRE_CROP)],
)
def test_a_recipe_travels_as_json(recipe: InputRecipe) -> None:
    assert InputRecipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize(
    "change",
    [
        {"size": 8},
        {"size": 5000},
        {"margin": -0.1},
        {"margin": 0.9},
        {"fit": "stretch"},
        {"window": {"width": 0, "level": 40}},
        {"window": {"width": 80}},
        {"window": None},
        {"colour": True},
    ],
)
def test_senseless_recipes_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  each has its own message
        InputRecipe.from_dict({**InputRecipe().to_dict(), **change})


@pytest.mark.parametrize("missing", ["window", "fit"])
def test_a_recipe_without_a_part_is_refused(missing: str) -> None:
    values = InputRecipe().to_dict()
    del values[missing]
    with pytest.raises(ValueError, match="not an input recipe"):
        InputRecipe.from_dict(values)


@pytest.mark.parametrize("shape", [(100, 50), (50, 100)])
def test_padding_keeps_proportions_and_adds_black(shape: tuple[int, int]) -> None:
    square = fit_square(np.full(shape, 200, dtype=np.uint8), 64, Fit.PAD)
    upright = square if shape[0] > shape[1] else square.T
    assert square.shape == (64, 64)
    assert (upright[:, 18:46] == 200).all()
    assert (upright[:, :14] == 0).all()
    assert (upright[:, 50:] == 0).all()


def test_the_articles_crop_cuts_the_longer_side() -> None:
    grey = np.zeros((100, 60), dtype=np.uint8)
    grey[20:80] = 200
    assert (fit_square(grey, 30, Fit.CENTRE_CROP) == 200).all()


def test_resizing_averages_instead_of_picking() -> None:
    stripes = np.zeros((128, 128), dtype=np.uint8)
    stripes[:, ::2] = 255
    small = fit_square(stripes, 32, Fit.PAD)
    assert np.abs(small[:, 1:-1].astype(int) - 127).max() <= 2


def test_the_input_is_the_same_wherever_the_head_lies() -> None:
    recipe = InputRecipe(64)
    near = Image(ImageHeader(Unit.HOUNSFIELD, 200, 300), head(200, 300, 90, 100, 70))
    far = Image(ImageHeader(Unit.HOUNSFIELD, 260, 260), head(260, 260, 150, 160, 70))
    difference = network_input(near, recipe).pixels.astype(int) - network_input(far, recipe).pixels
    assert np.abs(difference).mean() < 4


def test_the_head_fills_the_input() -> None:
    image = Image(ImageHeader(Unit.HOUNSFIELD, 300, 300), head(300, 300, 200, 200, 60))
    lit = network_input(image, InputRecipe(100)).pixels > 20
    assert lit[:, 50].sum() >= 86
    assert lit[50].sum() >= 86


def test_the_window_is_the_recipes_and_not_the_files() -> None:
    pixels = np.full((64, 64), 40, dtype=np.float32)
    plain = Image(ImageHeader(Unit.HOUNSFIELD, 64, 64), pixels)
    windowed = Image(ImageHeader(Unit.HOUNSFIELD, 64, 64, window=Window(2800, 600)), pixels)
    recipe = InputRecipe(32, Window(80, 40), crop_to_head=False)
    assert (network_input(plain, recipe).pixels == 128).all()
    assert np.array_equal(
        network_input(windowed, recipe).pixels, network_input(plain, recipe).pixels
    )


def test_an_image_keeps_its_grey_values() -> None:
    grey = np.full((64, 64), 77, dtype=np.uint8)
    inputs = network_input(grey_image(grey), InputRecipe(32, Window(40, 10), False)).pixels
    assert (inputs == 77).all()
    assert inputs.dtype == np.uint8


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3000, 2), (7, 9)])
def test_odd_shapes_give_a_square(shape: tuple[int, int]) -> None:
    for fit in Fit:
        grey = np.full(shape, 200, dtype=np.uint8)
        assert network_input(grey_image(grey), InputRecipe(48, fit=fit)).pixels.shape == (48, 48)


@pytest.mark.parametrize("shape", [(200, 15_000), (24_000, 2_000), (100, 499_000)])
def test_the_longest_images_give_an_input_without_a_square_of_their_length(
    shape: tuple[int, int],
) -> None:
    grey = np.full(shape, 200, dtype=np.uint8)
    for fit in Fit:
        assert network_input(grey_image(grey), InputRecipe(48, fit=fit)).pixels.shape == (48, 48)


@pytest.mark.parametrize(("columns", "factor"), [(6000, 1), (6001, 2)])
def test_only_longer_images_are_reduced(columns: int, factor: int) -> None:
    grey = np.full((60, columns), 200, dtype=np.uint8)
    shown = to_recipe_pixels(grey_image(grey), InputRecipe(48, crop_to_head=False))
    assert shown.shape == (60 // factor, -(-columns // factor))


def test_the_box_of_a_reduced_image_counts_its_own_pixels() -> None:
    grey = np.full((200, 15_000), 200, dtype=np.uint8)
    left, top, right, bottom = network_input(
        grey_image(grey), InputRecipe(48, crop_to_head=False)
    ).box
    assert (left, right) == (0, 15_000)
    assert right - left == bottom - top
    assert abs((top + bottom) / 2 - 100) <= 3


def pixels_of(geometry: Geometry, shape: tuple[int, int], ratio: tuple[int, int]) -> Image:
    """A head of which only every ``ratio``-th row and column is there."""
    whole = head(400, 400, 200, 200, 150)
    return Image(
        ImageHeader(Unit.HOUNSFIELD, *shape, geometry=geometry),
        np.ascontiguousarray(whole[:: ratio[0], :: ratio[1]]),
    )


@pytest.mark.parametrize(
    ("geometry", "ratio"),
    [
        (Geometry(spacing=(0.5, 1.0)), (1, 2)),
        (Geometry(spacing=(1.0, 0.5)), (2, 1)),
        (Geometry(aspect=0.5), (1, 2)),
        (Geometry(aspect=2.0), (2, 1)),
    ],
)
def test_the_network_sees_true_proportions(geometry: Geometry, ratio: tuple[int, int]) -> None:
    shape = (400 // ratio[0], 400 // ratio[1])
    twin = pixels_of(Geometry(spacing=(0.5, 0.5)), (400, 400), (1, 1))
    seen = network_input(pixels_of(geometry, shape, ratio), InputRecipe(64))
    expected = network_input(twin, InputRecipe(64))
    assert np.abs(seen.pixels.astype(int) - expected.pixels).mean() < 3
    box = np.array(expected.box) / [ratio[1], ratio[0], ratio[1], ratio[0]]
    assert np.abs(np.array(seen.box) - box).max() <= 4


@pytest.mark.parametrize(("height", "same"), [(1.01, True), (1.011, False)])
def test_nearly_square_pixels_are_left_as_they_are(height: float, same: bool) -> None:
    plain = pixels_of(Geometry(), (400, 400), (1, 1))
    nearly = pixels_of(Geometry(spacing=(height, 1.0)), (400, 400), (1, 1))
    recipe = InputRecipe(64, crop_to_head=False)
    equal = np.array_equal(
        network_input(plain, recipe).pixels, network_input(nearly, recipe).pixels
    )
    assert equal is same


def test_stretching_stays_within_the_longest_side() -> None:
    grey = np.full((10, LONGEST), 200, dtype=np.uint8)
    image = Image(ImageHeader(Unit.GREY, 10, LONGEST, geometry=Geometry(aspect=0.25)), grey)
    seen = network_input(image, InputRecipe(48, crop_to_head=False))
    assert seen.pixels.shape == (48, 48)
    assert seen.box[2] == LONGEST


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"size": 15}, False),
        ({"size": 16}, True),
        ({"size": 1024}, True),
        ({"size": 1025}, False),
        ({"margin": -0.001}, False),
        ({"margin": 0.0}, True),
        ({"margin": 0.5}, True),
        ({"margin": 0.501}, False),
    ],
)
def test_a_recipe_ends_where_documented(change: dict[str, Any], fits: bool) -> None:
    if fits:
        InputRecipe(**change)
        return
    with pytest.raises(ValueError, match="is not between"):
        InputRecipe(**change)


def test_a_recipe_is_the_documented_one_unless_it_says_otherwise() -> None:
    assert InputRecipe() == InputRecipe(
        size=160,
        window=Window(80, 40),
        crop_to_head=True,
        margin=0.04,
        fit=Fit.PAD,
        channels=Channels.GREY,
        subject=Subject.HEAD_CT,
    )
