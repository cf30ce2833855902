"""What a reader says of an image or of a series: label, comment, confidence, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Label(StrEnum):
    """Whether the reader says that the finding is there. Values stand in exported CSV files."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Reading:
    """What the reader said of one image, and when."""

    label: Label | None
    """None: no label so far."""
    comment: str
    time: datetime
    """With its zone."""
    is_key: bool = False
    """A key image: the reader wants to find it again."""
    measurements: str = ""
    """What was measured on it, in the format of ``measured``."""
    reader: str = ""
    """Name or initials; empty where the reader gave none."""


@dataclass(frozen=True)
class SeriesReading:
    """What one reader said of one series, once."""

    label: Label | None
    """None: an earlier reading is taken back."""
    time: datetime
    """With its zone."""
    comment: str = ""
    confidence: int | None = None
    """In per cent, 0 to 100; None where none was given."""
    reader: str = ""
    """Name or initials; empty where the reader gave none."""
    seconds: float | None = None
    """From the first sight of the series to the reading."""
    blinded: bool = False
    """Whether it was given before the score could be seen."""


@dataclass(frozen=True)
class Draft:
    """What a reader has said of a series before giving it a label."""

    comment: str = ""
    confidence: int | None = None
    """In per cent, 0 to 100; None where none was given."""


NO_DRAFT = Draft()


def agrees(reading: Reading | None, prediction: int | None) -> bool | None:
    """Whether reader and threshold (1: at or above it) say the same; None: one says nothing."""
    if reading is None or prediction is None:
        return None
    if reading.label not in (Label.PRESENT, Label.ABSENT):
        return None
    return (reading.label is Label.PRESENT) == (prediction == 1)
