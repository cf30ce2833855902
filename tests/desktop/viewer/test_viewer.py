import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from desktop.viewer.viewer import Viewer
from imaging.image import Image, Window
from tests.make.viewing import Button, colour_at, ct, drag, grey

# Opening, scrolling, series


@pytest.mark.parametrize(
    ("image", "window"),
    [
        (ct(), Window(80, 40)),
        (ct(own=Window(85, 35)), Window(85, 35)),
        (grey(), Window(255, 127.5)),
    ],
)
def test_series_opens_fitted_in_its_own_window(
    viewer: Viewer, image: Image, window: Window
) -> None:
    viewer.display.content.show(image, "1/9", "other")
    rows, columns = image.pixels.shape
    assert viewer.display.window == window
    assert viewer.display.placement.zoom == min(400 / columns, 300 / rows)
    assert viewer.display.placement.to_view((columns / 2, rows / 2)) == (200, 150)


def test_window_zoom_and_pan_stay_in_a_series(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.zoom(2.0)
    drag(viewer, Button.MiddleButton, 30, -20)
    before = viewer.display.placement
    viewer.display.content.show(ct(50.0, own=Window(85, 35)), "2/2")
    assert viewer.display.window == Window(200, 80)
    assert viewer.display.placement == before


def test_new_series_begins_anew(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.invert()
    viewer.display.zoom(2.0)
    viewer.display.content.show(ct(own=Window(85, 35)), "1/2", "other")
    assert viewer.display.window == Window(85, 35)
    assert viewer.display.placement.zoom == 3.0
    assert not viewer.display.inverted


def test_another_unit_never_inherits_a_window(viewer: Viewer) -> None:
    viewer.display.content.show(grey(), "2/2")
    assert viewer.display.window == Window(255, 127.5)


def test_fitted_stays_fitted_when_the_view_grows(viewer: Viewer) -> None:
    viewer.resize(400, 200)
    assert viewer.display.placement.zoom == 2.0
    viewer.display.zoom(2.0)
    viewer.resize(400, 300)
    assert viewer.display.placement.zoom == 4.0


def test_anisotropic_pixels_are_shown_in_true_proportions(viewer: Viewer) -> None:
    viewer.display.content.show(ct(spacing=(1.0, 0.5)), "1/1", "other")
    left, top = viewer.display.placement.to_view((0, 0))
    right, bottom = viewer.display.placement.to_view((100, 100))
    assert (right - left, bottom - top) == (150, 300)


def test_series_goes_on_after_an_image_that_could_not_be_read(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.content.clear()
    viewer.display.content.show(ct(), "3/3")
    assert viewer.display.window == Window(200, 80)


# The image


@pytest.mark.parametrize(
    ("window", "expected"),
    [(Window(80, 40), 128), (Window(80, 0), 255), (Window(80, 80), 0), (Window(160, 40), 128)],
)
def test_pixels_are_drawn_in_the_window(viewer: Viewer, window: Window, expected: int) -> None:
    viewer.display.set_window(window)
    assert colour_at(viewer, (50, 50)) == QColor(expected, expected, expected)


def test_inverted_swaps_black_and_white(viewer: Viewer) -> None:
    viewer.display.invert()
    assert colour_at(viewer, (25, 30)) == QColor(127, 127, 127)
    assert colour_at(viewer, (5, 30)) == QColor(255, 255, 255)


def test_around_the_image_is_black_in_any_palette(viewer: Viewer) -> None:
    viewer.setStyleSheet("background: white")
    assert colour_at(viewer, (-10, 30)) == QColor(0, 0, 0)
    viewer.display.content.clear()
    assert viewer.grab().toImage().pixelColor(200, 150) == QColor(0, 0, 0)


def test_window_on_screen_does_not_touch_the_image(viewer: Viewer) -> None:
    image = ct()
    before = np.array(image.pixels)
    viewer.display.content.show(image, "1/2")
    drag(viewer, Button.LeftButton, 40, 40)
    viewer.grab()
    np.testing.assert_array_equal(image.pixels, before)


def test_a_viewer_on_a_hidden_page_tells_what_it_shows_when_the_page_is_shown(
    qtbot: QtBot, content: Content
) -> None:
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    viewers = [Viewer(content, ViewerOptions()) for _ in range(2)]
    for viewer in viewers:
        pages.addWidget(viewer)
    pages.show()
    content.show(ct(), "3/3")
    assert "3/3" in viewers[0].accessibleDescription()
    assert viewers[1].accessibleDescription() == "No image"
    pages.setCurrentWidget(viewers[1])
    assert "3/3" in viewers[1].accessibleDescription()
