"""Small images to look at, and the hands of a reader in the viewer."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest

from desktop.viewer.placement import Point
from desktop.viewer.viewer import Viewer
from imaging.image import Geometry, Image, ImageHeader, Unit, Window

Button: TypeAlias = Qt.MouseButton
Modifier: TypeAlias = Qt.KeyboardModifier
MIDDLE = QPoint(200, 150)
"""Of a view of 400 by 300."""


def ct(
    value: float = 40.0, own: Window | None = None, spacing: tuple[float, float] | None = None
) -> Image:
    """A square of tissue on air: 100 rows, 100 columns, the head from (20, 10) to (80, 90)."""
    pixels = np.full((100, 100), -1000.0, dtype=np.float32)
    pixels[10:90, 20:80] = value
    geometry = Geometry(spacing=spacing)
    return Image(ImageHeader(Unit.HOUNSFIELD, 100, 100, window=own, geometry=geometry), pixels)


def grey(value: int = 100) -> Image:
    """An even image of 50 rows and 100 columns."""
    return Image(ImageHeader(Unit.GREY, 50, 100), np.full((50, 100), value, dtype=np.uint8))


def drag(
    viewer: Viewer,
    button: Button,
    right: int,
    down: int,
    modifier: Modifier = Modifier.NoModifier,
    start: QPoint = MIDDLE,
) -> None:
    """Press, move in two steps, release."""
    QTest.mousePress(viewer, button, modifier, start)
    for part in (2, 1):
        at = start + QPoint(right // part, down // part)
        move(viewer, at, button, modifier)
    QTest.mouseRelease(viewer, button, modifier, start + QPoint(right, down))


def press(viewer: Viewer, button: Button, at: QPoint) -> None:
    """Press, and hold."""
    QTest.mousePress(viewer, button, Modifier.NoModifier, at)


def move(
    viewer: Viewer,
    at: QPoint,
    button: Button = Button.NoButton,
    modifier: Modifier = Modifier.NoModifier,
) -> None:
    """QTest's own move says nothing of buttons and modifiers held."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(viewer.mapToGlobal(at)),
        Button.NoButton,
        button,
        modifier,
    )
    viewer.mouseMoveEvent(event)


def turn(viewer: Viewer, wheel: int, modifier: Modifier = Modifier.NoModifier) -> None:
    """Turn the wheel over the middle; 120 is one click away from the hand."""
    at = QPointF(MIDDLE)
    event = QWheelEvent(
        at,
        QPointF(viewer.mapToGlobal(MIDDLE)),
        QPoint(),
        QPoint(0, wheel),
        Button.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    viewer.wheelEvent(event)


def colour_at(viewer: Viewer, point: Point) -> QColor:
    """What is drawn over a point of the image."""
    x, y = viewer.display.placement.to_view(point)
    qimage: QImage = viewer.grab().toImage()
    return qimage.pixelColor(int(x), int(y))
