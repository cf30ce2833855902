"""``cranioscope screen``: from paths to tables, and to rows on the terminal.

What is heavy is imported where it is needed, after the child processes have begun to start.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.commands.interrupt import NOTHING_DONE, interrupt, on_interrupt
from desktop.commands.terminal import (
    ALL_READ,
    SOME_WITHOUT_RESULT,
    complain,
    open_session_of,
    refuse,
    say,
)
from desktop.messages import CommandCode
from imaging.messages import Message

if TYPE_CHECKING:
    from desktop.commands.work import Work
    from desktop.engine.report import ExportFiles
    from desktop.engine.report_rows import Origin
    from desktop.engine.run import Run
    from model.session import Session


def screen(chosen: argparse.Namespace) -> int:
    """Score the chosen paths, write the tables, print the rows; returns the exit code."""
    from desktop.engine.report import ReportError
    from imaging.messages import MessageError

    missing = [path for path in chosen.paths if _is_missing(path)]
    for path in missing:
        complain(Message(CommandCode.NO_SUCH_PATH, path=str(path)))
    if len(missing) == len(chosen.paths):
        return NOTHING_DONE
    paths = [path.absolute() for path in chosen.paths]
    try:
        with contextlib.ExitStack() as until_end:
            if chosen.ray is None:
                return _screen_here(paths, chosen, until_end)
            return _screen_on_ray(paths, chosen, until_end)
    except ReportError as error:
        overwrite = Message(CommandCode.OVERWRITE, refusal=error.message)
        return refuse(overwrite if error.can_be_confirmed else error.message)
    except MessageError as error:
        return refuse(error.message)


def _is_missing(path: Path) -> bool:
    """Whether there is nothing by that name; what may not be looked at gets a row that says so."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _screen_here(
    paths: list[Path], chosen: argparse.Namespace, until_end: contextlib.ExitStack
) -> int:
    from desktop.commands.work import Work
    from desktop.engine.run import Run
    from imaging.sandbox.sandbox import Sandbox

    with Sandbox() as sandbox:
        sandbox.start()  # it takes as long as importing onnxruntime and opening the model
        files = _files(paths, chosen)
        session = open_session_of(chosen)
        run = Run(paths, sandbox)
        work = Work(run, session, files, lambda: run.score(session))
        return _carry_out(work, chosen, until_end)


def _screen_on_ray(
    paths: list[Path], chosen: argparse.Namespace, until_end: contextlib.ExitStack
) -> int:
    from desktop.commands.on_ray import on_ray
    from desktop.engine.parquet import check_parquet, write_parquet

    files = _files(paths, chosen)
    check_parquet(files, paths, confirmed=chosen.overwrite)
    with on_ray(paths, chosen, files) as work:
        code = _carry_out(work, chosen, until_end)
        if code != NOTHING_DONE:
            write_parquet(files, paths, confirmed=chosen.overwrite)
            say(*work.told())
    return code


def _files(paths: list[Path], chosen: argparse.Namespace) -> ExportFiles:
    """The files of the export, of which each can be written. Raises ReportError."""
    from desktop.engine.report import ExportFiles, Replacing, check_writable

    files = ExportFiles.at(chosen.csv, chosen.series_csv)
    check_writable(files, Replacing(paths, files.files if chosen.overwrite else ()))
    return files


def _carry_out(work: Work, chosen: argparse.Namespace, until_end: contextlib.ExitStack) -> int:
    # Once it works, Ctrl+C stops the work alone: what was done is on its way to the disk.
    until_end.enter_context(on_interrupt(signal.SIG_IGN))
    was_stopped = _assess(work, chosen)
    if not work.run.images:
        return refuse(Message(CommandCode.STOPPED if was_stopped else CommandCode.NO_FILES))
    return _finish(chosen, work.run, work.files, work.session)


def _assess(work: Work, chosen: argparse.Namespace) -> bool:
    """Read and score everything; what is there when it is broken off, by whatever, is kept.

    Whether the user stopped it. Raises what broke it off before the first result.
    """
    from desktop.commands.progress_line import ProgressLine

    run = work.run

    def group() -> None:
        run.group()
        if chosen.group_by_name is None:
            run.trust_folders(chosen.folders_are_series)
        else:
            run.group_by_name(chosen.group_by_name)

    line = ProgressLine(sys.stderr, run.progress, quiet=chosen.no_progress)
    try:
        with on_interrupt(interrupt):
            for _ in run.read_headers():
                line.show()
            group()
            for _ in work.score():
                line.show()
    except KeyboardInterrupt:
        group()
        return True
    except Exception as error:
        if not run.progress.done:
            raise
        group()
        line.clear()
        complain(Message(CommandCode.BROKEN_OFF, reason=_reason(error)))
    finally:
        line.clear()
    return False


def _reason(error: Exception) -> Message:
    """What broke the work off; a fault of the program by its name alone, and logged."""
    from desktop.log import log
    from imaging.messages import MessageError

    if isinstance(error, MessageError):
        return error.message
    log.exception("the work broke off")
    return Message(CommandCode.UNEXPECTED, error=type(error).__name__)


def _finish(chosen: argparse.Namespace, run: Run, files: ExportFiles, session: Session) -> int:
    """Write the tables, then print the rows and the totals."""
    from desktop.commands.summary import series_table, table, totals
    from desktop.engine.report import ReportError
    from desktop.engine.report_rows import Origin
    from desktop.engine.run import ExportOptions
    from desktop.log import log
    from imaging.errors import BESIDE

    origin = Origin.of(session, chosen.threshold)
    results = run.results()
    without = sum(
        result.probability is None and not any(each.code in BESIDE for each in result.problems)
        for result in results
    )
    log.info("screened %d rows, %d without result", len(results), without)
    try:
        run.export(files, origin, ExportOptions(confirmed=files.files if chosen.overwrite else ()))
    except ReportError as error:
        _rescue(run, files, origin, error.other)
        return refuse(error.message)
    written = {"images": files.images, "series": files.series, "sidecar": files.sidecar}
    series = run.series_results()
    say(
        *table(results, origin.card, origin.threshold, series),
        "",
        *series_table(series, origin.card, origin.threshold, results),
        *totals(results, origin.card, origin.threshold, run.progress),
        session.provider_reason,
        *([session.notice] if session.notice else []),
        *_grouped(run),
        Message(CommandCode.RESEARCH_USE),
        Message(CommandCode.WRITTEN, **{name: str(path) for name, path in written.items()}),
    )
    return SOME_WITHOUT_RESULT if without else ALL_READ


def _rescue(run: Run, files: ExportFiles, origin: Origin, offered: Path | None) -> None:
    """Write the tables elsewhere: however long the run took, it is not lost.

    Under the name that is offered, else in the current folder, else at home.
    """
    from desktop.engine.report import ExportFiles, ReportError
    from desktop.engine.run import ExportOptions

    for images in _elsewhere(files.images.name, offered):
        with contextlib.suppress(ReportError):
            run.export(ExportFiles.at(images), origin, ExportOptions())
            complain(Message(CommandCode.RESCUED, path=str(images)))
            return


def _elsewhere(name: str, offered: Path | None) -> Iterator[Path]:
    """Names that no export has yet; a folder that has gone, too, is passed over."""
    from desktop.engine.report import ExportFiles, free_name

    if offered is not None:
        yield offered
    for folder in (Path.cwd, Path.home):
        with contextlib.suppress(OSError, RuntimeError):
            yield free_name(ExportFiles.at(folder() / name))


def _grouped(run: Run) -> list[Message]:
    """How many series a pattern of names has made, or which one could make some."""
    from desktop.engine.name_groups import guessed_pattern

    if run.grouped_by:
        counts = {"groups": len(run.series), "without": len(run.ungrouped)}
        return [Message(CommandCode.GROUPED, pattern=run.grouped_by, **counts)]
    doubtful = [each for each in run.series if each.is_unidentified and not each.is_one_patient]
    paths = [run.images[index].path for each in doubtful for index in each.members]
    pattern = guessed_pattern(paths)
    return [Message(CommandCode.COULD_GROUP, pattern=pattern)] if pattern else []
