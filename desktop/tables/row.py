"""Row: one image of what is open, and what is known of it; Rows: all, in columns."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, overload

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from desktop.engine.blinding import blinded
from desktop.engine.readings import Reading
from imaging.image import ImageHeader
from model.image_result import ImageResult
from model.listed_image import ListedImage


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

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The second, quieter line of a cell; empty where there is none."""
ZONE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The row's Zone, or None."""
VALUE_ROLE = Qt.ItemDataRole.UserRole + 3
"""The probability as a number, or None."""
THRESHOLD_ROLE = Qt.ItemDataRole.UserRole + 4
"""The threshold that the probability is compared with, or None."""
WHOSE_ROLE = Qt.ItemDataRole.UserRole + 5
"""Whose image it is and where it lies, where the quieter line says something else."""


class Row(NamedTuple):
    """An image: a file that was found, or a frame of it, and what is known of it now."""

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
    def result(self) -> ImageResult | None:
        """What may be shown: without the model's score while the reader is blinded to it."""
        if self.known is None or not self.is_blinded:
            return self.known
        return blinded(self.known)

    @property
    def is_unread(self) -> bool:
        """Whether the reader could read the image and has read neither it nor its series.

        What could not be read takes no reading, and has no score to hide.
        """
        readable = self.known is None or bool(self.known.sha256)
        unread = self.read is None or self.read.label is None
        return readable and unread and not self.is_series_read


class Rows(Sequence[Row]):
    """The rows of a table, kept in columns.

    Each Row is made when it is asked for: a hundred thousand that stay would take ten megabytes.
    """

    def __init__(self) -> None:
        self.images: list[ListedImage] = []
        self._readings: dict[int, Reading] = {}
        """Of the rows that have one."""
        self._blinded, self._series_read = bytearray(), bytearray()
        """Of each row 1 where it is so, else 0."""
        self._places = array("i")
        """Of each row its place in the order of the series, from 1; 0 while they are not known or
        change nothing."""

    def __len__(self) -> int:
        return len(self.images)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        read, blinded = self._readings.get(at), self._blinded[at] == 1
        return Row(self.images[at], at + 1, read, blinded, self._series_read[at] == 1)

    def known_of(self, at: int) -> tuple[ListedImage, Reading | None, bool]:
        """Image, reading and whether it is blinded, of a row; for who asks of all."""
        return self.images[at], self._readings.get(at), self._blinded[at] == 1

    def order(self, at: int) -> int:
        """Sorts rows as a reader meets them: series by series, once these are known."""
        return self._places[at] or at + 1

    def extend(self, images: Sequence[ListedImage]) -> None:
        """Add a row for each of these images."""
        self.images.extend(images)
        self._blinded.extend(bytes(len(images)))
        self._series_read.extend(bytes(len(images)))
        self._places.extend([0] * len(images))

    def set_reading(self, at: int, read: Reading | None) -> None:
        """Say what the reader said of a row."""
        if read is None:
            self._readings.pop(at, None)
        else:
            self._readings[at] = read

    def set_series_read(self, at: int, is_read: bool) -> None:
        """Say whether the reader has read the series of a row."""
        self._series_read[at] = is_read

    def blind(self, at: int, read_before_ai: bool) -> None:
        """Hide a row's score until the reader has read the image or its series, or show it."""
        self._blinded[at] = read_before_ai and self[at].is_unread

    def set_place(self, at: int, place: int) -> None:
        """Say where a row stands in the order of the series, from 1."""
        self._places[at] = place


def row_probability(row: Row) -> float:
    """The row's probability as the reader may see it, NaN without one."""
    known = None if row.known is None or row.is_blinded else row.known.probability
    return math.nan if known is None else known


def suspicion(probability: float) -> float:
    """What a probability is ordered by, smaller first; NaN comes last."""
    return 1.0 if math.isnan(probability) else -probability
