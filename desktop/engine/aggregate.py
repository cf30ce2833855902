"""What the findings of one series say together; a series is of one patient."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.engine.finding import Finding
from scans.errors import Code, Problem, Status, worst
from scans.scan import Identity
from scans.series import Order, group_series

ONE_IN = 20
"""A series counts as the probability that one in so many of its judged scans reaches.

A bleed lies on neighbouring slices; a lone slice that the network is wrongly sure of does not. With
the highest scan alone, the threshold of a long series lies above the most extreme of the known
negatives, where next to no slice with a bleed is found either.
"""
NO_SCANS = (Code.UNKNOWN_CONTENT, Code.EMPTY_FILE)
"""A note or a list of thumbnails beside the slices is none of them."""
TOP = 3
"""How many of the highest scans are named."""


def counted(judged: int) -> int:
    """How many of so many judged scans must reach a probability for the series to count as it."""
    return max(1, math.ceil(judged / ONE_IN))


def aggregation(judged: int) -> str:
    """How a series of so many judged scans comes to its probability, in a word for a table."""
    place = counted(judged)
    if place == 1:
        return "max"
    tail = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{'th' if 10 <= place % 100 <= 20 else tail} highest"


@dataclass(frozen=True)
class SeriesFinding:
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
    n_judged: int
    """Different scans with a probability. A copy of a scan is no further one."""
    probability: float | None
    """That of the scan which ``counted`` of ``n_judged`` reach."""
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


def series_findings(findings: Sequence[Finding]) -> list[SeriesFinding]:
    """Group findings into series and aggregate the probabilities of each.

    Failed files, and those whose turn had not come, have no header to say where they belong: they
    count to the series of their folder where there is only one, else to an entry of the folder's
    own, as does what is no scan at all.
    """
    places = [index for index, each in enumerate(findings) if each.header is not None]
    series = group_series(
        [(each.path, each.header) for each in findings if each.header is not None]
    )
    members = [[places[member] for member in each.members] for each in series]
    rest = _give_lost_rows(findings, members)
    together = [
        _aggregate(findings, each.name, tuple(rows), each.order, each.warnings)
        for each, rows in zip(series, members, strict=True)
    ]
    return together + [
        _aggregate(findings, folder.name, tuple(rows), None, ()) for folder, rows in rest.items()
    ]


def _give_lost_rows(findings: Sequence[Finding], members: list[list[int]]) -> dict[Path, list[int]]:
    """Add failed rows without a header to the only series of their folder; return the others."""
    lost = [(row, finding) for row, finding in enumerate(findings) if finding.header is None]
    rest: dict[Path, list[int]] = defaultdict(list)
    if not lost:
        return rest
    series_of: dict[Path, set[int]] = defaultdict(set)
    for number, rows in enumerate(members):
        for row in rows:
            series_of[findings[row].path.parent].add(number)
    for row, finding in lost:
        here = series_of[finding.path.parent]
        damaged = finding.status is Status.FAILED and finding.problems[0].code not in NO_SCANS
        if (damaged or not finding.is_screened) and len(here) == 1:
            members[min(here)].append(row)
        else:
            rest[finding.path.parent].append(row)
    return rest


def _aggregate(
    findings: Sequence[Finding],
    name: str,
    members: tuple[int, ...],
    order: Order | None,
    warnings: tuple[Problem, ...],
) -> SeriesFinding:
    known = {i: p for i in members if (p := findings[i].probability) is not None}
    ranked = sorted(known, key=lambda i: -known[i])  # equal ones stay in order
    best = {_content(findings[i]): known[i] for i in reversed(ranked)}  # of a scan and its copies
    different = sorted(best.values(), reverse=True)
    n_failed = len(members) - len(known)
    states = {findings[i].status for i in members}
    if not known:
        # Without weights, scans that were read have no probability either.
        status = worst(states)
    else:
        plain = not warnings and states == {Status.OK}
        status = Status.OK if plain else Status.WARNING
    header = findings[members[0]].header
    return SeriesFinding(
        name=name,
        identity=Identity() if header is None else header.identity,
        members=members,
        order=order,
        warnings=warnings,
        n_failed=n_failed,
        n_judged=len(different),
        probability=different[counted(len(different)) - 1] if different else None,
        highest=different[0] if different else None,
        top=tuple(ranked[:TOP]),
        status=status,
    )


def _content(finding: Finding) -> tuple[str, int]:
    """The same for a scan and its copies: by SOP Instance UID, else by the file's content."""
    uid = "" if finding.header is None else finding.header.identity.sop_uid
    return uid or finding.sha256 or str(finding.path), finding.frame
