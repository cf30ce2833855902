import math

import pytest

from desktop.viewer.placement import Placement, drag_zoom, pixel_shape, scale_bar


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
    assert placement.to_image(placement.to_view((7.5, 200.25))) == pytest.approx((7.5, 200.25))


def test_zoom_keeps_the_point_under_the_cursor() -> None:
    placement = Placement((512, 512), (1.0, 1.25), (800, 600)).fitted()
    cursor = (500.0, 350.0)
    zoomed = placement.zoomed(1.5, cursor)
    assert zoomed.zoom == pytest.approx(placement.zoom * 1.5)
    assert zoomed.to_image(cursor) == pytest.approx(placement.to_image(cursor))


def test_zoom_has_ends() -> None:
    placement = Placement((512, 512), (1.0, 1.0), (512, 512), zoom=1.0, centre=(256.0, 256.0))
    assert placement.zoomed(79.9).zoom == 79.9
    assert placement.zoomed(80.1).zoom == 80.0
    assert placement.zoomed(0.021).zoom == 0.021
    assert placement.zoomed(0.019).zoom == 0.02


def test_pan_follows_the_hand_and_never_loses_the_image() -> None:
    placement = Placement((100, 100), (1.0, 2.0), (400, 400), zoom=2.0, centre=(50.0, 50.0))
    moved = placement.panned(20, 40)
    assert moved.to_view((50, 50)) == pytest.approx((220, 240))
    assert placement.panned(1e6, -1e6).centre == (0.0, 100.0)


def test_zoom_drag_up_undoes_the_drag_down() -> None:
    assert drag_zoom(100) > 1.0
    assert drag_zoom(100) * drag_zoom(-100) == pytest.approx(1.0)


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


def test_zoom_drag_doubles_over_its_length() -> None:
    assert drag_zoom(200 * math.log(2)) == pytest.approx(2.0)
