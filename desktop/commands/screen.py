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

from desktop.commands.terminal import (
    ALL_READ,
    NOTHING_DONE,
    SOME_WITHOUT_RESULT,
    open_session_of,
    refuse,
    say,
)

if TYPE_CHECKING:
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export, Replacing
    from imaging.sandbox.sandbox import Sandbox
    from model.image_result import ImageResult
    from model.session import Session


def screen(chosen: argparse.Namespace) -> int:
    """Screen the chosen paths, write the tables, print the rows; returns the exit code."""
    from imaging.sandbox.sandbox import Sandbox, SandboxError

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
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export, ReportError, check_writable
    from model.session import SessionError

    try:
        export = Export.at(chosen.csv, chosen.series_csv)
        check_writable(export, _replacing(chosen, export))
        session = open_session_of(chosen)
    except ReportError as error:
        return refuse(f"{error} --overwrite replaces it." if error.can_be_confirmed else str(error))
    except SessionError as error:
        return refuse(str(error))
    progress = Progress()
    results = _results(sandbox, chosen, session, progress)
    if not results:
        return refuse("No files were found.")
    return _finish(chosen, export, session, results, progress)


def _replacing(chosen: argparse.Namespace, export: Export) -> Replacing:
    from desktop.engine.report import Replacing

    return Replacing(chosen.paths, export.files if chosen.overwrite else ())


def _results(
    sandbox: Sandbox, chosen: argparse.Namespace, session: Session, progress: Progress
) -> list[ImageResult]:
    """Screen everything; what is there when it is broken off is kept.

    Raises SandboxError where it broke off before the first.
    """
    from desktop.engine import screening
    from desktop.engine.progress import ProgressLine
    from imaging.files.find import find_files
    from imaging.sandbox.sandbox import SandboxError

    results: list[ImageResult] = []
    line = ProgressLine(sys.stderr, progress, quiet=chosen.no_progress)
    paths = [path.absolute() for path in chosen.paths]
    try:
        for result in screening.screen(find_files(paths), session, sandbox, progress):
            results.append(replace(result, thumbnail=None))  # a table shows none
            line.show()
    except KeyboardInterrupt:
        pass
    except SandboxError as error:
        if not results:
            raise
        line.clear()
        print(f"cranioscope: broken off. {error}", file=sys.stderr)
    finally:
        line.clear()
    return results


def _finish(
    chosen: argparse.Namespace,
    export: Export,
    session: Session,
    results: list[ImageResult],
    progress: Progress,
) -> int:
    """Write the tables, then print the rows and the totals."""
    from desktop.engine.report import RESEARCH_USE, Origin, ReportError, free_name, write_export
    from desktop.engine.summary import series_table, table, totals
    from desktop.log import log
    from desktop.resources import app_version
    from model.series_result import series_results

    card = session.card
    threshold = card.threshold if chosen.threshold is None else chosen.threshold
    origin = Origin(card, session.sha256, threshold, app_version())
    without = sum(result.probability is None for result in results)
    log.info("screened %d rows, %d without result", len(results), without)
    series = series_results(results)
    try:
        write_export(export, results, series, origin, progress, (), _replacing(chosen, export))
    except ReportError as error:
        # Whatever the screening took, it is not lost: it lies under the name that is offered.
        rescued = export.at(error.other or free_name(export.at(Path.cwd() / export.images.name)))
        with contextlib.suppress(ReportError):
            write_export(rescued, results, series, origin, progress)
            print(f"cranioscope: the table is in {rescued.images}.", file=sys.stderr)
        return refuse(str(error))
    say(
        *table(results, card, threshold),
        "",
        *series_table(series, card, threshold),
        *totals(results, card, threshold, progress),
        session.provider_reason,
        RESEARCH_USE,
        f"Written: {export.images}, {export.series}, {export.sidecar}",
    )
    whole = progress.listed and len(results) == progress.found
    return ALL_READ if whole and not without else SOME_WITHOUT_RESULT
