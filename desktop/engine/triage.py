"""Which series is scored next: a glance at each first, then the most suspicious one as a whole.

A list of many patients takes minutes. A bleed that a glance shows must not wait for its turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

BLOCK = 32
"""Series that are glanced at together; of a longer list the first are whole before others begin."""
LEAST = 8
"""Files of a series that is worth a glance; a shorter one is as soon scored."""
EACH, MOST = 10, 3
"""One file in so many is glanced at, and so many at most, evenly spaced through the series."""


class Triage:
    """The order of files, of which each series has some; ``arrived`` says when to change it."""

    def __init__(
        self, series: Sequence[Sequence[int]], suspicion: Callable[[int], float | None]
    ) -> None:
        """``series``: the files of each that have no result yet, in its order.

        ``suspicion``: the highest probability that is known of a series, by its place in
        ``series``; None where nothing is. Such a series is glanced at.
        """
        self._series, self._suspicion = series, suspicion
        places = range(len(series))
        self._blocks = [places[start : start + BLOCK] for start in places[::BLOCK]]
        self._glances = [self._glanced_at(block) for block in self._blocks]
        self._awaited = {
            file: number for number, files in enumerate(self._glances) for file in files
        }
        """The block of each file that is glanced at and has not arrived."""
        self._missing = Counter(self._awaited.values())
        """How many of these each block has."""

    def files(self) -> Iterator[int]:
        """Every file of every series; those that are glanced at come twice."""
        for block, glances in zip(self._blocks, self._glances, strict=True):
            yield from glances
            yield from self._whole(block)

    def arrived(self, file: int) -> list[int] | None:
        """The files to read next, now that a result of this one is known; None: go on as before."""
        number = self._awaited.pop(file, None)
        if number is None:
            return None
        self._missing[number] -= 1
        return None if self._missing[number] else self._whole(self._blocks[number])

    def _glanced_at(self, block: Sequence[int]) -> list[int]:
        """The files of a block's series of which nothing is known; none of a series alone."""
        if len(self._series) == 1:
            return []
        unknown = (place for place in block if self._suspicion(place) is None)
        return [file for place in unknown for file in _spaced(self._series[place])]

    def _whole(self, block: Sequence[int]) -> list[int]:
        """The files of a block's series, the most suspicious series first."""
        ordered = sorted(block, key=lambda place: -(self._suspicion(place) or 0.0))
        return [file for place in ordered for file in self._series[place]]


def _spaced(files: Sequence[int]) -> list[int]:
    """One file in EACH of a series, MOST at most; none of fewer than LEAST."""
    if len(files) < LEAST:
        return []
    count = min(MOST, max(1, len(files) // EACH))
    return [files[len(files) * number // (count + 1)] for number in range(1, count + 1)]
