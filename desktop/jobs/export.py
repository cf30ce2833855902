"""Writes the export in a job: ten thousand rows take longer than the window may stand still."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.engine.anonymous import Anonymous, anonymous_reading
from desktop.engine.progress import Progress
from desktop.engine.reader_labels import Reading
from desktop.engine.report import Export, Replacing, ReportError, write_export
from desktop.engine.report_rows import Origin
from desktop.jobs.job import Stopping
from imaging.messages import Message
from model.image_result import ImageResult
from model.series_result import series_results


@dataclass(frozen=True)
class Written:
    """What came of an export: its files, or the sentence that says why not and another name."""

    files: Export | None = None
    refusal: Message | None = None
    other: Path | None = None


@dataclass(frozen=True, eq=False)
class Wanted:
    """What to export, and where to."""

    target: Path
    results: Sequence[ImageResult]
    origin: Origin
    progress: Progress
    reader_labels: Sequence[Reading | None]
    """What the reader said of each finding."""
    hide_identity: bool
    replacing: Replacing


def write_tables(wanted: Wanted, _stopping: Stopping) -> Iterator[Written]:
    """Write images.csv, series.csv and the sidecar beside each other; one item."""
    results = list(wanted.results)
    series = series_results(results)
    reader_labels = wanted.reader_labels
    if wanted.hide_identity:
        anonymous = Anonymous()
        results, series = anonymous.results(results), anonymous.series(series)
        reader_labels = [anonymous_reading(read) for read in reader_labels]
    try:
        files = Export.at(wanted.target)
        write_export(
            files,
            results,
            series,
            wanted.origin,
            wanted.progress,
            reader_labels,
            wanted.replacing,
        )
    except ReportError as error:
        yield Written(refusal=error.message, other=error.other)
    else:
        yield Written(files)
