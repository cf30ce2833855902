import numpy as np
import pytest

from desktop.viewer.heat_colours import STEPS, coloured, coloured_inside


def test_hottest_cell_is_orange_and_opaque_and_the_rest_clear() -> None:
    heat_map = np.zeros((5, 5), dtype=np.float32)
    heat_map[1, 3] = 0.02
    colours = coloured(heat_map)
    assert colours.shape == (5 * STEPS, 5 * STEPS, 4)
    brightest = int(np.argmax(colours.sum(axis=-1)))
    row, column = divmod(brightest, 5 * STEPS)
    assert (row // STEPS, column // STEPS) == (1, 3)
    assert colours[row, column] == pytest.approx([255, 145, 20, 255], abs=3)
    assert colours[3 * STEPS :, : 2 * STEPS, 3].max() == 0


def test_half_clear_over_grey_no_colour_is_olive() -> None:
    colours = coloured(np.linspace(0, 1, 40, dtype=np.float32).reshape(1, 40))[0, :, :3]
    for grey in (40, 80, 120):
        red, green, blue = (0.5 * colours + 0.5 * grey).T
        assert (red - green > 0.4 * (red - blue)).all()


def test_opacity_grows_with_heat() -> None:
    alpha = coloured(np.linspace(0, 1, 6, dtype=np.float32).reshape(1, 6))[0, :, 3].astype(int)
    assert (np.diff(alpha) >= 0).all()
    assert (alpha[0], alpha[-1]) == (0, 255)


@pytest.mark.parametrize("value", [0.0, -3.0, np.nan, np.inf])
def test_nothing_above_zero_is_clear(value: float) -> None:
    assert not coloured(np.full((3, 3), value, dtype=np.float32)).any()


def test_one_cell_is_even() -> None:
    colours = coloured(np.ones((1, 1), dtype=np.float32))
    assert (colours == colours[0, 0]).all()


def test_outside_of_the_mask_it_is_clear() -> None:
    inside = np.zeros((16, 16), dtype=np.bool_)
    inside[:, :6] = True
    heat_map = np.ones((4, 4), dtype=np.float32)
    alpha = coloured_inside(heat_map, inside)[..., 3]
    edge = 6 * 4 * STEPS // 16
    assert (alpha[:, :edge] == 255).all()
    assert not alpha[:, edge:].any()


def test_cells_wholly_outside_do_not_set_the_scale() -> None:
    inside = np.zeros((16, 16), dtype=np.bool_)
    inside[:, :9] = True
    heat_map = np.zeros((4, 4), dtype=np.float32)
    heat_map[0, 0], heat_map[3, 3] = 0.1, 5.0
    colours = coloured_inside(heat_map, inside)
    assert colours[0, 0].tolist() == [255, 145, 20, 255]
    heat_map[3, 2] = 0.2  # one column of its pixels lies inside
    assert coloured_inside(heat_map, inside)[0, 0].tolist() != [255, 145, 20, 255]
