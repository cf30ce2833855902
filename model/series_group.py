"""SeriesGroup: which images are one series of one patient, known before anything is assessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from imaging.errors import Problem
from imaging.image import Identity
from imaging.series import Order, group_series
from model.listed_image import ListedImage, may_be_an_image

FEWEST, MOST, LEAST_FILLED = 8, 500, 0.8
"""Image files that may look like one series of one patient, see ``numbered``."""


@dataclass(frozen=True)
class SeriesGroup:
    """The images of one series, or those of one folder that belong to none."""

    name: str
    identity: Identity
    """Of its first image."""
    members: tuple[int, ...]
    """Indices into the list that was grouped, in the order of the series."""
    order: Order | None
    """The rule that ordered it; None where nothing could."""
    warnings: tuple[Problem, ...] = ()
    unplaced: tuple[int, ...] = ()
    """Indices of files beside its own whose headers are unknown: any of them may belong to it."""
    is_certain: bool = True
    """Whether its images are of one patient for certain: their headers identify them, or it is one
    file. Of a folder of unidentified images, any may be of another patient."""
    is_numbered: bool = False
    """Whether its files look like one series, see ``numbered``; only where it is not certain."""
    is_trusted: bool = False
    """Whether the reader has said that it is one series of one patient."""

    @property
    def is_unidentified(self) -> bool:
        """Whether no header names a patient, a study or a series: its images are unidentified."""
        return not self.identity.is_given

    @property
    def is_one_patient(self) -> bool:
        """Whether its images may be summed up to one result."""
        return self.is_certain or self.is_numbered or self.is_trusted


def group_images(images: Sequence[ListedImage]) -> list[SeriesGroup]:
    """Which images belong together, known from their headers before anything is assessed.

    Damaged files, and those whose headers are not known yet, count to the series of their folder
    where there is only one, else to an entry of the folder's own. So does what is no image at all.
    """
    places = [index for index, each in enumerate(images) if each.header is not None]
    series = group_series([(each.path, each.header) for each in images if each.header is not None])
    members = [[places[member] for member in each.members] for each in series]
    rest = _give_lost_files(images, members)
    together = [
        SeriesGroup(
            name=each.name,
            identity=_identity(images[own[0]]),
            members=tuple(own),
            order=each.order,
            warnings=each.warnings,
            unplaced=_beside(own, images, rest),
            is_certain=_is_certain([images[index] for index in own]),
            is_numbered=_is_numbered([images[index] for index in own]),
        )
        for each, own in zip(series, members, strict=True)
    ]
    return together + [
        SeriesGroup(folder.name, Identity(), tuple(lost), None) for folder, lost in rest.items()
    ]


def _is_certain(images: Sequence[ListedImage]) -> bool:
    """Whether a header identifies the images, or they are one file."""
    if _identity(images[0]).is_given:
        return True
    return all(each.path == images[0].path for each in images)


def _is_numbered(images: Sequence[ListedImage]) -> bool:
    """Whether unidentified images look like one series: by their names and sizes."""
    sizes = {(e.header.rows, e.header.columns) for e in images if e.header is not None}
    if _is_certain(images) or len(sizes) != 1:
        return False
    return numbered([each.path.stem for each in images])


def numbered(names: Sequence[str]) -> bool:
    """Whether names differ in one running number alone, as those of an exported series do.

    At least FEWEST and at most MOST of them, and LEAST_FILLED of the numbers between the lowest
    and the highest are there. A data set of single images of many patients mostly has other names;
    one that has not is why the result says what it rests on.
    """
    if not FEWEST <= len(names) <= MOST:
        return False
    parts = [re.split(r"([0-9]+)", name) for name in names]
    if len({len(each) for each in parts}) != 1:
        return False
    places = [
        place for place, column in enumerate(zip(*parts, strict=True)) if len(set(column)) > 1
    ]
    if len(places) != 1 or places[0] % 2 == 0:
        return False
    numbers = {int(each[places[0]]) for each in parts}
    return len(numbers) >= LEAST_FILLED * (max(numbers) - min(numbers) + 1)


def _identity(image: ListedImage) -> Identity:
    return Identity() if image.header is None else image.header.identity


def _beside(
    own: Iterable[int], images: Sequence[ListedImage], rest: dict[Path, list[int]]
) -> tuple[int, ...]:
    """What lies in the folders of a series, has no header and may be an image of it."""
    folders = {images[index].folder for index in own} if rest else ()
    lost = (index for folder in folders for index in rest.get(folder, ()))
    return tuple(sorted(index for index in lost if may_be_an_image(images[index])))


def _give_lost_files(
    images: Sequence[ListedImage], members: list[list[int]]
) -> dict[Path, list[int]]:
    """Add files without a header to the only series of their folder; return the others."""
    lost = [(index, image) for index, image in enumerate(images) if image.header is None]
    rest: dict[Path, list[int]] = defaultdict(list)
    if not lost:
        return rest
    series_of: dict[Path, set[int]] = defaultdict(set)
    for number, own in enumerate(members):
        for index in own:
            series_of[images[index].folder].add(number)
    for index, image in lost:
        here = series_of[image.folder]
        if may_be_an_image(image) and len(here) == 1:
            members[min(here)].append(index)
        else:
            rest[image.folder].append(index)
    return rest
