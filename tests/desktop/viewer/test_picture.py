from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from desktop.viewer.display import Display
from desktop.viewer.picture import WindowedPicture
from imaging.errors import Code, Problem
from imaging.image import Image, ImageHeader, Unit, Window
from imaging.input.recipe import InputRecipe

IMAGE = Image(ImageHeader(Unit.HOUNSFIELD, 4, 4), np.zeros((4, 4), dtype=np.float32))


@pytest.mark.parametrize("low_is_white", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_what_the_file_wants_white_is_white_until_the_reader_inverts(
    qapp: QApplication, low_is_white: bool, inverted: bool
) -> None:
    image = Image(replace(IMAGE.header, inverted=low_is_white), IMAGE.pixels)
    shown = WindowedPicture(image).qimage(Window(100, 100), inverted)
    assert (shown.pixelColor(0, 0).red() == 255) is (low_is_white != inverted)


def test_the_network_never_sees_values_that_are_no_hounsfield_units(qapp: QApplication) -> None:
    header = replace(IMAGE.header, not_hounsfield=Problem(Code.NO_RESCALE))
    display = Display()
    display.use_recipe(InputRecipe())
    display.show(Image(header, IMAGE.pixels), "", "")
    assert display.network is None
    display.show(IMAGE, "", "")
    assert display.network is not None
