import math

import pytest

from desktop.viewer.orientation import edge_letters, letters, slice_position
from imaging.image import Geometry

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ((1, 0, 0), "L"),
        ((-1, 0, 0), "R"),
        ((0, 1, 0), "P"),
        ((0, -1, 0), "A"),
        ((0, 0, 1), "H"),
        ((0, 0, -1), "F"),
        ((0, 0.948, -0.317), "P"),
        ((0.6, -0.8, 0), "AL"),
        ((0, 0, 0), ""),
        ((math.cos(math.radians(22.4)), math.sin(math.radians(22.4)), 0), "L"),
        ((math.cos(math.radians(22.6)), math.sin(math.radians(22.6)), 0), "LP"),
    ],
)
def test_letters_of_a_direction(direction: tuple[float, float, float], expected: str) -> None:
    assert letters(direction) == expected


def test_axial_slice_has_the_patients_right_on_the_left() -> None:
    assert edge_letters(Geometry(orientation=AXIAL)) == ("R", "A", "L", "P")


def test_no_orientation_no_letters() -> None:
    assert edge_letters(Geometry()) == ("", "", "", "")


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (AXIAL, 61.5),
        (None, 61.5),
        ((0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 125.0),
    ],
)
def test_position_along_the_normal(
    orientation: tuple[float, float, float, float, float, float] | None, expected: float
) -> None:
    geometry = Geometry(position=(-125.0, -120.0, 61.5), orientation=orientation)
    assert slice_position(geometry) == pytest.approx(expected)


def test_no_position() -> None:
    assert slice_position(Geometry(orientation=AXIAL)) is None
