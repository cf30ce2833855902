import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop.viewer.overlay import Overlay
from desktop.viewer.viewer import Viewer
from imaging.image import Window
from imaging.input.recipe import Fit, InputRecipe, network_box, to_network_input
from tests.make.viewing import colour_at, ct, grey

RECIPE = InputRecipe(size=64)


@pytest.fixture
def viewer(qtbot: QtBot) -> Viewer:
    """A viewer of 400 by 300 with a CT slice in the brain window, at zoom 3."""
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.set_recipe(RECIPE)
    made.show_image(ct(), "1/2")
    made.display.overlay = Overlay.NONE
    return made


def hot(row: int, column: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    heat_map = np.zeros((4, 4), dtype=np.float32)
    heat_map[row, column] = 1.0
    return heat_map


def is_coloured(colour: QColor) -> bool:
    return max(colour.red(), colour.green(), colour.blue()) > 8 + min(
        colour.red(), colour.green(), colour.blue()
    )


def test_heat_map_is_off_at_the_start(viewer: Viewer) -> None:
    viewer.set_heat_map(np.ones((4, 4), dtype=np.float32))
    assert not is_coloured(colour_at(viewer, (50, 50)))
    assert viewer.captions() == []


@pytest.mark.parametrize("recipe", [RECIPE, InputRecipe(64, crop_to_head=False, fit=Fit.PAD)])
@pytest.mark.parametrize(("row", "column"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_heat_lies_where_the_network_looked(
    viewer: Viewer, recipe: InputRecipe, row: int, column: int
) -> None:
    viewer.set_recipe(recipe)
    viewer.set_heat_map(hot(row, column))
    viewer.set_heat_map_shown(True)
    left, top, right, bottom = network_box(ct(), recipe)
    assert (right - left) in (86, 100)
    for cell_row in (1, 2):
        for cell_column in (1, 2):
            x = left + (cell_column + 0.5) / 4 * (right - left)
            y = top + (cell_row + 0.5) / 4 * (bottom - top)
            expected = (cell_row, cell_column) == (row, column)
            assert is_coloured(colour_at(viewer, (x, y))) is expected


def test_heat_map_stays_in_place_when_zoomed_and_panned(viewer: Viewer) -> None:
    viewer.set_heat_map(hot(1, 1))
    viewer.set_heat_map_shown(True)
    before = colour_at(viewer, (39.3, 39.2))
    viewer.put(viewer.display.placement.zoomed(1.5).panned(20, 10))
    after = colour_at(viewer, (39.3, 39.2))
    assert is_coloured(before)
    assert abs(before.red() - after.red()) <= 3


def test_opacity(viewer: Viewer) -> None:
    viewer.set_heat_map(np.ones((4, 4), dtype=np.float32))
    viewer.set_heat_map_shown(True)
    viewer.set_heat_map_opacity(1.0)
    assert colour_at(viewer, (50, 50)) == QColor(252, 250, 160)
    viewer.set_heat_map_opacity(0.0)
    assert colour_at(viewer, (50, 50)) == QColor(128, 128, 128)


@pytest.mark.parametrize("overlay", list(Overlay))
def test_caption_is_there_whatever_the_overlay(viewer: Viewer, overlay: Overlay) -> None:
    viewer.display.overlay = overlay
    viewer.set_heat_map(hot(1, 1))
    viewer.set_heat_map_shown(True)
    [caption] = viewer.captions()
    assert caption.startswith("Heat map: what drove the number, not the outline of a lesion")
    viewer.set_heat_map(np.zeros((4, 4), dtype=np.float32))
    assert viewer.captions() == ["Heat map: nothing here drove the number up"]


def test_next_scan_does_not_keep_the_last_ones_map(viewer: Viewer) -> None:
    viewer.set_heat_map(np.ones((4, 4), dtype=np.float32))
    viewer.set_heat_map_shown(True)
    viewer.show_image(ct(), "2/2")
    assert viewer.display.heat_shown
    assert viewer.captions() == []
    assert not is_coloured(colour_at(viewer, (50, 50)))


def test_switch_tells_once(viewer: Viewer) -> None:
    told: list[bool] = []
    viewer.heat_map_toggled.connect(told.append)
    viewer.toggle_heat_map()
    viewer.set_heat_map_shown(True)
    viewer.toggle_heat_map()
    assert told == [True, False]


def test_map_that_comes_after_its_scan_or_recipe_went_is_dropped(viewer: Viewer) -> None:
    viewer.set_heat_map_shown(True)
    viewer.clear()
    viewer.set_heat_map(hot(1, 1))
    viewer.show_image(ct(), "2/2")
    assert viewer.captions() == []
    viewer.set_recipe(None)
    viewer.set_heat_map(hot(1, 1))
    viewer.set_recipe(RECIPE)
    assert viewer.captions() == []


def test_network_view_shows_the_input_where_it_was_taken(viewer: Viewer) -> None:
    viewer.set_window(Window(2800, 600))
    viewer.set_network_view_shown(True)
    seen = to_network_input(ct(), RECIPE)
    left, top, right, bottom = network_box(ct(), RECIPE)
    point = (left + 32.5 / 64 * (right - left), top + 20.5 / 64 * (bottom - top))
    expected = int(seen[20, 32])
    assert expected == 128
    assert colour_at(viewer, point) == QColor(expected, expected, expected)
    assert viewer.captions() == ["As the network saw it: 64 × 64, W 80 L 40"]


def test_window_on_screen_never_reaches_the_network_view(viewer: Viewer) -> None:
    viewer.set_network_view_shown(True)
    before = colour_at(viewer, (50, 50))
    viewer.set_window(Window(10, 500))
    assert colour_at(viewer, (50, 50)) == before


def test_value_in_the_network_view_is_grey(viewer: Viewer) -> None:
    viewer.display.overlay = Overlay.ALL
    viewer.set_network_view_shown(True)
    viewer.display.cursor = viewer.display.placement.to_view((50.5, 50.5))
    viewer.refresh()
    assert "x 50 y 50: grey 128" in viewer.accessibleDescription()
    assert "HU" not in viewer.accessibleDescription()


def test_grey_pictures_reach_the_network_unwindowed(viewer: Viewer) -> None:
    viewer.show_image(grey(100), "1/1", "pictures")
    viewer.set_network_view_shown(True)
    assert colour_at(viewer, (50, 25)) == QColor(100, 100, 100)
    assert viewer.captions() == ["As the network saw it: 64 × 64"]
