"""Draws distances, angles and ovals over the picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.viewer.measurements import Measurements
from desktop.viewer.paint import OUTLINE, outlined
from desktop.viewer.placement import Placement
from desktop.viewer.tools import Measurement, Tool
from imaging.image import Image

COLOUR = QColor(120, 230, 255)
HANDLE = 3.0


def draw_measurements(
    painter: QPainter, measurements: Measurements, image: Image, placement: Placement
) -> None:
    """All measurements of a scan, each with what it measures beside its last point."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for measurement in measurements.shown:
        points = [QPointF(*placement.to_view(point)) for point in measurement.points]
        for pen in (QPen(OUTLINE, 4), QPen(COLOUR, 1.6)):
            painter.setPen(pen)
            _draw_shape(painter, measurement, points)
        _draw_words(painter, measurement.lines(image), points)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_shape(painter: QPainter, measurement: Measurement, points: list[QPointF]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if measurement.tool is Tool.ELLIPSE:
        painter.drawEllipse(QRectF(points[0], points[1]).normalized())
    else:
        painter.drawPolyline(points)
    for point in points:
        painter.drawEllipse(point, HANDLE, HANDLE)


def _draw_words(painter: QPainter, lines: list[str], points: list[QPointF]) -> None:
    if not lines:
        return
    metrics, view = painter.fontMetrics(), painter.viewport()
    width = max(metrics.horizontalAdvance(line) for line in lines) + 4.0
    height = metrics.lineSpacing() * len(lines) + 4.0
    right = max(point.x() for point in points) + 8
    low = max(point.y() for point in points) + 4
    left = max(0.0, min(right, view.width() - width))
    top = max(0.0, min(low, view.height() - height))
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    outlined(painter, QRectF(left, top, width, height), align, "\n".join(lines), COLOUR)
