"""Writes over the picture: corner texts, orientation letters, scale bar, captions."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.viewer.overlay import Corners
from desktop.viewer.placement import scale_bar

MARGIN = 8.0
LETTER = 12.0
"""Half the room of an orientation letter."""
NARROW = 300.0
"""Width of a view in which half a line is too short for a window's name."""
TEXT = QColor(240, 240, 240)
CAPTION = QColor(255, 214, 102)
OUTLINE = QColor(0, 0, 0)
BAND = QColor(0, 0, 0, 170)
_AROUND = ((-1, -1), (-1, 1), (1, -1), (1, 1))

Align = Qt.AlignmentFlag


def outlined(
    painter: QPainter, area: QRectF, align: Qt.AlignmentFlag, text: str, colour: QColor = TEXT
) -> None:
    """Plain text with a thin dark outline, legible on any pixels; wrapped where it is too wide."""
    flags = int(align.value) | int(Qt.TextFlag.TextWordWrap.value)
    painter.setPen(OUTLINE)
    for x, y in _AROUND:
        painter.drawText(area.translated(x, y), flags, text)
    painter.setPen(colour)
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
        for number, text in enumerate(texts):
            fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width))
            down = number + narrow if align & Align.AlignTop else number + 1 - len(texts) - narrow
            row = inner.translated(0, down * metrics.lineSpacing())
            outlined(painter, row, align, fitting)


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


def draw_captions(painter: QPainter, area: QRectF, captions: list[str]) -> None:
    """What the picture or its colours mean, on a dark band under the top lines."""
    if not captions:
        return
    below = MARGIN + 4 * painter.fontMetrics().lineSpacing()
    inner = area.adjusted(2 * MARGIN, below, -2 * MARGIN, 0)
    text, align = "\n".join(captions), Align.AlignTop | Align.AlignHCenter
    flags = int(align.value) | int(Qt.TextFlag.TextWordWrap.value)
    painter.fillRect(painter.boundingRect(inner, flags, text).adjusted(-6, -3, 6, 3), BAND)
    outlined(painter, inner, align, text, CAPTION)


def draw_focus(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """A frame that says that keys go here."""
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(1, 1, -1, -1))
