"""Paints a view from its display: the image and its layers, measurements, and the overlay text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)

from desktop.text.unbroken import unbroken
from desktop.viewer.display import Display
from desktop.viewer.layers import draw_image
from desktop.viewer.measurements import Measurement
from desktop.viewer.options import Overlay
from desktop.viewer.orientation import edge_letters
from desktop.viewer.overlay import Corners, corners
from desktop.viewer.placement import Point, scale_bar
from desktop.viewer.tools import Tool
from imaging.image import Image

MARGIN = 8.0
LETTER = 12.0
"""Half the room of an orientation letter."""
NARROW = 300.0
"""Width of a view in which half a line is too short for a window's name."""
MOST_LINES = 3
"""That one line of a corner may become, where it is too long."""
HANDLE = 3.0
"""Radius of a measurement's points."""
GAP = 8.0
"""Between a measurement and what it says."""
TEXT = QColor(240, 240, 240)
MEASURED = QColor(120, 230, 255)
CROSS_HAIR = QColor(255, 205, 80, 190)
OPEN = 10.0
"""Screen pixels around the middle of the cross-hair that it leaves free."""
OUTLINE = QColor(0, 0, 0)
BAND = QColor(0, 0, 0, 190)
"""Under a measurement's text: an outline alone is lost over bone."""
_AROUND = ((-1, -1), (-1, 1), (1, -1), (1, 1))

Align = Qt.AlignmentFlag


def paint(painter: QPainter, area: QRectF, display: Display) -> None:
    """Everything that the view shows, from the image up, on black."""
    painter.fillRect(area, Qt.GlobalColor.black)
    image = display.image
    if image is None:
        return
    _paint_layers(painter, display, image)
    shown = display.shown()
    if shown is None or display.overlay is Overlay.NONE:
        return
    if display.content.cross_hair is not None:
        draw_cross_hair(painter, area, display.placement.to_view(display.content.cross_hair))
    _draw_measurements(painter, area, display, image)
    geometry = shown.header.geometry
    draw_letters(painter, area, edge_letters(geometry))
    if geometry.spacing is not None and display.overlay is Overlay.ALL:
        draw_scale_bar(painter, area, geometry.spacing, shown.zoom)
    draw_corners(painter, area, corners(shown, display.overlay))


def paint_focus(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """A frame that says which of several views keys go to."""
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(1, 1, -1, -1))


def _paint_layers(painter: QPainter, display: Display, image: Image) -> None:
    content, placement = display.content, display.placement
    rows, columns = image.pixels.shape
    if display.model_input_visible and content.model_input is not None:
        draw_image(painter, content.model_input.qimage, placement, content.model_input.box)
    elif display.windowed is not None:
        qimage = display.windowed.qimage(display.window, display.inverted)
        draw_image(painter, qimage, placement, (0, 0, columns, rows))
    if display.heat_map_visible and content.heat_map and content.model_input:
        painter.setOpacity(display.options.heat_map_opacity)
        draw_image(painter, content.heat_map, placement, content.model_input.box)
        painter.setOpacity(1.0)


def outlined(painter: QPainter, area: QRectF, align: Qt.AlignmentFlag, text: str) -> None:
    """Plain text with a thin dark outline, legible on any pixels; wrapped where it is too wide."""
    flags, text = int(align.value) | int(Qt.TextFlag.TextWordWrap.value), unbroken(text)
    painter.setPen(OUTLINE)
    for x, y in _AROUND:
        painter.drawText(area.translated(x, y), flags, text)
    painter.setPen(TEXT)
    painter.drawText(area, flags, text)


def draw_corners(painter: QPainter, area: QRectF, lines: Corners) -> None:
    """The four corner texts, each within its half of the view, clear of the orientation letters.

    In a narrow view they stand a line away from the letters and have all of its width.
    """
    inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    places = (
        (lines.top_left, Align.AlignTop | Align.AlignLeft),
        (lines.top_right, Align.AlignTop | Align.AlignRight),
        (lines.bottom_left, Align.AlignBottom | Align.AlignLeft),
        (lines.bottom_right, Align.AlignBottom | Align.AlignRight),
    )
    metrics = painter.fontMetrics()
    narrow = inner.width() < NARROW
    width = inner.width() if narrow else inner.width() / 2 - LETTER
    for texts, align in places:
        fitting = [line for text in texts for line in wrapped(text, painter.font(), int(width))]
        for number, line in enumerate(fitting):
            down = number + narrow if align & Align.AlignTop else number + 1 - len(fitting) - narrow
            row = inner.translated(0, down * metrics.lineSpacing())
            outlined(painter, row, align, line)


def wrapped(text: str, font: QFont, width: int) -> list[str]:
    """A line of text as lines of so many pixels; of a very long one the end is cut."""
    metrics = QFontMetrics(font)
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    text = unbroken(text)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    starts: list[int] = []
    layout.beginLayout()
    while len(starts) < MOST_LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    ends = [*starts[1:], len(text)]
    lines = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]


def draw_cross_hair(painter: QPainter, area: QRectF, point: Point) -> None:
    """A line across and a line down, open around the point where they meet."""
    x, y = point
    painter.setPen(QPen(CROSS_HAIR, 1))
    for start, end in (
        (QPointF(area.left(), y), QPointF(x - OPEN, y)),
        (QPointF(x + OPEN, y), QPointF(area.right(), y)),
        (QPointF(x, area.top()), QPointF(x, y - OPEN)),
        (QPointF(x, y + OPEN), QPointF(x, area.bottom())),
    ):
        painter.drawLine(start, end)


def draw_letters(painter: QPainter, area: QRectF, edges: tuple[str, str, str, str]) -> None:
    """Orientation letters in the middle of the left, top, right and bottom edge."""
    inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    places = (
        Align.AlignLeft | Align.AlignVCenter,
        Align.AlignTop | Align.AlignHCenter,
        Align.AlignRight | Align.AlignVCenter,
        Align.AlignBottom | Align.AlignHCenter,
    )
    for text, align in zip(edges, places, strict=True):
        if text:
            outlined(painter, inner, align, text)


def draw_scale_bar(
    painter: QPainter, area: QRectF, spacing: tuple[float, float], zoom: float
) -> None:
    """A bar of known length at the right edge, above the corner's text."""
    bar = scale_bar(spacing, zoom, area.height() * 0.3)
    if bar is None:
        return
    millimetres, length = bar
    x, middle = area.right() - MARGIN - 14, area.center().y() + area.height() * 0.2
    ends = [QPointF(x, middle - length / 2), QPointF(x, middle + length / 2)]
    for pen in (QPen(OUTLINE, 4), QPen(TEXT, 2)):
        painter.setPen(pen)
        painter.drawLine(*ends)
        for end in ends:
            painter.drawLine(end - QPointF(4, 0), end + QPointF(4, 0))
    text = f"{millimetres / 10:g} cm" if millimetres >= 10 else f"{millimetres:g} mm"
    label = QRectF(x - 78, middle - 20, 70, 40)
    outlined(painter, label, Align.AlignRight | Align.AlignVCenter, text)


def _draw_measurements(painter: QPainter, area: QRectF, display: Display, image: Image) -> None:
    """All measurements, each with what it measures on a dark band beside it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown = [
        (each, [QPointF(*display.placement.to_view(point)) for point in each.points])
        for each in display.content.measurements.shown
    ]
    for measurement, points in shown:
        for pen in (QPen(OUTLINE, 4), QPen(MEASURED, 1.6)):
            painter.setPen(pen)
            _draw_shape(painter, measurement, points)
    taken: list[QRectF] = []
    for measurement, points in shown:
        lines = measurement.lines(image)
        if lines:
            band = free_band(_room(painter, lines), points, area, taken)
            taken.append(band)
            painter.fillRect(band, BAND)
            painter.setPen(MEASURED)
            painter.drawText(band, Align.AlignCenter, "\n".join(lines))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _draw_shape(painter: QPainter, measurement: Measurement, points: list[QPointF]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if measurement.tool is Tool.ELLIPSE:
        painter.drawEllipse(QRectF(points[0], points[1]).normalized())
    else:
        painter.drawPolyline(points)
    for point in points:
        painter.drawEllipse(point, HANDLE, HANDLE)


def _room(painter: QPainter, lines: list[str]) -> QRectF:
    metrics = painter.fontMetrics()
    width = max(metrics.horizontalAdvance(line) for line in lines) + 8.0
    return QRectF(0.0, 0.0, width, metrics.lineSpacing() * len(lines) + 4.0)


def free_band(room: QRectF, points: list[QPointF], area: QRectF, taken: list[QRectF]) -> QRectF:
    """Where a measurement's text goes: beside its points, in the view, over no other text.

    Below to the right first, then round; where all of that is taken, further and further down.
    """
    left, right = min(p.x() for p in points), max(p.x() for p in points)
    top, low = min(p.y() for p in points), max(p.y() for p in points)
    beside = (right + GAP, left - GAP - room.width())
    rows = (low + GAP / 2, top - GAP / 2 - room.height(), (top + low - room.height()) / 2)
    places = [QPointF(x, y) for y in rows for x in beside]
    places += [QPointF(places[0].x(), places[0].y() + n * room.height()) for n in range(1, 40)]
    bands = [_inside(room.translated(place), area) for place in places]
    free = (band for band in bands if not any(band.intersects(other) for other in taken))
    return next(free, bands[0])


def _inside(band: QRectF, area: QRectF) -> QRectF:
    x = max(area.left(), min(band.left(), area.right() - band.width()))
    y = max(area.top(), min(band.top(), area.bottom() - band.height()))
    return QRectF(x, y, band.width(), band.height())
