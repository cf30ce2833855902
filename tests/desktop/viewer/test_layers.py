import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from desktop.viewer.captions import captions
from desktop.viewer.content import Content
from desktop.viewer.layers import WindowedImage
from desktop.viewer.options import Overlay, ViewerOptions
from desktop.viewer.viewer import Viewer
from imaging.image import Image, ImageHeader, Unit, Window
from imaging.input.recipe import Fit, InputRecipe, Subject, network_input
from tests.make.viewing import colour_at, ct, grey

RECIPE = InputRecipe(size=64)


@pytest.fixture
def viewer(empty: Viewer, content: Content, options: ViewerOptions) -> Viewer:
    """A viewer of 400 by 300 with a CT slice in the brain window, at zoom 3, without text."""
    content.set_recipe(RECIPE)
    content.show(ct(), "1/2")
    options.overlay = Overlay.NONE
    return empty


def told(viewer: Viewer) -> list[str]:
    """The captions below the image."""
    return captions(viewer.display.content, viewer.display.options, heat_map_awaited=False)


def hot(row: int, column: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    heat_map = np.zeros((4, 4), dtype=np.float32)
    heat_map[row, column] = 1.0
    return heat_map


def is_coloured(colour: QColor) -> bool:
    return max(colour.red(), colour.green(), colour.blue()) > 8 + min(
        colour.red(), colour.green(), colour.blue()
    )


def test_heat_map_is_off_at_the_start(viewer: Viewer) -> None:
    viewer.display.content.set_heat_map(np.ones((4, 4), dtype=np.float32))
    assert not is_coloured(colour_at(viewer, (50, 50)))
    assert told(viewer) == []


@pytest.mark.parametrize("recipe", [RECIPE, InputRecipe(64, crop_to_head=False, fit=Fit.PAD)])
@pytest.mark.parametrize(("row", "column"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_heat_lies_where_the_network_looked(
    viewer: Viewer, recipe: InputRecipe, row: int, column: int
) -> None:
    viewer.display.content.set_recipe(recipe)
    viewer.display.content.set_heat_map(hot(row, column))
    viewer.display.options.heat_map_shown = True
    left, top, right, bottom = network_input(ct(), recipe).box
    assert (right - left) in (86, 100)
    for cell_row in (1, 2):
        for cell_column in (1, 2):
            x = left + (cell_column + 0.5) / 4 * (right - left)
            y = top + (cell_row + 0.5) / 4 * (bottom - top)
            expected = (cell_row, cell_column) == (row, column)
            assert is_coloured(colour_at(viewer, (x, y))) is expected


@pytest.mark.parametrize("subject", list(Subject))
def test_no_heat_is_drawn_over_the_air_around_a_head(viewer: Viewer, subject: Subject) -> None:
    recipe = InputRecipe(64, crop_to_head=False, subject=subject)
    viewer.display.content.set_recipe(recipe)
    viewer.display.content.set_heat_map(np.ones((4, 4), dtype=np.float32))
    viewer.display.options.heat_map_shown = True
    assert is_coloured(colour_at(viewer, (22, 50)))
    beside = is_coloured(colour_at(viewer, (17, 50)))
    assert beside is (subject is Subject.OTHER)


def test_heat_map_stays_in_place_when_zoomed_and_panned(viewer: Viewer) -> None:
    viewer.display.content.set_heat_map(hot(1, 1))
    viewer.display.options.heat_map_shown = True
    before = colour_at(viewer, (39.3, 39.2))
    viewer.display.put(viewer.display.placement.zoomed(1.5).panned(20, 10))
    after = colour_at(viewer, (39.3, 39.2))
    assert is_coloured(before)
    assert abs(before.red() - after.red()) <= 3


def test_opacity(viewer: Viewer) -> None:
    viewer.display.content.set_heat_map(np.ones((4, 4), dtype=np.float32))
    viewer.display.options.heat_map_shown = True
    viewer.display.options.heat_map_opacity = 1.0
    assert colour_at(viewer, (50, 50)) == QColor(255, 145, 20)
    viewer.display.options.heat_map_opacity = 0.0
    assert colour_at(viewer, (50, 50)) == QColor(128, 128, 128)


def test_next_image_does_not_keep_the_last_ones_map(viewer: Viewer) -> None:
    viewer.display.content.set_heat_map(np.ones((4, 4), dtype=np.float32))
    viewer.display.options.heat_map_shown = True
    viewer.display.content.show(ct(), "2/2")
    assert viewer.display.options.heat_map_shown
    assert told(viewer) == []
    assert not is_coloured(colour_at(viewer, (50, 50)))


def test_map_that_comes_after_its_image_or_recipe_went_is_dropped(viewer: Viewer) -> None:
    viewer.display.options.heat_map_shown = True
    viewer.display.content.clear()
    viewer.display.content.set_heat_map(hot(1, 1))
    viewer.display.content.show(ct(), "2/2")
    assert told(viewer) == []
    viewer.display.content.set_recipe(None)
    viewer.display.content.set_heat_map(hot(1, 1))
    viewer.display.content.set_recipe(RECIPE)
    assert told(viewer) == []


def test_network_view_shows_the_input_where_it_was_taken(viewer: Viewer) -> None:
    viewer.display.set_window(Window(2800, 600))
    viewer.display.options.model_input_shown = True
    seen = network_input(ct(), RECIPE).pixels
    left, top, right, bottom = network_input(ct(), RECIPE).box
    point = (left + 32.5 / 64 * (right - left), top + 20.5 / 64 * (bottom - top))
    expected = int(seen[20, 32])
    assert expected == 128
    assert colour_at(viewer, point) == QColor(expected, expected, expected)
    assert told(viewer) == ["Model input: 64 × 64, W 80 L 40"]


def test_window_on_screen_never_reaches_the_network_view(viewer: Viewer) -> None:
    viewer.display.options.model_input_shown = True
    before = colour_at(viewer, (50, 50))
    viewer.display.set_window(Window(10, 500))
    assert colour_at(viewer, (50, 50)) == before


def test_value_in_the_network_view_is_grey(viewer: Viewer) -> None:
    viewer.display.options.overlay = Overlay.ALL
    viewer.display.options.model_input_shown = True
    viewer.display.set_cursor(viewer.display.placement.to_view((50.5, 50.5)))
    assert "x 50 y 50: grey 128" in viewer.accessibleDescription()
    assert "HU" not in viewer.accessibleDescription()


def test_grey_images_reach_the_network_unwindowed(viewer: Viewer) -> None:
    viewer.display.content.show(grey(100), "1/1", "images")
    viewer.display.options.model_input_shown = True
    assert colour_at(viewer, (50, 25)) == QColor(100, 100, 100)
    assert told(viewer) == ["Model input: 64 × 64"]


@pytest.mark.parametrize("low_is_white", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_what_the_file_wants_white_is_white_until_the_reader_inverts(
    qapp: QApplication, low_is_white: bool, inverted: bool
) -> None:
    header = ImageHeader(Unit.HOUNSFIELD, 4, 4, inverted=low_is_white)
    image = Image(header, np.zeros((4, 4), dtype=np.float32))
    shown = WindowedImage(image).qimage(Window(100, 100), inverted)
    assert (shown.pixelColor(0, 0).red() == 255) is (low_is_white != inverted)
