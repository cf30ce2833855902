import math

import numpy as np
import pytest

from desktop.engine.viewing import (
    Placement,
    digit_window,
    drag_step,
    drag_zoom,
    dragged,
    edge_letters,
    is_lossy,
    letters,
    pixel_shape,
    scale_bar,
    slice_position,
    value_at,
)
from imaging.errors import Code, Problem
from imaging.image import Geometry, Image, ImageHeader, Unit, Window

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def image(unit: Unit, window: Window | None = None) -> Image:
    pixels = np.array([[-1000, 0, 40], [80, 500, 1000]], dtype=np.float32)
    if unit is Unit.GREY:
        return Image(
            ImageHeader(unit, 2, 3, window=window), np.clip(pixels, 10, 200).astype(np.uint8)
        )
    return Image(ImageHeader(unit, 2, 3, window=window), pixels)


@pytest.mark.parametrize(
    ("spacing", "shape"),
    [
        (None, (1.0, 1.0)),
        ((0.5, 0.5), (1.0, 1.0)),
        ((1.0, 0.5), (1.0, 2.0)),
        ((0.4, 1.0), (2.5, 1.0)),
        ((0.0, 1.0), (1.0, 1.0)),
    ],
)
def test_pixels_keep_their_true_proportions(
    spacing: tuple[float, float] | None, shape: tuple[float, float]
) -> None:
    assert pixel_shape(spacing) == shape


@pytest.mark.parametrize(
    ("pixel", "zoom"), [((1.0, 1.0), 2.0), ((2.0, 1.0), 1.5), ((1.0, 2.0), 1.0)]
)
def test_fitted_shows_all_as_large_as_the_view_allows(
    pixel: tuple[float, float], zoom: float
) -> None:
    placement = Placement((100, 100), pixel, (300, 200)).fitted()
    assert placement.zoom == pytest.approx(zoom)
    assert placement.to_view((50, 50)) == (150, 100)


def test_points_go_to_the_view_and_back() -> None:
    placement = Placement((512, 256), (1.0, 2.5), (640, 480), zoom=1.7, centre=(100.0, 80.0))
    assert placement.to_view((100, 80)) == (320, 240)
    assert placement.to_view((101, 81)) == pytest.approx((321.7, 244.25))
    assert placement.to_picture(placement.to_view((7.5, 200.25))) == pytest.approx((7.5, 200.25))


def test_zoom_keeps_the_point_under_the_cursor() -> None:
    placement = Placement((512, 512), (1.0, 1.25), (800, 600)).fitted()
    cursor = (500.0, 350.0)
    zoomed = placement.zoomed(1.5, cursor)
    assert zoomed.zoom == pytest.approx(placement.zoom * 1.5)
    assert zoomed.to_picture(cursor) == pytest.approx(placement.to_picture(cursor))


def test_zoom_has_ends() -> None:
    placement = Placement((512, 512), (1.0, 1.0), (512, 512), zoom=1.0, centre=(256.0, 256.0))
    assert placement.zoomed(1e9).zoom == 80.0
    assert placement.zoomed(1e-9).zoom == 0.02


def test_pan_follows_the_hand_and_never_loses_the_picture() -> None:
    placement = Placement((100, 100), (1.0, 2.0), (400, 400), zoom=2.0, centre=(50.0, 50.0))
    moved = placement.panned(20, 40)
    assert moved.to_view((50, 50)) == pytest.approx((220, 240))
    assert placement.panned(1e6, -1e6).centre == (0.0, 100.0)


@pytest.mark.parametrize(
    ("right", "down", "brighter", "expected"),
    [
        (10, 0, True, Window(85, 40)),
        (-10, 0, True, Window(75, 40)),
        (0, 10, True, Window(80, 35)),
        (0, 10, False, Window(80, 45)),
        (-1000, 0, True, Window(1, 40)),
    ],
)
def test_window_drag(right: float, down: float, brighter: bool, expected: Window) -> None:
    assert dragged(Window(80, 40), right, down, 0.5, brighter) == expected


@pytest.mark.parametrize(("width", "step"), [(1, 0.25), (80, 0.3125), (2560, 8.0), (1e5, 8.0)])
def test_drag_is_as_fine_as_the_window(width: float, step: float) -> None:
    assert drag_step(Window(width, 0)) == step


def test_zoom_drag_up_undoes_the_drag_down() -> None:
    assert drag_zoom(100) > 1.0
    assert drag_zoom(100) * drag_zoom(-100) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("unit", "own", "key", "expected"),
    [
        (Unit.HOUNSFIELD, None, "0", Window(2000, 0)),
        (Unit.HOUNSFIELD, Window(85, 35), "1", Window(85, 35)),
        (Unit.HOUNSFIELD, None, "1", None),
        (Unit.HOUNSFIELD, None, "2", Window(80, 40)),
        (Unit.HOUNSFIELD, None, "8", None),
        (Unit.GREY, None, "0", Window(190, 105)),
        (Unit.GREY, None, "1", Window(255, 127.5)),
        (Unit.GREY, None, "2", None),
    ],
)
def test_digit_windows(unit: Unit, own: Window | None, key: str, expected: Window | None) -> None:
    assert digit_window(image(unit, own), key, {"2": Window(80, 40)}) == expected


@pytest.mark.parametrize(
    ("point", "value"),
    [((0.0, 0.0), -1000.0), ((2.99, 1.99), 1000.0), ((-0.01, 0.5), None), ((1.0, 2.0), None)],
)
def test_value_under_a_point(point: tuple[float, float], value: float | None) -> None:
    assert value_at(image(Unit.HOUNSFIELD), point) == value


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


@pytest.mark.parametrize(
    ("spacing", "zoom", "available", "millimetres"),
    [
        ((0.5, 0.5), 1.0, 210, 100),
        ((0.5, 0.5), 2.0, 210, 50),
        ((0.5, 1.0), 1.0, 90, 20),
        ((0.5, 0.5), 50.0, 100, 1),
        ((1.0, 1.0), 1.0, 1000, 1000),
    ],
)
def test_scale_bar_is_round_and_fits(
    spacing: tuple[float, float], zoom: float, available: float, millimetres: float
) -> None:
    bar = scale_bar(spacing, zoom, available)
    assert bar is not None
    assert bar[0] == pytest.approx(millimetres)
    assert bar[1] == pytest.approx(millimetres * zoom / min(spacing))
    assert bar[1] <= available * (1 + 1e-9)


def test_no_scale_bar_for_senseless_spacing() -> None:
    assert scale_bar((0.0, 0.5), 1.0, 100) is None
    assert scale_bar((0.5, 0.5), 1.0, 0) is None


def test_lossy_is_what_the_reader_warned_of() -> None:
    header = ImageHeader(Unit.GREY, 1, 1, warnings=(Problem(Code.COLOUR), Problem(Code.LOSSY)))
    assert is_lossy(header)
    assert not is_lossy(ImageHeader(Unit.GREY, 1, 1))


def test_zoom_drag_doubles_over_its_length() -> None:
    assert drag_zoom(200 * math.log(2)) == pytest.approx(2.0)
