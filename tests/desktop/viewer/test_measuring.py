import math

import numpy as np
import pytest

from desktop.viewer.measuring import angle, distance, ellipse, value_at
from imaging.image import Geometry, Image, ImageHeader, Unit


def image(spacing: tuple[float, float] | None = None) -> Image:
    """Each pixel's value is ten times its row plus its column."""
    pixels = np.add.outer(10.0 * np.arange(10), np.arange(10)).astype(np.float32)
    return Image(ImageHeader(Unit.HOUNSFIELD, 10, 10, geometry=Geometry(spacing=spacing)), pixels)


@pytest.mark.parametrize(
    ("spacing", "expected"), [(None, 5.0), ((0.5, 0.5), 2.5), ((2.0, 1.0), math.sqrt(73))]
)
def test_distance(spacing: tuple[float, float] | None, expected: float) -> None:
    assert distance((1, 1), (4, 5), spacing) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("start", "end", "spacing", "expected"),
    [
        ((1, 0), (0, 1), None, 90.0),
        ((1, 0), (-1, 0), None, 180.0),
        ((1, 0), (3, 0), None, 0.0),
        ((1, 0), (1, 1), None, 45.0),
        ((1, 1), (1, 0), None, 45.0),
        ((1, 0), (1, 1), (2.0, 1.0), math.degrees(math.atan(2))),
    ],
)
def test_angle(
    start: tuple[float, float],
    end: tuple[float, float],
    spacing: tuple[float, float] | None,
    expected: float,
) -> None:
    assert angle(start, (0, 0), end, spacing) == pytest.approx(expected)


def test_an_arm_without_length_has_no_angle() -> None:
    assert angle((2, 2), (2, 2), (3, 3), None) is None


def test_ellipse_counts_the_pixels_whose_middle_is_inside() -> None:
    region = ellipse(image(), (3.2, 3.2), (5.8, 5.8))
    assert region is not None
    assert region.pixels == 5
    assert (region.mean, region.minimum, region.maximum) == (44.0, 34.0, 54.0)
    assert region.deviation == pytest.approx(math.sqrt((0 + 1 + 1 + 100 + 100) / 5))
    assert region.area == pytest.approx(math.pi * 1.3**2)


def test_ellipse_is_the_same_from_any_corner() -> None:
    assert ellipse(image(), (6, 3), (3, 6)) == ellipse(image(), (3, 3), (6, 6))


def test_area_in_square_millimetres() -> None:
    region = ellipse(image((0.5, 2.0)), (2, 2), (8, 6))
    assert region is not None
    assert region.area == pytest.approx(math.pi * 3 * 2 * 0.5 * 2.0)


def test_ellipse_over_the_edge_counts_what_is_there() -> None:
    region = ellipse(image(), (-2, -2), (2, 2))
    assert region is not None
    assert (region.pixels, region.minimum, region.maximum) == (3, 0.0, 10.0)


@pytest.mark.parametrize(
    ("corner", "opposite"), [((3, 3), (3, 8)), ((20, 20), (30, 30)), ((3.6, 3.6), (3.9, 3.9))]
)
def test_ellipse_without_pixels(corner: tuple[float, float], opposite: tuple[float, float]) -> None:
    assert ellipse(image(), corner, opposite) is None


@pytest.mark.parametrize(
    ("point", "value"),
    [
        ((0.0, 0.0), 0.0),
        ((9.99, 9.99), 99.0),
        ((10.0, 9.99), None),
        ((9.99, 10.0), None),
        ((-0.01, 0.5), None),
        ((3.0, 2.99), 23.0),
        ((2.99, 3.0), 32.0),
    ],
)
def test_value_under_a_point(point: tuple[float, float], value: float | None) -> None:
    assert value_at(image(), point) == value
