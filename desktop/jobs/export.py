"""Writes the export in a job: ten thousand rows take longer than the window may stand still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.engine.aggregate import series_findings
from desktop.engine.anonymous import Anonymous, anonymous_read
from desktop.engine.finding import Finding
from desktop.engine.progress import Progress
from desktop.engine.reads import Read
from desktop.engine.report import Export, ReportError, write_export
from desktop.engine.report_rows import Origin
from desktop.jobs.job import Stopping


@dataclass(frozen=True)
class Written:
    """What came of an export: its files, or the sentence that says why not and another name."""

    files: Export | None = None
    refusal: str = ""
    other: Path | None = None


@dataclass(frozen=True, eq=False)
class Wanted:
    """What to export, and where to."""

    target: Path
    findings: Sequence[Finding]
    origin: Origin
    progress: Progress
    reads: Sequence[Read | None]
    """What the reader said of each finding."""
    hide_identity: bool


def write_tables(wanted: Wanted, _stopping: Stopping) -> Iterator[Written]:
    """Write images.csv, series.csv and the sidecar beside each other; one item."""
    findings = list(wanted.findings)
    series = series_findings(findings)
    reads = wanted.reads
    if wanted.hide_identity:
        anonymous = Anonymous()
        findings, series = anonymous.findings(findings), anonymous.series(series)
        reads = [anonymous_read(read) for read in reads]
    try:
        files = Export.at(wanted.target)
        write_export(files, findings, series, wanted.origin, wanted.progress, reads)
    except ReportError as error:
        yield Written(refusal=str(error), other=error.other)
    else:
        yield Written(files)
