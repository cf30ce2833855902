from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.viewer.measurements import Measurement
from desktop.viewer.still import LINE, SIDE, Look, still
from desktop.viewer.tools import Tool
from imaging.image import Identity, Image, Unit, Window
from tests.make.viewing import ct, grey

LOOK = Look(Window(80, 40), Unit.HOUNSFIELD, inverted=False, hide_identity=False)
DRAWN = (Measurement(Tool.DISTANCE, ((5.0, 5.0), (30.0, 30.0))),)


def pixels(made: QImage) -> NDArray[np.uint8]:
    red = made.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(red.constBits(), dtype=np.uint8)
    return flat.reshape(made.height(), made.width(), 4)[..., :3].copy()


def of_somebody(name: str) -> Image:
    identity = Identity(patient_name=name, patient_id=name, study_description=name)
    return Image(replace(ct().header, identity=identity), ct().pixels)


def test_below_the_image_there_is_room_for_every_line(qapp: QApplication) -> None:
    made = still(ct(), "1/2", (), LOOK, ["one", "two", "three"])
    assert (made.width(), made.height()) == (SIDE, SIDE + 3 * LINE)


def test_hidden_a_still_is_the_same_whoever_it_is_of(qapp: QApplication) -> None:
    hidden = replace(LOOK, hide_identity=True)
    made = [still(of_somebody(name), "1/2", (), hidden, []) for name in ("Anna", "Berta")]
    told = [still(of_somebody(name), "1/2", (), LOOK, []) for name in ("Anna", "Berta")]
    assert np.array_equal(pixels(made[0]), pixels(made[1]))
    assert not np.array_equal(pixels(told[0]), pixels(told[1]))


def test_measurements_stand_on_a_still(qapp: QApplication) -> None:
    bare, measured = (pixels(still(ct(), "", drawn, LOOK, [])) for drawn in ((), DRAWN))
    assert (bare != measured).any(axis=-1).sum() > 500


def test_a_still_has_the_window_of_the_screen_where_that_is_of_its_unit(
    qapp: QApplication,
) -> None:
    wide = replace(LOOK, window=Window(2000, 300))
    hounsfield = [pixels(still(ct(), "", (), look, [])) for look in (LOOK, wide)]
    greys = [pixels(still(grey(), "", (), look, [])) for look in (LOOK, wide)]
    middle = slice(SIDE // 3, 2 * SIDE // 3)
    assert not np.array_equal(hounsfield[0][middle, middle], hounsfield[1][middle, middle])
    assert np.array_equal(greys[0], greys[1])
