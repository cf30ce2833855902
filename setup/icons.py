"""Draws cranioscope.png and cranioscope.ico from cranioscope.svg: python setup/icons.py."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image as PilImage
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def draw(renderer: QSvgRenderer, size: int) -> PilImage.Image:
    """The icon as RGBA, size x size."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return PilImage.open(BytesIO(bytes(buffer.data().data())))


def main() -> None:
    """Write both files beside the drawing."""
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(ICONS / "cranioscope.svg"))
    drawn = [draw(renderer, size) for size in SIZES]
    drawn[-1].save(ICONS / "cranioscope.png", optimize=True)
    drawn[-1].save(
        ICONS / "cranioscope.ico",
        sizes=[image.size for image in drawn],
        append_images=drawn[:-1],
    )
    application.quit()


if __name__ == "__main__":
    main()
