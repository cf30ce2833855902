"""What tells series of one name apart: their number, kernel, thickness, how many images."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields

from PySide6.QtCore import QCoreApplication

from desktop.tables import words
from desktop.tables.row import Row
from model.series_group import SeriesGroup

translate = QCoreApplication.translate


@dataclass(frozen=True)
class SeriesMark:
    """What a series is known by beside another of its name; None or empty: nothing of that."""

    series_number: int | None = None
    """In the header."""
    kernel: str = ""
    """Convolution kernel."""
    thickness: float | None = None
    """Of the slices, in mm."""
    images: int | None = None
    place: tuple[int, int] | None = None
    """Which one it is of how many, where the header tells nothing else."""

    def text(self) -> str:
        """In the reader's language, on one line."""
        parts = [
            ""
            if self.series_number is None
            else translate("Worklist", "no. {0}").format(self.series_number),
            words.visible(self.kernel),
            "" if self.thickness is None else f"{self.thickness:g} mm",
            "" if self.images is None else words.slices(self.images),
            "" if self.place is None else "{}/{}".format(*self.place),
        ]
        return " · ".join(filter(None, parts))


def series_marks(groups: Sequence[SeriesGroup], rows: Sequence[Row]) -> Mapping[int, SeriesMark]:
    """The mark of each series that has name and study time of another one of its patient.

    By the place of its group. Only what differs is in it. Unidentified series have none.
    """
    alike: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        who = group.identity
        if not group.is_unidentified:
            key = *who.patient_key, who.study_date, who.study_time, group.name
            alike.setdefault(key, []).append(at)
    marks: dict[int, SeriesMark] = {}
    for places in alike.values():
        if len(places) > 1:
            every = [_mark(groups[at], rows) for at in places]
            marks.update(zip(places, _differing(every), strict=True))
    return marks


def _mark(group: SeriesGroup, rows: Sequence[Row]) -> SeriesMark:
    """All that could be said of a series."""
    number, images = group.identity.series_number, len(group.members)
    header = next((rows[at].header for at in group.members if rows[at].header), None)
    if header is None:
        return SeriesMark(number, images=images)
    return SeriesMark(number, header.acquisition.kernel, header.geometry.thickness, images)


def _differing(marks: Sequence[SeriesMark]) -> list[SeriesMark]:
    """What is not the same in all of them; where two would still look alike, their place."""
    names = [each.name for each in fields(SeriesMark)]
    told = [name for name in names if len({getattr(mark, name) for mark in marks}) > 1]
    kept = [SeriesMark(**{name: getattr(mark, name) for name in told}) for mark in marks]
    if len(set(kept)) == len(kept):
        return kept
    return [SeriesMark(place=(at, len(kept))) for at in range(1, len(kept) + 1)]
