import pytest

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from desktop.viewer.viewer import Viewer
from imaging.image import Window
from tests.make.viewing import ct, grey


@pytest.mark.parametrize(
    ("digit", "window"),
    [
        ("0", Window(1040, -480)),
        ("2", Window(80, 40)),
        ("3", Window(200, 80)),
        ("4", Window(40, 40)),
        ("5", Window(2800, 600)),
        ("6", Window(375, 40)),
        ("7", Window(120, 40)),
    ],
)
def test_digits_are_windows(viewer: Viewer, digit: str, window: Window) -> None:
    viewer.display.set_window(Window(1, 1))
    viewer.display.apply_digit(digit)
    assert viewer.display.window == window


def test_one_is_the_files_own_window(viewer: Viewer, content: Content) -> None:
    content.show(ct(own=Window(85, 35)), "1/2", "other")
    viewer.display.apply_digit("5")
    viewer.display.apply_digit("1")
    assert viewer.display.window == Window(85, 35)


def test_own_windows_on_eight_and_nine(viewer: Viewer, options: ViewerOptions) -> None:
    options.own_windows = {"8": Window(100, 60)}
    viewer.display.apply_digit("8")
    assert viewer.display.window == Window(100, 60)
    assert "W 100 L 60 (My window)" in viewer.accessibleDescription()
    viewer.display.apply_digit("9")
    assert viewer.display.window == Window(100, 60)
    assert "No window on key 9" in viewer.accessibleDescription()


@pytest.mark.parametrize("digit", "23456789")
def test_hounsfield_windows_leave_a_grey_image_and_say_so(
    viewer: Viewer, content: Content, digit: str
) -> None:
    content.show(grey(), "1/1", "images")
    viewer.display.apply_digit(digit)
    assert viewer.display.window == Window(255, 127.5)
    assert "windows in HU do not apply" in viewer.accessibleDescription()


def test_full_range_of_a_grey_image(viewer: Viewer, content: Content) -> None:
    content.show(grey(100), "1/1", "images")
    viewer.display.apply_digit("2")
    viewer.display.apply_digit("0")
    assert viewer.display.window == Window(1, 100)
    assert "do not apply" not in viewer.accessibleDescription()


def test_fit_keeps_the_window_and_reset_does_not(viewer: Viewer) -> None:
    viewer.display.set_window(Window(200, 80))
    viewer.display.invert()
    viewer.display.zoom(2)
    viewer.display.fit()
    assert (viewer.display.placement.zoom, viewer.display.window) == (3.0, Window(200, 80))
    assert viewer.display.inverted
    viewer.display.reset()
    assert viewer.display.window == Window(80, 40)
    assert not viewer.display.inverted


def test_nothing_on_screen_survives_every_wish(empty: Viewer) -> None:
    for digit in "0123456789":
        empty.display.apply_digit(digit)
    empty.display.zoom(2)
    empty.display.fit()
    empty.display.reset()
    empty.display.invert()
    empty.grab()
    assert empty.accessibleDescription() == "No image"


def test_what_is_reset_while_an_image_is_read_opens_in_its_own_window(
    viewer: Viewer, content: Content
) -> None:
    content.show(ct(), "1/2", "series")
    opened = viewer.display.window
    viewer.display.apply_digit("5")
    content.clear()
    viewer.display.reset()
    content.show(ct(), "2/2", "series")
    assert viewer.display.window == opened


def test_window_and_zoom_stay_where_an_image_of_the_series_comes_late(
    viewer: Viewer, content: Content
) -> None:
    content.show(ct(), "1/2", "series")
    viewer.display.apply_digit("5")
    viewer.display.zoom(2.0)
    before = viewer.display.window, viewer.display.placement.zoom
    content.clear()
    content.show(ct(), "2/2", "series")
    assert (viewer.display.window, viewer.display.placement.zoom) == before
