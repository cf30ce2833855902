import numpy as np
import pytest

from imaging.image import Image, ImageHeader, Unit, Window
from imaging.window import BRAIN, NAMED_WINDOWS, full_range, opening_window, to_grey


def ct(*values: float, window: Window | None = None) -> Image:
    pixels = np.array([values], dtype=np.float32)
    return Image(ImageHeader(Unit.HOUNSFIELD, 1, len(values), window=window), pixels)


@pytest.mark.parametrize(
    ("hounsfield", "grey"),
    [(-1000, 0), (0, 0), (20, 64), (40, 128), (60, 191), (80, 255), (3000, 255)],
)
def test_brain_window(hounsfield: float, grey: int) -> None:
    assert to_grey(ct(hounsfield), BRAIN).tolist() == [[grey]]


def test_grey_is_eight_bits_and_rounded() -> None:
    grey = to_grey(ct(0.0, 0.4, 0.6, 1.0), Window(255, 127.5))
    assert grey.dtype == np.uint8
    assert grey.tolist() == [[0, 0, 1, 1]]


def test_windows_apply_to_images_too() -> None:
    pixels = np.array([[0, 100, 200, 255]], dtype=np.uint8)
    image = Image(ImageHeader(Unit.GREY, 1, 4), pixels)
    assert to_grey(image, opening_window(image)).tolist() == pixels.tolist()
    assert to_grey(image, Window(100, 150)).tolist() == [[0, 0, 255, 255]]


def test_full_range() -> None:
    assert full_range(ct(-1024, 3071)) == Window(4095, 1023.5)
    assert full_range(ct(7, 7)) == Window(1, 7)


def test_the_opening_window_is_the_files_own_else_brain() -> None:
    assert opening_window(ct(0, window=Window(120, 40))) == Window(120, 40)
    assert opening_window(ct(0)) == BRAIN


def test_named_windows_have_each_their_digit() -> None:
    found = {one.key: (one.name, one.window.width, one.window.level) for one in NAMED_WINDOWS}
    assert found == {
        "2": ("Brain", 80, 40),
        "3": ("Subdural", 200, 80),
        "4": ("Stroke", 40, 40),
        "5": ("Bone", 2800, 600),
        "6": ("Soft tissue", 375, 40),
        "7": ("Posterior fossa", 120, 40),
    }


@pytest.mark.parametrize(
    ("width", "level"), [(0, 40), (-1, 40), (float("nan"), 40), (80, float("inf"))]
)
def test_a_senseless_window_cannot_be_made(width: float, level: float) -> None:
    with pytest.raises(ValueError, match="not a window"):
        Window(width, level)
