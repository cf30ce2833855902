"""``cranioscope screen``: from paths to tables, and to rows on the terminal.

What is heavy is imported where it is needed, after the child processes have begun to start.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.terminal import (
    ALL_READ,
    NOTHING_DONE,
    SOME_WITHOUT_RESULT,
    open_classifier,
    refuse,
    say,
)

if TYPE_CHECKING:
    from desktop.engine.classifier import Classifier
    from desktop.engine.finding import Finding
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export
    from scans.sandbox import Sandbox


def screen(chosen: argparse.Namespace) -> int:
    """Screen the chosen paths, write the tables, print the rows; returns the exit code."""
    from scans.sandbox import Sandbox, SandboxError

    missing = [path for path in chosen.paths if _is_missing(path)]
    for path in missing:
        print(f"cranioscope: {path} does not exist.", file=sys.stderr)
    if len(missing) == len(chosen.paths):
        return NOTHING_DONE
    try:
        with Sandbox() as sandbox:
            sandbox.start()  # it takes as long as importing onnxruntime and opening the weights
            return _screen_in(sandbox, chosen)
    except SandboxError as error:
        return refuse(str(error))


def _is_missing(path: Path) -> bool:
    """Whether there is nothing by that name; what may not be looked at gets a row that says so."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _screen_in(sandbox: Sandbox, chosen: argparse.Namespace) -> int:
    from desktop.engine.classifier import ClassifierError
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export, ReportError, check_writable

    try:
        export = Export.at(chosen.csv, chosen.series_csv)
        check_writable(export)
        classifier = open_classifier(chosen)
    except (ClassifierError, ReportError) as error:
        return refuse(str(error))
    progress = Progress()
    findings = _findings(sandbox, chosen, classifier, progress)
    if not findings:
        return refuse("No files were found.")
    return _finish(chosen, export, classifier, findings, progress)


def _findings(
    sandbox: Sandbox, chosen: argparse.Namespace, classifier: Classifier, progress: Progress
) -> list[Finding]:
    """Screen everything; what is there when it is broken off is kept.

    Raises SandboxError where it broke off before the first.
    """
    from desktop.engine import screening
    from desktop.engine.progress import ProgressLine
    from scans.folder import find_scans
    from scans.sandbox import SandboxError

    findings: list[Finding] = []
    line = ProgressLine(sys.stderr, progress, quiet=chosen.no_progress)
    paths = [path.absolute() for path in chosen.paths]
    try:
        for finding in screening.screen(find_scans(paths), classifier, sandbox, progress):
            findings.append(replace(finding, thumbnail=None))  # a table shows none
            line.show()
    except KeyboardInterrupt:
        pass
    except SandboxError as error:
        if not findings:
            raise
        line.clear()
        print(f"cranioscope: broken off. {error}", file=sys.stderr)
    finally:
        line.clear()
    return findings


def _finish(
    chosen: argparse.Namespace,
    export: Export,
    classifier: Classifier,
    findings: list[Finding],
    progress: Progress,
) -> int:
    """Write the tables, then print the rows and the totals."""
    from desktop.engine.aggregate import series_findings
    from desktop.engine.report import RESEARCH_USE, Origin, ReportError, free_name, write_export
    from desktop.engine.summary import series_table, table, totals
    from desktop.log import log
    from desktop.resources import app_version

    card = classifier.card
    threshold = card.threshold if chosen.threshold is None else chosen.threshold
    origin = Origin(card, classifier.sha256, threshold, app_version())
    without = sum(finding.probability is None for finding in findings)
    log.info("screened %d rows, %d without result", len(findings), without)
    series = series_findings(findings)
    try:
        write_export(export, findings, series, origin, progress)
    except ReportError as error:
        # Whatever the screening took, it is not lost: it lies under the name that is offered.
        rescued = export.at(error.other or free_name(export.at(Path.cwd() / export.images.name)))
        with contextlib.suppress(ReportError):
            write_export(rescued, findings, series, origin, progress)
            print(f"cranioscope: the table is in {rescued.images}.", file=sys.stderr)
        return refuse(str(error))
    say(
        *table(findings, card, threshold),
        "",
        *series_table(series, card, threshold),
        *totals(findings, card, threshold, progress),
        classifier.provider_reason,
        RESEARCH_USE,
        f"Written: {export.images}, {export.series}, {export.sidecar}",
    )
    whole = progress.listed and len(findings) == progress.found
    return ALL_READ if whole and not without else SOME_WITHOUT_RESULT
