import numpy as np
import pytest

from desktop.viewer.windowing import digit_window, drag_step, dragged
from imaging.image import Image, ImageHeader, Unit, Window


def image(unit: Unit, window: Window | None = None) -> Image:
    pixels = np.array([[-1000, 0, 40], [80, 500, 1000]], dtype=np.float32)
    if unit is Unit.GREY:
        return Image(
            ImageHeader(unit, 2, 3, window=window), np.clip(pixels, 10, 200).astype(np.uint8)
        )
    return Image(ImageHeader(unit, 2, 3, window=window), pixels)


@pytest.mark.parametrize(
    ("right", "down", "brighter", "expected"),
    [
        (10, 0, True, Window(85, 40)),
        (-10, 0, True, Window(75, 40)),
        (0, 10, True, Window(80, 35)),
        (0, 10, False, Window(80, 45)),
        (-157, 0, True, Window(1.5, 40)),
        (-159, 0, True, Window(1, 40)),
    ],
)
def test_window_drag(right: float, down: float, brighter: bool, expected: Window) -> None:
    assert dragged(Window(80, 40), right, down, 0.5, brighter) == expected


@pytest.mark.parametrize(
    ("width", "step"), [(63, 0.25), (65, 65 / 256), (80, 0.3125), (2047, 2047 / 256), (2049, 8.0)]
)
def test_drag_is_as_fine_as_the_window(width: float, step: float) -> None:
    assert drag_step(Window(width, 0)) == step


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
