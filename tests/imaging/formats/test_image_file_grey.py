"""Tests for imaging.formats.image_file_grey: brightness is kept, and what is lost is said."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PilImage

from imaging.details import Detail
from imaging.errors import Code, ImageError, Problem
from imaging.formats.image_file_grey import COLOUR_TOLERANCE, luma, to_grey_levels, wide_to_grey
from imaging.messages import Message


def no_window(high: float) -> tuple[Problem, ...]:
    return (Problem(Code.REDUCED_DEPTH, Message(Detail.NO_WINDOW, low=0, high=high)),)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [(1, 255), (255, 255), (256, 4095), (4095, 4095), (4096, 65535), (65535, 65535)],
)
def test_integers_keep_the_brightness_of_the_depth_that_holds_them(
    highest: int, scale: int
) -> None:
    grey, warnings = wide_to_grey(np.array([[0, highest]], dtype=np.uint32))
    assert grey.tolist() == [[0, round(highest * 255 / scale)]]
    assert warnings == no_window(scale)


@pytest.mark.parametrize(("highest", "scale"), [(0.5, 1), (1.0, 1), (1.001, 255), (255.5, 4095)])
def test_floats_up_to_one_are_shares(highest: float, scale: int) -> None:
    grey, warnings = wide_to_grey(np.array([[0.0, highest]]))
    assert grey.tolist() == [[0, round(highest * 255 / scale)]]
    assert warnings == no_window(scale)


@pytest.mark.parametrize("odd", [-1.0, 65536.0, np.nan, np.inf])
def test_values_whose_scale_is_not_known_are_refused(odd: float) -> None:
    with pytest.raises(ImageError) as refused:
        wide_to_grey(np.array([[0.0, odd]]))
    assert refused.value.problem.code is Code.UNSUPPORTED_PIXELS


def test_white_is_zero_turns_the_greys() -> None:
    grey, _ = wide_to_grey(np.array([[0, 65535]], dtype=np.uint16), inverted=True)
    assert grey.tolist() == [[255, 0]]


@pytest.mark.parametrize("more", [0, 1])
def test_a_tint_beyond_the_noise_of_jpeg_is_colour(more: int) -> None:
    assert COLOUR_TOLERANCE == 16
    tinted = PilImage.new("RGB", (2, 2), (100 + COLOUR_TOLERANCE + more, 100, 100))
    _, warnings = luma(tinted)
    assert warnings == ((Problem(Code.COLOUR),) if more else ())


@pytest.mark.parametrize("alpha", [254, 255])
def test_what_is_not_wholly_opaque_lies_over_black_and_is_told(alpha: int) -> None:
    image = PilImage.new("LA", (2, 2), (200, 255))
    image.putpixel((0, 0), (200, alpha))
    grey, warnings = to_grey_levels(image, 8)
    assert grey[0, 0] == (200 if alpha == 255 else 199)
    assert warnings == (() if alpha == 255 else (Problem(Code.ALPHA),))


@pytest.mark.parametrize("bits", [8, 9])
def test_a_depth_that_loading_has_reduced_is_told(bits: int) -> None:
    _, warnings = to_grey_levels(PilImage.new("L", (2, 2), 7), bits)
    told = Problem(Code.REDUCED_DEPTH, Message(Detail.BITS, bits=bits))
    assert warnings == (() if bits == 8 else (told,))


def test_a_format_without_a_known_scale_is_refused_by_its_name() -> None:
    with pytest.raises(ImageError) as refused:
        to_grey_levels(PilImage.new("LAB", (2, 2)), 8)
    assert refused.value.problem.detail == Message(Detail.PIXEL_FORMAT, mode="LAB")
