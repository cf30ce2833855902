"""Groups of unidentified images by their files' names: nothing else tells their patients apart.

A pattern is text in which ``{patient}`` stands for what all images of one patient share and ``*``
for anything: ``{patient}_*`` puts ``P7_01.png`` and ``P7_02.png`` into the group ``P7``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from imaging.files.natural_order import name_key
from imaging.series import Order
from model.listed_image import ListedImage
from model.series_group import SeriesGroup

PATIENT = "{patient}"
LONGEST = 100
"""Letters of a pattern."""
MOST_STARS = 3
"""More would let a name be tried in too many ways."""
ENOUGH = 0.8
"""Share of the names that a pattern must fit to be offered."""
_SEPARATORS = ("_", "-", " ", ".")


@dataclass(frozen=True)
class NamePattern:
    """A pattern that has been checked. Raises ValueError for a text that is none."""

    text: str

    def __post_init__(self) -> None:
        stars = self.text.count("*")
        if self.text.count(PATIENT) != 1 or stars > MOST_STARS or len(self.text) > LONGEST:
            raise ValueError("not a pattern")

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        before, after = (
            ".*".join(map(re.escape, part.split("*"))) for part in self.text.split(PATIENT)
        )
        return re.compile(f"{before}(.+?){after}", re.DOTALL)

    def group_of(self, path: Path) -> str:
        """The group of a file, by its name without the suffix; empty where it is in none."""
        found = self._expression.fullmatch(path.stem)
        return found.group(1) if found else ""


def guessed_pattern(paths: Sequence[Path]) -> str:
    """A pattern that makes at least two groups of several images each; empty without one."""
    separated = [f"{PATIENT}{sign}*" for sign in _SEPARATORS]
    second = [f"*{sign}{PATIENT}{sign}*" for sign in _SEPARATORS]
    for text in (*separated, *second):
        groups = Counter(map(NamePattern(text).group_of, paths))
        without = groups.pop("", 0)
        fits = len(paths) - without >= ENOUGH * len(paths)
        if fits and len(groups) >= 2 and sum(groups.values()) >= 2 * len(groups):
            return text
    return ""


def grouped_by_name(
    series: Iterable[SeriesGroup], images: Sequence[ListedImage], pattern: NamePattern
) -> tuple[SeriesGroup, ...]:
    """Each unidentified series as one series a group; what the pattern does not fit is in none.

    The reader has said that a group is of one patient: it is trusted, and has a result.
    """
    made: list[SeriesGroup] = []
    for each in series:
        if not each.is_unidentified:
            made.append(each)
            continue
        members: dict[str, list[int]] = {}
        for index in each.members:
            name = pattern.group_of(images[index].path)
            if name:
                members.setdefault(name, []).append(index)
        unplaced = {index: pattern.group_of(images[index].path) for index in each.unplaced}
        for name, own in sorted(members.items()):
            # A damaged file may belong to its own group, and one without a group to any.
            lost = tuple(index for index, of in unplaced.items() if of in ("", name))
            ordered = _ordered(own, images)
            made.append(replace(each, name=name, members=ordered, unplaced=lost, is_trusted=True))
    return tuple(
        replace(each, order=Order.FILE_NAME) if each.is_unidentified else each for each in made
    )


def _ordered(members: Iterable[int], images: Sequence[ListedImage]) -> tuple[int, ...]:
    """By natural file name, then by frame."""
    named = ((name_key(images[at].name), images[at].frame, at) for at in members)
    return tuple(at for _, _, at in sorted(named))
