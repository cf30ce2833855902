"""Row: one image of what is open, what is known of it, and what it is ordered by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from desktop.engine.reader_labels import OfContent, Reading, blinded
from imaging.errors import Status
from imaging.files.natural_order import NameKey, name_key
from imaging.image import ImageHeader
from model.image_result import ImageResult
from model.series_result import ListedImage


class Column(IntEnum):
    """The columns, from left to right."""

    IMAGE = 0
    NAME = 1
    PROBABILITY = 2
    RESULT = 3
    STATUS = 4


Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
"""The invisible root of every flat model."""

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
"""A tuple or number to order rows by; smaller comes first."""
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 2
"""The second, quieter line of the name's cell."""
ZONE_ROLE = Qt.ItemDataRole.UserRole + 3
"""The row's Zone, or None."""
VALUE_ROLE = Qt.ItemDataRole.UserRole + 4
"""The probability as a number, or None."""
THRESHOLD_ROLE = Qt.ItemDataRole.UserRole + 5
"""The threshold that the probability is compared with, or None."""


@dataclass(eq=False, slots=True)
class Row:
    """An image: a file that was found, or a frame of it, and what is known of it so far."""

    image: ListedImage
    """What its header says, and then its result, whether the reader may see all of that or not."""
    number: int
    """Counts from 1 in the order of finding; names the row where identity is hidden."""
    read: Reading | None = None
    """What the reader said of it."""
    is_blinded: bool = False
    """The reader is to read it before its score is shown."""
    is_series_read: bool = False
    """Whether the reader has read its series."""
    place: int = 0
    """In the order of the series, from 1; 0 while they are not known or change nothing."""

    @property
    def natural(self) -> NameKey:
        """The file's name as a key in which 2 comes before 10."""
        return name_key(self.image.name)

    @property
    def searched(self) -> str:
        """The path in the form in which it is searched."""
        return str(self.path).casefold()

    @property
    def path(self) -> Path:
        """Its file."""
        return self.image.path

    @property
    def frame(self) -> int:
        """Its frame in the file, from 0."""
        return self.image.frame

    @property
    def frames(self) -> int:
        """How many frames its file has."""
        return self.header.frames if self.header else 1

    @property
    def header(self) -> ImageHeader | None:
        """What its header says; None for what has none."""
        return self.image.header

    @property
    def known(self) -> ImageResult | None:
        """Its result, whether the reader may see all of that or not; None while it waits."""
        return self.image if isinstance(self.image, ImageResult) else None

    @property
    def order(self) -> int:
        """Sorts rows as a reader meets them: series by series, once these are known."""
        return self.place or self.number

    @property
    def result(self) -> ImageResult | None:
        """What may be shown: without the model's score while the reader is blinded to it."""
        if self.known is None or not self.is_blinded:
            return self.known
        return blinded(self.known)

    def shows(self, image: OfContent) -> bool:
        """Whether it is an image of the same content."""
        known = self.known
        return known is not None and (known.sha256, known.frame) == (image.sha256, image.frame)

    def blind(self, read_before_ai: bool) -> None:
        """Hide the score until the reader has read the image or its series, or show it.

        What could not be read takes no reading, and has no score to hide.
        """
        readable = self.known is None or bool(self.known.sha256)
        unread = self.read is None or self.read.label is None
        self.is_blinded = read_before_ai and readable and unread and not self.is_series_read


def row_probability(row: Row) -> float:
    """The row's probability as the reader may see it, NaN without one."""
    known = None if row.known is None or row.is_blinded else row.known.probability
    return math.nan if known is None else known


def sort_key(row: Row, column: Column) -> tuple[Any, int]:
    """What rows are ordered by in a column, smaller first: its value, then the reading order.

    By probability the most suspicious comes first and rows without one come last. The value is a
    number in all columns but NAME.
    """
    if column is Column.IMAGE:
        return 0, row.order
    if column is Column.NAME:
        return row.natural, row.order
    if column is Column.STATUS:
        result = row.result
        return _STATUS_ORDER.index(result.status if result else None), row.order
    probability = row_probability(row)
    return (1.0 if math.isnan(probability) else -probability), row.order


_STATUS_ORDER: list[Status | None] = [
    Status.FAILED,
    Status.REFUSED,
    Status.WARNING,
    Status.OK,
    Status.SKIPPED,
    None,
]
