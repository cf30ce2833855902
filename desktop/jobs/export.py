"""Writes the export in a job: ten thousand rows take longer than the window may stand still."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from desktop.engine.report import ExportFiles, ReportError
from desktop.engine.report_rows import Origin
from desktop.engine.run import Exported, ExportOptions, Run
from desktop.jobs.job import Stopping
from imaging.messages import Message


@dataclass(frozen=True)
class Written:
    """What came of an export: its files, or the sentence that says why not and another name."""

    files: ExportFiles | None = None
    exported: Exported = field(default_factory=Exported)
    refusal: Message | None = None
    other: Path | None = None


@dataclass(frozen=True, eq=False)
class Wanted:
    """What to export, and where to."""

    target: Path
    run: Run
    origin: Origin
    shown: ExportOptions


def write_tables(wanted: Wanted, _stopping: Stopping) -> Written:
    """Write images.csv, series.csv and the sidecar beside each other."""
    try:
        files = ExportFiles.at(wanted.target)
        exported = wanted.run.export(files, wanted.origin, wanted.shown)
    except ReportError as error:
        return Written(refusal=error.message, other=error.other)
    return Written(files, exported)
