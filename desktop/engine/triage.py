"""Which series is scored next: a glance at each first, then the most suspicious one as a whole.

A list of many patients takes minutes. A bleed that a glance shows must not wait for its turn: a
series of which a glance is flagged is scored as a whole at once, before further glances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

BLOCK = 32
"""Series that are glanced at together; of a longer list the first are whole before others begin."""
LEAST = 8
"""Files of a series that is worth a glance; a shorter one is as soon scored."""
EACH, MOST = 10, 3
"""One file in so many is glanced at, and so many at most, evenly spaced through the series."""
NEVER = 2.0
"""A probability that no image reaches."""


class Triage:
    """The order of files, of which each series has some; ``arrived`` says when to change it."""

    def __init__(
        self,
        series: Sequence[Sequence[int]],
        suspicion: Callable[[int], float | None],
        flagged: float = NEVER,
    ) -> None:
        """``series``: the files of each that have no result yet, in its order.

        ``suspicion``: the highest probability that is known of a series, by its place in
        ``series``; None where nothing is. Such a series is glanced at. From the probability
        ``flagged`` on it does not wait for the glances at others.
        """
        self._series, self._suspicion, self._flagged = series, suspicion, flagged
        places = range(len(series))
        self._blocks = [places[start : start + BLOCK] for start in places[::BLOCK]]
        self._glances = [self._glanced_at(block) for block in self._blocks]
        self._awaited = {
            file: (number, place)
            for number, glances in enumerate(self._glances)
            for file, place in glances.items()
        }
        """Block and place of the series of each file that is glanced at and has not arrived."""
        self._missing = Counter(number for number, _ in self._awaited.values())
        """How many of these each block has."""
        self._urgent: list[int] = []
        """The places of the series with a flagged glance, the first one first."""

    def files(self) -> Iterator[int]:
        """Every file of every series; those that are glanced at come twice."""
        for block, glances in zip(self._blocks, self._glances, strict=True):
            yield from glances
            yield from self._whole(block)

    def arrived(self, file: int) -> list[int] | None:
        """The files to read next, now that a result of this one is known; None: go on as before."""
        if file not in self._awaited:
            return None
        number, place = self._awaited.pop(file)
        self._missing[number] -= 1
        is_new = place not in self._urgent and (self._suspicion(place) or 0.0) >= self._flagged
        if is_new:
            self._urgent.append(place)
        if self._missing[number] and not is_new:
            return None
        # One that was begun is not left for another.
        urgent = [file for at in self._urgent for file in self._series[at]]
        return urgent if self._missing[number] else [*urgent, *self._whole(self._blocks[number])]

    def _glanced_at(self, block: Sequence[int]) -> dict[int, int]:
        """The files of a block's series of which nothing is known, each with its series' place.

        Those in the middle of each series come first. None of a series alone.
        """
        if len(self._series) == 1:
            return {}
        unknown = [place for place in block if self._suspicion(place) is None]
        rounds = zip_longest(*(_spaced(self._series[place]) for place in unknown))
        return {
            file: place
            for each in rounds
            for file, place in zip(each, unknown, strict=True)
            if file is not None
        }

    def _whole(self, block: Sequence[int]) -> list[int]:
        """The files of a block's series, the most suspicious series first."""
        ordered = sorted(block, key=lambda place: -(self._suspicion(place) or 0.0))
        return [file for place in ordered for file in self._series[place]]


def _spaced(files: Sequence[int]) -> list[int]:
    """One file in EACH of a series, MOST at most, the middlemost first; none of fewer than LEAST.

    Blood is likeliest in the middle of a head.
    """
    if len(files) < LEAST:
        return []
    count = min(MOST, max(1, len(files) // EACH))
    places = [len(files) * number // (count + 1) for number in range(1, count + 1)]
    return [files[place] for place in sorted(places, key=lambda place: abs(2 * place - len(files)))]
