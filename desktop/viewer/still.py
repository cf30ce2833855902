"""A still of an image, to be saved or copied: with its overlay, measurements and a caption."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from desktop.viewer.content import Content
from desktop.viewer.display import Display
from desktop.viewer.measurements import Measurement
from desktop.viewer.options import ViewerOptions
from desktop.viewer.painting import paint
from imaging.image import Image, Unit, Window

SIDE = 1024
"""Width and height of the image's part, in pixels."""
TEXT_HEIGHT = 15
"""Of the letters, in pixels."""
LINE = 24
"""Height of a line of the caption."""
GROUND, LETTERS = QColor(255, 255, 255), QColor(20, 24, 28)


@dataclass(frozen=True)
class Look:
    """How the image stands on screen."""

    window: Window
    unit: Unit
    """Of the window."""
    inverted: bool
    hide_identity: bool


def still(
    image: Image, place: str, measured: tuple[Measurement, ...], look: Look, caption: list[str]
) -> QImage:
    """All of the image in its window, with its overlay and measurements, and a caption below.

    Neither heat map nor score: a still shows the image. It is of the same size on every screen.
    """
    options = ViewerOptions()
    options.hide_identity = look.hide_identity
    content = Content()
    content.show(image, place, before=measured)
    display = Display(content, options)
    display.resize(SIDE, SIDE)
    if image.header.unit is look.unit:
        display.set_window(look.window)
        display.inverted = look.inverted
    made = QImage(SIDE, SIDE + LINE * len(caption), QImage.Format.Format_RGB32)
    made.fill(GROUND)
    painter = QPainter(made)
    font = QFont(painter.font())
    font.setPixelSize(TEXT_HEIGHT)
    painter.setFont(font)
    paint(painter, QRectF(0, 0, SIDE, SIDE), display)
    painter.setPen(LETTERS)
    for number, line in enumerate(caption):
        row = QRectF(LINE / 3, SIDE + number * LINE, SIDE - LINE, LINE)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, line)
    painter.end()
    return made
