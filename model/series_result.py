"""What the findings of one series say together; a series is of one patient."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imaging.errors import Code, Problem, Status, worst
from imaging.image import Identity
from imaging.series import Order, group_series
from model.image_result import ImageResult

ONE_IN = 20
"""A series counts as the probability that one in so many of its judged scans reaches.

A bleed lies on neighbouring slices; a lone slice that the network is wrongly sure of does not. With
the highest scan alone, the threshold of a long series lies above the most extreme of the known
negatives, where next to no slice with a bleed is found either.
"""
NO_IMAGES = (Code.UNKNOWN_CONTENT, Code.EMPTY_FILE)
"""A note or a list of thumbnails beside the slices is none of them."""
TOP = 3
"""How many of the highest scans are named."""


def counted(assessed: int) -> int:
    """How many of so many judged scans must reach a probability for the series to count as it."""
    return max(1, math.ceil(assessed / ONE_IN))


def aggregation(assessed: int) -> str:
    """How a series of so many judged scans comes to its probability, in a word for a table."""
    place = counted(assessed)
    if place == 1:
        return "max"
    tail = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if 10 <= place % 100 <= 20 else tail} highest"


@dataclass(frozen=True)
class SeriesResult:
    """One series, or the rows of one folder that belong to none. Every row is in exactly one."""

    name: str
    identity: Identity
    """Of its first scan; the fields of single images mean nothing here."""
    members: tuple[int, ...]
    """Indices into the findings, in the order of the series."""
    order: Order | None
    """The rule that ordered it; None where nothing could."""
    warnings: tuple[Problem, ...]
    n_failed: int
    """Members without a probability, for whatever reason."""
    n_assessed: int
    """Different scans with a probability. A copy of a scan is no further one."""
    probability: float | None
    """That of the scan which ``counted`` of ``n_assessed`` reach."""
    highest: float | None
    """That of its highest scan."""
    top: tuple[int, ...]
    """Indices of the members with the highest probabilities, the highest first."""
    status: Status

    @property
    def reason(self) -> str:
        """Why the status is not ``ok``: plain sentences, one line."""
        sentences = [problem.sentence for problem in self.warnings]
        if self.n_failed:
            sentences.append(f"{self.n_failed} of {len(self.members)} without a result.")
        return " ".join(sentences)


def series_results(results: Sequence[ImageResult]) -> list[SeriesResult]:
    """Group findings into series and aggregate the probabilities of each.

    Failed files, and those whose turn had not come, have no header to say where they belong: they
    count to the series of their folder where there is only one, else to an entry of the folder's
    own, as does what is no scan at all.
    """
    places = [index for index, each in enumerate(results) if each.header is not None]
    series = group_series([(each.path, each.header) for each in results if each.header is not None])
    members = [[places[member] for member in each.members] for each in series]
    rest = _give_lost_rows(results, members)
    together = [
        _aggregate(results, each.name, tuple(rows), each.order, each.warnings)
        for each, rows in zip(series, members, strict=True)
    ]
    return together + [
        _aggregate(results, folder.name, tuple(rows), None, ()) for folder, rows in rest.items()
    ]


def _give_lost_rows(
    results: Sequence[ImageResult], members: list[list[int]]
) -> dict[Path, list[int]]:
    """Add failed rows without a header to the only series of their folder; return the others."""
    lost = [(row, result) for row, result in enumerate(results) if result.header is None]
    rest: dict[Path, list[int]] = defaultdict(list)
    if not lost:
        return rest
    series_of: dict[Path, set[int]] = defaultdict(set)
    for number, rows in enumerate(members):
        for row in rows:
            series_of[results[row].path.parent].add(number)
    for row, result in lost:
        here = series_of[result.path.parent]
        damaged = result.status is Status.FAILED and result.problems[0].code not in NO_IMAGES
        if (damaged or not result.is_screened) and len(here) == 1:
            members[min(here)].append(row)
        else:
            rest[result.path.parent].append(row)
    return rest


def _aggregate(
    results: Sequence[ImageResult],
    name: str,
    members: tuple[int, ...],
    order: Order | None,
    warnings: tuple[Problem, ...],
) -> SeriesResult:
    known = {i: p for i in members if (p := results[i].probability) is not None}
    ranked = sorted(known, key=lambda i: -known[i])  # equal ones stay in order
    best = {_content(results[i]): known[i] for i in reversed(ranked)}  # of a scan and its copies
    different = sorted(best.values(), reverse=True)
    n_failed = len(members) - len(known)
    states = {results[i].status for i in members}
    if not known:
        # Without weights, scans that were read have no probability either.
        status = worst(states)
    else:
        plain = not warnings and states == {Status.OK}
        status = Status.OK if plain else Status.WARNING
    header = results[members[0]].header
    return SeriesResult(
        name=name,
        identity=Identity() if header is None else header.identity,
        members=members,
        order=order,
        warnings=warnings,
        n_failed=n_failed,
        n_assessed=len(different),
        probability=different[counted(len(different)) - 1] if different else None,
        highest=different[0] if different else None,
        top=tuple(ranked[:TOP]),
        status=status,
    )


def _content(result: ImageResult) -> tuple[str, int]:
    """The same for a scan and its copies: by SOP Instance UID, else by the file's content."""
    uid = "" if result.header is None else result.header.identity.sop_uid
    return uid or result.sha256 or str(result.path), result.frame
