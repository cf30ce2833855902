"""Writes the export in a job: ten thousand rows take longer than the window may stand still."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from desktop.engine.report import ExportFiles, ReportError
from desktop.engine.report_rows import Origin
from desktop.engine.run import Exported, ExportOptions, Run
from desktop.jobs.job import Stopping
from imaging.messages import Message


@dataclass(frozen=True, eq=False)
class Wanted:
    """What to export, and where to. Nothing that is opened or chosen later changes it."""

    target: Path
    run: Run
    """As it was when the export was asked for."""
    origin: Origin
    shown: ExportOptions


@dataclass(frozen=True, eq=False)
class Written:
    """What came of an export: its files, or the sentence that says why not and another name."""

    wanted: Wanted
    files: ExportFiles | None = None
    exported: Exported = field(default_factory=Exported)
    refusal: Message | None = None
    other: Path | None = None


def write_tables(wanted: Wanted, _stopping: Stopping) -> Written:
    """Write images.csv, series.csv and the sidecar beside each other."""
    try:
        files = ExportFiles.at(wanted.target)
        exported = wanted.run.export(files, wanted.origin, wanted.shown)
    except ReportError as error:
        return Written(wanted, refusal=error.message, other=error.other)
    return Written(wanted, files, exported)
