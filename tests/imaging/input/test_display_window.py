"""Image files in windows in which no blood is told from brain."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.errors import Code, Problem
from imaging.image import Image, ImageHeader, Unit, Window
from imaging.input.display_window import (
    LEAST_BODY,
    LEAST_SPREAD,
    LEAST_WHITE,
    MOST_OF_BRAIN,
    WHITE,
    Display,
    wide_window,
)
from imaging.messages import Message
from imaging.reduction import reduce
from imaging.samples.phantom import Bleed, Head
from imaging.window import to_grey

WIDE = Problem(Code.NOT_ASSESSABLE, Message(Display.WIDE_WINDOW))


def shown(units: NDArray[np.float32], width: float, level: float) -> NDArray[np.uint8]:
    """The slice as an image file of it would be, reduced."""
    rows, columns = units.shape
    image = Image(ImageHeader(Unit.HOUNSFIELD, rows, columns), units)
    return reduce(to_grey(image, Window(width, level)), 96)


@pytest.mark.parametrize("bleed", list(Bleed))
@pytest.mark.parametrize("height", [0.2, 0.5, 0.7])
def test_windows_for_bone_are_not_assessed(bleed: Bleed, height: float) -> None:
    units = Head(3, bleed).slice_at(height)
    for width, level in ((1000, 200), (1500, 300), (2000, 300), (2800, 600), (4095, 1000)):
        assert wide_window(shown(units, width, level)) == WIDE
    for width, level in ((40, 40), (80, 40), (120, 40), (200, 80)):
        assert wide_window(shown(units, width, level)) is None


def drawn(
    spread: float, white: float = 1.0, skull: bool = True, side: int = 56
) -> NDArray[np.uint8]:
    """A square head of 96 by 96 pixels: a wall around greys of a known spread."""
    grey = np.zeros((96, 96), np.uint8)
    grey[:side, :side] = 255 if skull else 100
    inside = grey[8 : side - 8, 8 : side - 8]
    inside[:] = 100
    inside[:, : inside.shape[1] // 2] = 100 + spread
    if not skull:
        count = round(white * side * side)
        flat = np.full(side * side, 100, np.uint8)
        flat[:count] = WHITE
        grey[:side, :side] = flat.reshape(side, side)
    return grey


@pytest.mark.parametrize(("spread", "wide"), [(7, True), (8, False)])
def test_the_brain_has_so_many_greys(spread: float, wide: bool) -> None:
    assert LEAST_SPREAD == 8
    assert wide_window(drawn(spread)) == (WIDE if wide else None)


@pytest.mark.parametrize(("white", "wide"), [(0.0045, True), (0.0055, False)])
def test_without_a_skull_around_it_so_much_is_white(white: float, wide: bool) -> None:
    assert LEAST_WHITE == 0.005
    assert wide_window(drawn(0, white, skull=False)) == (WIDE if wide else None)


@pytest.mark.parametrize(("side", "examined"), [(37, True), (36, False)])
def test_a_body_is_examined_from_a_size_on(side: int, examined: bool) -> None:
    assert 36 * 36 < LEAST_BODY * 96 * 96 <= 38 * 38
    assert (wide_window(drawn(0, 0, skull=False, side=side + examined)) is not None) is examined


def test_an_empty_image_shows_nothing_to_tell_by() -> None:
    assert wide_window(np.zeros((96, 96), np.uint8)) is None


@pytest.mark.parametrize(("columns", "examined"), [(40, True), (39, False)])
def test_a_body_of_the_documented_share_is_examined(columns: int, examined: bool) -> None:
    """24 rows in 80 by 80 pixels, without anything white."""
    grey = np.zeros((80, 80), np.uint8)
    grey[:24, :columns] = 100
    assert wide_window(grey) == (WIDE if examined else None)


@pytest.mark.parametrize(("white", "wide"), [(7, True), (8, False)])
def test_the_least_that_is_white_is_enough(white: int, wide: bool) -> None:
    assert wide_window(drawn(0, white / 1600, skull=False, side=40)) == (WIDE if wide else None)


@pytest.mark.parametrize(("wall", "wide"), [(8, True), (9, False)])
def test_a_skull_that_encloses_little_is_not_examined(wall: int, wide: bool) -> None:
    """600 of 2,000 pixels, beside those along the bone, are enough."""
    assert MOST_OF_BRAIN == 0.3
    grey = np.zeros((96, 96), np.uint8)
    grey[:40, :50] = 255
    grey[wall : 40 - wall, wall : 50 - wall] = 100
    assert wide_window(grey) == (WIDE if wide else None)
