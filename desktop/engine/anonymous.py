"""Takes who a scan belongs to out of findings, for exports while identity is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.engine.aggregate import SeriesFinding
from desktop.engine.finding import Finding
from desktop.engine.reads import Read
from scans.scan import Identity


def anonymous_findings(findings: Sequence[Finding]) -> list[Finding]:
    """The same findings, in order, with numbers for names and without any id.

    Modality and instance number stay; problems lose their details, which may quote the header.
    """
    return [_anonymous(finding, number) for number, finding in enumerate(findings, start=1)]


def anonymous_series(series: Sequence[SeriesFinding]) -> list[SeriesFinding]:
    """The same series with numbers for names and without any id."""
    return [
        replace(each, name=f"series-{number}", identity=_remaining(each.identity))
        for number, each in enumerate(series, start=1)
    ]


def anonymous_read(read: Read | None) -> Read | None:
    """The same read without its comment, which may name someone."""
    return None if read is None else replace(read, comment="")


def _anonymous(finding: Finding, number: int) -> Finding:
    header = finding.header
    return replace(
        finding,
        path=Path(f"picture-{number:05d}"),
        problems=tuple(replace(problem, detail="") for problem in finding.problems),
        header=None if header is None else replace(header, identity=_remaining(header.identity)),
        sha256="",
    )


def _remaining(identity: Identity) -> Identity:
    return Identity(instance_number=identity.instance_number, modality=identity.modality)
