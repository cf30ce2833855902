"""Exports the results: images.csv, series.csv, and a sidecar that says whether they are whole."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import io
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from pathlib import Path

from desktop.engine.progress import Progress
from desktop.engine.readings import Reading, SeriesReading
from desktop.engine.report_rows import (
    Hidden,
    image_columns,
    image_row,
    series_columns,
    series_row,
)
from desktop.engine.report_rows import (
    Origin as Origin,
)
from desktop.engine.targets import Standing, Target, targets_of
from desktop.messages import CommandCode
from desktop.reasons import reason_of
from imaging.files.atomic import Pending, try_to_write, write_beside
from imaging.messages import Message, MessageCode, MessageError
from model.built_in import is_built_in
from model.card import ModelCard
from model.image_result import ImageResult
from model.series_head import SeriesHead
from model.series_notes import context_evidence_notes, head_notes
from model.series_point import FALSE_ALARMS, NO_LABELLED_SERIES, RULE
from model.series_result import ONE_IN, SeriesResult

RESEARCH_USE = CommandCode.RESEARCH_USE.template
_ROWS_AT_ONCE = 256


class ReportCode(MessageCode):
    """Why a table is not written."""

    NO_NAME = "report_no_name", "{path} is a folder."
    ONE_FILE = "report_one_file", "{name} is wanted for two tables: name another one."
    NO_FOLDER = "report_no_folder", "{name} cannot be written: its folder does not exist."
    IN_USE = (
        "report_in_use",
        "{name} cannot be written: it is open in another program, such as Excel, "
        "or this folder may not be written to.",
    )
    DISK_FULL = (
        "report_disk_full",
        "{name} cannot be written: the disk is full. What was there is untouched.",
    )
    FOLDER = "report_folder", "{name} cannot be written: it is a folder."
    CANNOT_WRITE = "report_cannot_write", "{name} cannot be written: {reason}."
    INPUT = "report_input", "{name} is not replaced: it is one of the opened files."
    SPECIAL = "report_special", "{name} is not written: it is a device, a pipe or a socket."
    FOREIGN = "report_foreign", "{name} exists and was not written by this program."
    LINK = "report_link", "{name} is a link: a file elsewhere would be replaced."
    NO_PYARROW = (
        "report_no_pyarrow",
        "pyarrow is not installed: pip install 'cranioscope[cluster]'.",
    )
    ANOTHER_NAME = "report_another_name", "{why} Another name: {other}."


_REFUSALS = {
    Standing.INPUT: ReportCode.INPUT,
    Standing.SPECIAL: ReportCode.SPECIAL,
    Standing.FOREIGN: ReportCode.FOREIGN,
    Standing.LINK: ReportCode.LINK,
}


class ReportError(MessageError):
    """A table could not be written.

    ``other`` is a name for the table of images, to offer instead; None where no name would help.
    ``can_be_confirmed``: it would be written, if the user said that the file may be replaced.
    """

    def __init__(self, why: Message, other: Path | None, *, can_be_confirmed: bool = False) -> None:
        if other is not None:
            why = Message(ReportCode.ANOTHER_NAME, why=why, other=other.name)
        super().__init__(why)
        self.other = other
        self.can_be_confirmed = can_be_confirmed


@dataclass(frozen=True)
class ExportFiles:
    """The files of one export."""

    images: Path
    series: Path
    sidecar: Path

    @classmethod
    def at(cls, images: Path, series: Path | None = None) -> ExportFiles:
        """The names that go with a table of images.

        Beside NAME.csv lie NAME.series.csv and NAME.csv.json, beside images.csv lies series.csv.
        Raises ReportError where two of them are one file, or ``images`` has no name.
        """
        if not images.name:
            other = images / "images.csv"
            raise ReportError(Message(ReportCode.NO_NAME, path=str(images)), other)
        stem = "series" if images.stem == "images" else f"{images.stem}.series"
        default = images.with_name(f"{stem}{images.suffix or '.csv'}")
        made = cls(images, series or default, images.with_name(f"{images.name}.json"))
        if len({os.path.realpath(each) for each in made.files}) < len(made.files):
            raise ReportError(Message(ReportCode.ONE_FILE, name=made.series.name), None)
        return made

    @property
    def files(self) -> tuple[Path, Path, Path]:
        """All of them, in the order in which they are written."""
        return self.series, self.images, self.sidecar

    def targets(self, opened: Sequence[Path], found: Sequence[Path] = ()) -> list[Target]:
        """What lies where these files are to be written; see ``targets_of``. Raises ReportError."""
        with _as_report_error(self.images, self):
            return targets_of(*self.files, opened, found)


@dataclass(frozen=True)
class Replacing:
    """Which files an export may replace beside its own earlier ones."""

    opened: Sequence[Path] = ()
    """The paths that the user opened: nothing that they name or hold is ever replaced."""
    confirmed: Collection[Path] = ()
    """Files of the export that the user said may be replaced, whosever they are."""


OURS_ALONE = Replacing()
"""Replace nothing but an earlier export of ours."""


def check_writable(export: ExportFiles, replacing: Replacing = OURS_ALONE) -> None:
    """See that an export can be written, before the work is done for it. Raises ReportError."""
    _check_targets(export, replacing, ())
    for target in (export.images, export.series, export.sidecar):
        with _as_report_error(target, export):
            try_to_write(target)


def _check_targets(export: ExportFiles, replacing: Replacing, found: Sequence[Path]) -> None:
    for target in export.targets(replacing.opened, found):
        if is_refused(target, confirmed=target.path in replacing.confirmed):
            raise refusal_of(target, free_name(export))


def is_refused(target: Target, *, confirmed: bool) -> bool:
    """Whether what lies at a place must stay there."""
    return target.is_never_replaced or (target.needs_confirmation and not confirmed)


def refusal_of(target: Target, other: Path | None) -> ReportError:
    """Why it stays; ``other``: a name to offer instead."""
    why = Message(_REFUSALS[target.standing], name=target.path.name)
    return ReportError(why, other, can_be_confirmed=not target.is_never_replaced)


def write_export(
    export: ExportFiles,
    results: Sequence[ImageResult],
    series: Sequence[SeriesResult],
    origin: Origin,
    progress: Progress,
    reader_labels: Sequence[Reading | None] = (),
    replacing: Replacing = OURS_ALONE,
    series_readings: Sequence[SeriesReading | None] = (),
    hidden: Hidden | None = None,
) -> None:
    """Write both tables and the sidecar: all of them are whole before the first takes its place.

    The sidecar comes last and holds the tables' hashes: one older than its tables gives itself
    away. ``progress``: how much there was to find; ``hidden``: what the reader must not see. Only
    our own earlier export and what ``replacing`` has confirmed is replaced. Raises ReportError.
    """
    _check_targets(export, replacing, [each.path for each in results])
    name = origin.card.class_name
    read_series = zip(series, series_readings or repeat(None), strict=False)
    series_rows = (series_row(each, results, origin, read, hidden) for each, read in read_series)
    image_rows = _image_rows(results, series, origin, reader_labels, hidden)
    series_table = _Table(series_columns(name), series_rows)
    images_table = _Table(image_columns(name), image_rows)
    pending: list[Pending] = []
    try:
        for target, table in ((export.series, series_table), (export.images, images_table)):
            pending.append(_beside(target, table.chunks(), export))
        tables = {
            "images": images_table.described(export.images.name),
            "series": series_table.described(export.series.name),
        }
        content = _json(sidecar(results, origin, progress) | {"tables": tables})
        pending.append(_beside(export.sidecar, [content], export))
        for each in pending:
            with _as_report_error(each.target, export):
                each.place()
    finally:
        for each in pending:
            each.drop()


def _image_rows(
    results: Sequence[ImageResult],
    series: Sequence[SeriesResult],
    origin: Origin,
    reader_labels: Sequence[Reading | None],
    hidden: Hidden | None,
) -> Iterator[tuple[str, ...]]:
    """Each image with its score in context; the series' members are places of images."""
    rules = origin.series_rules
    known = {at: score for each in series for at, score in rules.in_context(each).items()}
    said = zip(results, reader_labels or repeat(None), strict=False)
    for at, (each, read) in enumerate(said):
        is_hidden = hidden is not None and at in hidden.images
        yield image_row(each, origin, read, known.get(at), is_hidden=is_hidden)


def _json(content: dict[str, object]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=True) + "\n").encode("ascii")


def _beside(target: Path, chunks: Iterable[bytes], export: ExportFiles) -> Pending:
    with _as_report_error(target, export):
        try_to_write(target)
        return write_beside(target, chunks)


def is_finished(results: Sequence[ImageResult], progress: Progress) -> bool:
    """Whether the results are of all that was found, and none of them waits."""
    return (
        progress.listed
        and progress.found >= progress.files
        and len(results) == progress.found
        and all(each.is_screened for each in results)
    )


def sidecar(
    results: Sequence[ImageResult], origin: Origin, progress: Progress
) -> dict[str, object]:
    """What the tables' columns have no room for, as values that JSON can hold."""
    card = origin.card
    return {
        "use": RESEARCH_USE,
        "finished": is_finished(results, progress),
        "files_found": progress.files,
        "rows_found": progress.found,
        "rows_written": len(results),
        "grouped_by_name": origin.grouped_by,
        "folders_are_series": origin.folders_are_series,
        "class_name": card.class_name,
        "threshold": origin.threshold,
        "default_threshold": card.threshold,
        "series_head": _series_head(card),
        "aggregation": f"what one in {ONE_IN} of its assessed images reaches",
        "series_threshold": f"{RULE} {NO_LABELLED_SERIES}",
        "series_false_alarms_allowed": FALSE_ALARMS,
        "out_of_fold_negatives": card.out_of_fold.labels.count(0),
        "model": {
            "name": card.name,
            "sha256": origin.sha256,
            "precision": card.precision,
            "built_in": is_built_in(origin.sha256),
        },
        "execution_providers": sorted({each.provider for each in results} - {""}),
        "app_version": origin.app_version,
        "written_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def _series_head(card: ModelCard) -> dict[str, object] | None:
    """By what, and how well, series of enough assessed images were decided; None without a head.

    Without one, and for shorter series, ``aggregation`` and ``series_threshold`` say the rule.
    """
    head = card.series_head
    if head is None:
        return None
    counts = head.evidence.counts
    _, *whose = head_notes(head, card.precision)
    return {
        "fewest_assessed_images": head.least,
        "threshold": head.threshold(),
        "threshold_rule": head.point().rule,
        "examinations": counts.total,
        "sources": sorted(set(head.evidence.sources)),
        "sensitivity": str(counts.sensitivity),
        "specificity": str(counts.specificity),
        "evidence_note": " ".join(map(str, whose)),
        "slices_in_context": _slice_context(head, card.precision),
    }


def _slice_context(head: SeriesHead, precision: str) -> dict[str, object] | None:
    """What the scores in context are compared with, and how well that fares; None without any."""
    if (context := head.context) is None:
        return None
    evidence = context.evidence
    return {
        "threshold": context.point.threshold,
        "threshold_rule": context.point.rule,
        "slices_on_either_side": context.reach,
        "slices": len(evidence.labels),
        "examinations": evidence.n_examinations,
        "sensitivity": str(evidence.sensitivity),
        "specificity": str(evidence.specificity),
        "evidence_note": " ".join(map(str, context_evidence_notes(head, precision))),
    }


@dataclass
class _Table:
    """Bytes of one table, counted and hashed on their way to the disk."""

    columns: Sequence[str]
    cells: Iterable[Sequence[str]]
    rows: int = 0
    digest: str = field(default="", init=False)

    def chunks(self) -> Iterator[bytes]:
        """UTF-8 with a byte order mark, CRLF, a header row."""
        digest = hashlib.sha256()
        for chunk in self._encoded():
            digest.update(chunk)
            yield chunk
        self.digest = digest.hexdigest()

    def _encoded(self) -> Iterator[bytes]:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        text.write("\ufeff")
        writer.writerow(self.columns)
        for row in self.cells:
            writer.writerow(row)
            self.rows += 1
            if self.rows % _ROWS_AT_ONCE == 0:
                yield text.getvalue().encode("utf-8")
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode("utf-8")

    def described(self, name: str) -> dict[str, object]:
        """What the sidecar says of it."""
        return {"name": name, "rows": self.rows, "sha256": self.digest}


@contextlib.contextmanager
def _as_report_error(target: Path, export: ExportFiles) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:  # another name would not help
        raise ReportError(Message(ReportCode.NO_FOLDER, name=target.name), None) from error
    except OSError as error:
        raise ReportError(why_not_written(target, error), free_name(export)) from error


def why_not_written(target: Path, error: Exception) -> Message:
    """Why an error kept a file from being written, in words."""
    if isinstance(error, PermissionError):
        return Message(ReportCode.IN_USE, name=target.name)
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Message(ReportCode.DISK_FULL, name=target.name)
    if isinstance(error, IsADirectoryError):
        return Message(ReportCode.FOLDER, name=target.name)
    return Message(ReportCode.CANNOT_WRITE, name=target.name, reason=reason_of(error))


def free_name(export: ExportFiles) -> Path:
    """A name beside the table of images that no export has yet: out-2.csv for out.csv."""
    number = 2
    while True:
        other = ExportFiles.at(export.images.with_stem(f"{export.images.stem}-{number}"))
        if not any(map(os.path.lexists, other.files)):  # where Path.exists may raise
            return other.images
        number += 1
