"""How the cells of images table and worklist are painted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeView,
)

from desktop.tables.row import (
    DETAIL_ROLE,
    THRESHOLD_ROLE,
    VALUE_ROLE,
    WHOSE_ROLE,
    ZONE_ROLE,
    Column,
    Index,
)
from desktop.tables.worklist_cells import WorklistColumn
from desktop.window.theme import Colours, colours_of
from model.image_result import Zone

ROW_HEIGHT = 48
MARGIN = 6
EDGE = 4
"""Width of the zone's mark on the thumbnail's edge, off the pixels."""
BAR = 4
"""Height of the bar below a probability."""
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_TOP_LINE = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine


def small_font(font: QFont) -> QFont:
    """That of what stands in quieter lines."""
    small = QFont(font)
    small.setPointSizeF(max(7.0, small.pointSizeF() * 0.87))
    return small


def result_line(metrics: QFontMetrics, result: str, detail: str, width: int) -> str:
    """A result and what it rests on in one line of so many pixels; of a long reason the end is cut.

    Results with counts are short enough for the narrowest list: see ``words.series_result``.
    """
    whole = " · ".join(filter(None, [result, detail]))
    return metrics.elidedText(whole, Qt.TextElideMode.ElideRight, width)


def told(index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    """What the model says of a cell, asked without the detour of ``index.data``."""
    return index.model().data(index, role)


def _result(index: Index) -> tuple[tuple[str, str], Zone | None]:
    """What the column of results says in a line: the result, what it rests on, and its zone."""
    zone: Zone | None = told(index, ZONE_ROLE)
    return (told(index) or "", told(index, DETAIL_ROLE) or ""), zone


class Cell(QStyledItemDelegate):
    """Paints the ground of a cell; the deriving classes paint what stands on it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, then content."""
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette: QPalette = option.palette
        rectangle: QRect = option.rect
        colours = colours_of(palette)
        if selected:
            ground = QColor(colours.accent)
            ground.setAlpha(60)
            painter.fillRect(rectangle, ground)
        painter.setPen(QColor(colours.line))
        painter.drawLine(rectangle.bottomLeft(), rectangle.bottomRight())
        painter.setFont(option.font)
        self.paint_content(painter, rectangle, index, colours)
        painter.restore()

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """The name in one line, its detail in a quieter one below."""
        text, detail = told(index) or "", told(index, DETAIL_ROLE) or ""
        inner = area.adjusted(MARGIN, 2, -MARGIN, -3)
        self.paint_lines(painter, inner, (text, detail), (QColor(colours.text), colours))

    def paint_lines(
        self,
        painter: QPainter,
        area: QRect,
        lines: tuple[str, str],
        colour: tuple[QColor, Colours],
    ) -> None:
        """One or two lines, in the middle of the height, cut with an ellipsis."""
        first, second = lines
        metrics = painter.fontMetrics()
        small = small_font(painter.font())
        height = metrics.height() + (QFontMetrics(small).height() if second else 0)
        top = area.top() + (area.height() - height) // 2
        middle = Qt.TextElideMode.ElideMiddle
        painter.setPen(colour[0])
        painter.drawText(
            QRect(area.left(), top, area.width(), metrics.height()),
            _LINE,
            metrics.elidedText(first, middle, area.width()),
        )
        if second:
            painter.setFont(small)
            painter.setPen(QColor(colour[1].quiet))
            below = QRect(area.left(), top + metrics.height(), area.width(), area.height())
            right = Qt.TextElideMode.ElideRight
            painter.drawText(
                below,
                _TOP_LINE,
                QFontMetrics(small).elidedText(second, right, area.width()),
            )

    def paint_three(
        self,
        painter: QPainter,
        area: QRect,
        lines: tuple[str, str],
        result: tuple[tuple[str, str], Zone | None],
        colours: Colours,
    ) -> None:
        """A name, the result in the colour of its zone, and a quieter line, for want of columns."""
        name, detail = lines
        parts, zone = result
        colour = QColor(colours.quiet) if zone is None else colours.zone(zone)
        height = area.height() // 3
        shown = 1 + any(parts) + bool(detail)
        first = QRect(area.left(), area.top() + (3 - shown) * height // 2, area.width(), height)
        self.paint_lines(painter, first, (name, ""), (QColor(colours.text), colours))
        painter.setFont(small_font(painter.font()))
        if any(parts):
            told = result_line(painter.fontMetrics(), *parts, first.width())
            first.translate(0, height)
            self.paint_lines(painter, first, (told, ""), (colour, colours))
        painter.setPen(QColor(colours.quiet))
        painter.drawText(
            first.translated(0, height),
            _LINE,
            painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, first.width()),
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough for the line and some air."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + 10)


class ThumbnailCell(Cell):
    """The image, small, with the zone's colour on its left edge."""

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """Edge, then image."""
        zone: Zone | None = told(index, ZONE_ROLE)
        if zone is not None:
            edge = QRect(area.left(), area.top() + 3, EDGE, area.height() - 7)
            painter.fillRect(edge, colours.zone(zone))
        place = area.adjusted(EDGE + 2, 3, -2, -4)
        image = told(index, Qt.ItemDataRole.DecorationRole)
        if not isinstance(image, QImage):
            painter.fillRect(place, QColor(colours.line))
            return
        painter.fillRect(place, Qt.GlobalColor.black)
        size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(0, 0, size.width(), size.height())
        target.moveCenter(QPointF(place.center()))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Square, beside the edge."""
        return QSize(ROW_HEIGHT + EDGE, ROW_HEIGHT)


class PatientCell(ThumbnailCell):
    """The thumbnail of a patient's most suspicious image, and beside it who it is."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """The thumbnail, then the lines; the result among them where it has no column."""
        square = QRect(area.left(), area.top(), area.height() + EDGE, area.height())
        super().paint_content(painter, square, index, colours)
        name, detail = told(index) or "", told(index, DETAIL_ROLE) or ""
        beside = area.adjusted(square.width() + MARGIN, 2, -2, -3)
        text = QColor(colours.text), colours
        if not self._view.isColumnHidden(WorklistColumn.RESULT):
            self.paint_lines(painter, beside, (name, detail), text)
            return
        result = index.sibling(index.row(), WorklistColumn.RESULT)
        self.paint_three(painter, beside, (name, detail), _result(result), colours)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As high as the thumbnail."""
        return QSize(4 * ROW_HEIGHT, ROW_HEIGHT)


class ImageNameCell(Cell):
    """What an image is called; below it the result, where that has no column."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """Two lines, or three: also where a reason stands, so that it is said whose image it is."""
        has_column = not self._view.isColumnHidden(Column.RESULT)
        if has_column and not told(index, WHOSE_ROLE):
            super().paint_content(painter, area, index, colours)
            return
        lines, result = self.lines(index, has_column=has_column)
        self.paint_three(painter, area.adjusted(MARGIN, 2, -2, -3), lines, result, colours)

    @staticmethod
    def lines(
        index: Index, *, has_column: bool
    ) -> tuple[tuple[str, str], tuple[tuple[str, str], Zone | None]]:
        """Name and quieter line, and the result between them, which may have a ``has_column``."""
        name, detail = told(index) or "", told(index, DETAIL_ROLE) or ""
        whose = told(index, WHOSE_ROLE) or ""
        (result, rests_on), zone = _result(index.sibling(index.row(), Column.RESULT))
        if not whose:
            return (name, detail), ((result, rests_on), zone)
        return (name, whose), (("" if has_column else result, detail), zone)


class ReadCell(Cell):
    """A tick where the reader has read it."""

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """In the middle."""
        painter.setPen(QColor(colours.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(told(index) or ""))


class ProbabilityCell(Cell):
    """The number, and below it a bar on which a tick marks the threshold that it is compared with:
    that of single images, or that of the series.
    """

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """Number above, bar below."""
        value: float | None = told(index, VALUE_ROLE)
        if value is None:
            return
        inner = area.adjusted(MARGIN, 4, -MARGIN, -6)
        painter.setPen(QColor(colours.text))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        room = inner.adjusted(0, max(0, (inner.height() - 30) // 2), 0, 0)
        painter.drawText(room, flags, str(told(index)))
        bar = QRectF(inner.left(), inner.bottom() - BAR, inner.width(), BAR)
        painter.fillRect(bar, QColor(colours.line))
        filled = QRectF(bar.left(), bar.top(), bar.width() * value, BAR)
        painter.fillRect(filled, colours.zone(told(index, ZONE_ROLE) or Zone.NOT_FLAGGED))
        threshold: float | None = told(index, THRESHOLD_ROLE)
        if threshold is None:
            return
        tick = bar.left() + bar.width() * min(threshold, 1.0)
        painter.fillRect(QRectF(tick - 0.5, bar.top() - 2, 1.5, BAR + 4), QColor(colours.text))


class ResultCell(Cell):
    """The result in the colour of its zone; "uncertain" below it where that is so."""

    def paint_content(self, painter: QPainter, area: QRect, index: Index, colours: Colours) -> None:
        """One or two lines."""
        zone: Zone | None = told(index, ZONE_ROLE)
        colour = QColor(colours.quiet) if zone is None else colours.zone(zone)
        lines = (told(index) or "", told(index, DETAIL_ROLE) or "")
        self.paint_lines(painter, area.adjusted(MARGIN, 2, -2, -3), lines, (colour, colours))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough for both lines."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + option.fontMetrics.height())
