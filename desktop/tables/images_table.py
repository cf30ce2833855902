"""ImagesTable: one row an image, fed by hand in chunks; a Qt model without a window.

What stands in which cell is decided here, in the reader's language, as plain text.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QImage

from desktop.engine.content_keys import OfContent
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.readings import Reading
from desktop.engine.thumbnails import Thumbnails
from desktop.tables import words
from desktop.tables.row import (
    DETAIL_ROLE,
    NO_PARENT,
    THRESHOLD_ROLE,
    VALUE_ROLE,
    WHOSE_ROLE,
    ZONE_ROLE,
    Column,
    Index,
    Row,
    Rows,
    row_probability,
    suspicion,
)
from imaging.errors import Code, Problem, Status
from imaging.files.natural_order import name_key
from model.assess import unreadable
from model.card import ModelCard
from model.image_result import ImageResult, Zone, uncertain_zone, zone
from model.listed_image import ListedImage, waiting_again

KEY_IMAGE = "★"
"""Before the name of a key image."""
MARKED = (Zone.UNCERTAIN, Zone.FLAGGED)
"""What the bar of a series marks; where two meet, the later one is shown."""
_WITHOUT = (Status.FAILED, Status.REFUSED, Status.SKIPPED)
"""States whose reason is what a reader wants to know first."""
_STATUS_ORDER: list[Status | None] = [
    Status.FAILED,
    Status.REFUSED,
    Status.WARNING,
    Status.OK,
    Status.SKIPPED,
    None,
]


class ImagesTable(QAbstractTableModel):
    """Rows stand for images from the moment their headers are read; results are filled in later.

    Nothing is taken out but by ``clear``. Threshold and card are applied when a cell is asked for.
    """

    altered = Signal(object, int, int)
    """Numbers of rows (a sequence) with other cells, and the first and last of their columns.

    It follows ``dataChanged``, which can but name all rows from the first to the last of them."""
    thumbnail_wanted = Signal(int)
    """The number of a row whose small image is asked for and is not kept any more."""
    thumbnail_made = Signal(int)
    """The number of a row whose small image is there now."""
    touched = Signal(object)
    """Numbers of rows (a sequence) whose result or reading is another one now."""

    def __init__(
        self, parent: QObject | None = None, reader_labels: ReaderLabels | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = Rows()
        self.thumbnails = Thumbnails()
        """By the numbers of the rows."""
        self.reader_labels = reader_labels or ReaderLabels()
        self.read_before_ai = False
        self.card: ModelCard | None = None
        self.threshold = 0.5
        self.hide_identity = False
        self._probabilities = array("d")
        """One a row, NaN without; counted at every move of the threshold."""
        self._hidden = bytearray()
        """Of each row 1 where it has a result that is hidden until read; else 0."""

    # -- feeding

    def clear(self) -> None:
        """Take all rows out."""
        self.beginResetModel()
        self.rows, self.thumbnails = Rows(), Thumbnails()
        self._probabilities, self._hidden = array("d"), bytearray()
        self.endResetModel()

    def add_images(self, images: Sequence[ListedImage]) -> None:
        """Append a row for each image, in the order in which they were found."""
        if not images:
            return
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(images) - 1)
        self.rows.extend(images)
        self._probabilities.extend([math.nan] * len(images))
        self._hidden.extend(bytes(len(images)))
        for number, image in enumerate(images, first):
            self.rows.set_reading(number, self._reading_of(image))
            self._hide_or_show(number)
        self.endInsertRows()

    def add_results(self, results: Iterable[tuple[int, ImageResult]]) -> None:
        """Fill rows with results: (image, result), the image by its row."""
        filled: list[int] = []
        for image, result in results:
            self.rows.images[image] = result
            self.rows.set_reading(image, self._reading_of(result))
            filled.append(image)
        self._blind(filled)

    def show_reading(self, image: OfContent, read: Reading | None) -> None:
        """Show what the reader said of an image on all rows of the same content."""
        same = [
            number
            for number, each in enumerate(self.rows.images)
            if isinstance(each, ImageResult)
            if (each.sha256, each.frame) == (image.sha256, image.frame)
        ]
        for number in same:
            self.rows.set_reading(number, read)
        self._blind(same)

    def set_series_read(self, images: Sequence[int], is_read: bool) -> None:
        """Say whether the reader has read the series that these rows are all of."""
        for image in images:
            self.rows.set_series_read(image, is_read)
        self._blind(images)

    def show_readings(self, in_read_series: Collection[int]) -> None:
        """Show another reader's readings; of which rows that reader has read the series."""
        for number, image in enumerate(self.rows.images):
            self.rows.set_reading(number, self._reading_of(image))
            self.rows.set_series_read(number, number in in_read_series)
        self._blind(range(len(self.rows)))

    def set_read_before_ai(self, first: bool) -> None:
        """Hide the score of each image until the reader has read it, or show it."""
        self.read_before_ai = first
        self._blind(range(len(self.rows)))

    def _reading_of(self, image: ListedImage) -> Reading | None:
        return self.reader_labels.get(image) if isinstance(image, ImageResult) else None

    def _blind(self, images: Sequence[int]) -> None:
        for image in images:
            self._hide_or_show(image)
        self._changed(images)
        self.touched.emit(images)

    def _hide_or_show(self, image: int) -> None:
        self.rows.blind(image, self.read_before_ai)
        row = self.rows[image]
        self._probabilities[image] = row_probability(row)
        self._hidden[image] = row.is_blinded and row.known is not None

    def end_waiting(self) -> None:
        """Give every row that still waits the reason why: its turn had not come."""
        problem = Problem(Code.NOT_SCREENED)
        self.add_results(
            (number, unreadable(row.path, row.frame, row.frames, row.header, problem))
            for number, row in enumerate(self.rows)
            if row.known is None
        )

    def wait_again(self) -> None:
        """Let the rows wait whose turn had not come."""
        self._wait(lambda result: not result.is_screened)

    def forget_results(self) -> None:
        """Let every row wait again, for another model; what is no image stays as it is."""
        self._wait(lambda result: result.header is not None)

    def _wait(self, left: Callable[[ImageResult], bool]) -> None:
        waiting: list[int] = []
        for number, row in enumerate(self.rows):
            if row.known is not None and left(row.known):
                self.rows.images[number] = waiting_again(row.known)
                self.rows.set_reading(number, None)
                waiting.append(number)
        self._blind(waiting)

    def set_reading_order(self, images: Iterable[int]) -> None:
        """Say in which order a reader meets the rows: every image by its row, once."""
        moved: list[int] = []
        for place, image in enumerate(images, 1):
            if self.rows.order(image) != place:
                self.rows.set_place(image, place)
                moved.append(image)
        self._changed(moved)

    def set_threshold(self, threshold: float) -> None:
        """Move the threshold; what is flagged follows without any scoring."""
        self.threshold = threshold
        self._changed(range(len(self.rows)), Column.IMAGE, Column.RESULT)

    def set_card(self, card: ModelCard | None) -> None:
        """Take the card of the model in use; None: there is none."""
        self.card = card
        self.refresh()

    def set_hide_identity(self, hide: bool) -> None:
        """Show numbers in place of names."""
        self.hide_identity = hide
        self.refresh()

    def refresh(self) -> None:
        """Have every cell asked for again, after a change of language or order."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._changed(range(len(self.rows)))

    # -- what is known of a row

    def name(self, row: Row) -> str:
        """What the image is called on screen."""
        if self.hide_identity:
            return self.tr("Image {0}").format(row.number)
        parts = (words.file_name(row.path), words.frame(row.frame, row.frames))
        return " · ".join(filter(None, parts))

    def zone(self, row: Row) -> Zone | None:
        """The zone of the row's probability, or None without one."""
        if row.result is None or self.card is None:
            return None
        return zone(row.result, self.card, self.threshold)

    def is_flagged(self, row: Row) -> bool:
        """Whether the row's probability reaches the threshold."""
        return row_probability(row) >= self.threshold

    def marks(self, images: Sequence[int]) -> NDArray[np.uint8]:
        """Of each of these n rows uint8 (n,): 0 without a mark, else its place in MARKED from 1.

        FLAGGED where the threshold is reached, else UNCERTAIN or none. Fast enough to be asked for
        a series of 10,000 images whenever results arrive.
        """
        if self.card is None:
            return np.zeros(len(images), dtype=np.uint8)
        places = np.fromiter(images, dtype=np.intp, count=len(images))
        known = np.frombuffer(self._probabilities, dtype=np.float64)[places]
        low, high = uncertain_zone(self.card)
        uncertain = (low <= known) & (known < high)
        return np.where(known >= self.threshold, 2, uncertain).astype(np.uint8)

    def count_flagged(self) -> tuple[int, int]:
        """How many rows are at or above the threshold, and how many have a probability.

        Rows that are hidden from the reader count in neither.
        """
        known = np.frombuffer(self._probabilities, dtype=np.float64)
        return int(np.sum(known >= self.threshold)), int(np.sum(~np.isnan(known)))

    def count_hidden(self) -> int:
        """How many rows have a result that is hidden until read, with or without a probability."""
        return self._hidden.count(1)

    def thumbnail(self, image: int) -> QImage | None:
        """The small image of a row; None where there is none, or none so far."""
        known = self.rows[image].known
        if known is None or not known.pixels_digest:
            return None
        grey = self.thumbnails.get(image, known.sha256)
        if grey is None:
            self.thumbnail_wanted.emit(image)
            return None
        height, width = grey.shape
        form = QImage.Format.Format_Grayscale8
        # A copy owns its pixels; the constructor only borrows the bytes.
        return QImage(grey.tobytes(), width, height, width, form).copy()

    def sort_key(self, image: int, column: Column) -> tuple[Any, int]:
        """What a row is ordered by in a column, smaller first: its value, then the reading order.

        By probability and result the most suspicious comes first, and rows without a probability
        come last. The value is a number in all columns but NAME, where 2 comes before 10.
        """
        order = self.rows.order(image)
        if column is Column.NAME:
            return name_key(self.rows.images[image].name), order
        if column is Column.IMAGE:
            return 0, order
        if column is Column.STATUS:
            result = self.rows[image].result
            return _STATUS_ORDER.index(result.status if result else None), order
        return suspicion(self._probabilities[image]), order

    # -- cells

    def cell(self, image: int, place: int, role: int) -> Any:
        """One cell in one role, without an index, for who asks often."""
        row, column = self.rows[image], Column(place)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.DecorationRole if column is Column.IMAGE:
                return self.thumbnail(image)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(row)
            case _ if role == DETAIL_ROLE:
                return self._detail(row, column)
            case _ if role == WHOSE_ROLE and column is Column.NAME:
                return self._where(row) if self._has_reason(row) else ""
            case _ if role == ZONE_ROLE:
                return self.zone(row)
            case _ if role == VALUE_ROLE:
                return row.result.probability if row.result else None
            case _ if role == THRESHOLD_ROLE:
                return self.threshold
        return None

    def _text(self, row: Row, column: Column) -> str:
        """The first line of a cell."""
        result = row.result
        match column:
            case Column.NAME:
                name = self.name(row)
                return f"{KEY_IMAGE} {name}" if row.read is not None and row.read.is_key else name
            case Column.PROBABILITY if result:
                return words.percent(result.probability)
            case Column.RESULT if result and result.status is Status.REFUSED:
                return words.not_assessable()
            case Column.RESULT if result and result.probability is not None:
                return words.image_result(self.zone(row), self.is_flagged(row))[0]
            case Column.STATUS:
                return words.status_word(result.status if result else None)
        return ""

    def _detail(self, row: Row, column: Column) -> str:
        """The quieter line below it; empty where there is none."""
        result = row.result
        match column:
            case Column.NAME if result is not None and self._has_reason(row):
                return words.reason(result.problems)
            case Column.NAME:
                return self._where(row)
            case Column.RESULT if result and result.probability is not None:
                return words.image_result(self.zone(row), self.is_flagged(row))[1]
            case Column.STATUS if row.read is not None and row.read.label is not None:
                return words.read_word(row.read.label)
        return ""

    def _has_reason(self, row: Row) -> bool:
        """Whether below its name stands why it has no score."""
        return row.result is not None and row.result.status in _WITHOUT

    def _tooltip(self, row: Row) -> str:
        """Name, patient, path, problems and the reader's comment."""
        where = "" if self.hide_identity else words.visible(str(row.path))
        problems = row.result.problems if row.result else ()
        comment = "" if row.read is None or self.hide_identity else words.visible(row.read.comment)
        sentences = (words.visible(words.sentence(problem)) for problem in problems)
        return words.tooltip(self.name(row), self._patient(row), where, *sentences, comment)

    def _patient(self, row: Row) -> str:
        """Whose it is, as the header says it; empty while identity is hidden."""
        if self.hide_identity or row.header is None:
            return ""
        return words.visible(row.header.identity.patient)

    def _where(self, row: Row) -> str:
        """Whose it is and where it lies: two patients' 01.dcm must not look alike."""
        if self.hide_identity:
            return ""
        return " · ".join(filter(None, [self._patient(row), words.file_name(row.path.parent)]))

    # -- Qt

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """All rows; none below a row."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """All columns; none below a row."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.IMAGE: "",
            Column.NAME: self.tr("Image"),
            Column.PROBABILITY: self.tr("Score"),
            Column.RESULT: self.tr("Result"),
            Column.STATUS: self.tr("Status"),
        }[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell in one role."""
        return self.cell(index.row(), index.column(), role) if index.isValid() else None

    def _changed(
        self, rows: Sequence[int], first: Column = Column.IMAGE, last: Column = Column.STATUS
    ) -> None:
        if rows:
            self.dataChanged.emit(self.index(min(rows), first), self.index(max(rows), last))
            self.altered.emit(rows, first, last)
