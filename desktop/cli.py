"""The command line: the engine without a window. Exit code 0, 1 or 2; see ``screen --help``.

Nothing heavy is imported before it is needed: child processes import this module again.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.engine.classifier import Classifier
    from desktop.engine.finding import Finding
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export
    from scans.sandbox import Sandbox

ALL_READ, SOME_WITHOUT_RESULT, NOTHING_DONE = 0, 1, 2
_EXIT_CODES = (
    "Exit code: 0 every row has a result, 1 some rows have a reason in place of one (or it was "
    "stopped), 2 nothing was done or nothing could be written. "
    "Research use. Notification only, not for primary diagnosis."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    multiprocessing.freeze_support()  # a frozen program's children start here, and go no further
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not end the program.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    chosen = _parser().parse_args(arguments)
    from desktop import log

    log.start()
    try:
        return int(chosen.command(chosen))
    except KeyboardInterrupt:
        return NOTHING_DONE
    except Exception:
        log.log.exception("ended unexpectedly")
        raise
    finally:
        log.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cranioscope", description="Head-CT scans with a probability beside each."
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    screen = commands.add_parser(
        "screen", help="a probability for each scan, as a table", epilog=_EXIT_CODES
    )
    screen.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folders and files")
    screen.add_argument("--csv", required=True, type=Path, metavar="OUT", help="table of images")
    screen.add_argument(
        "--series-csv", type=Path, metavar="OUT", help="table of series (default: beside OUT)"
    )
    screen.add_argument(
        "--threshold", type=_share, metavar="T", help="0 to 1 (default: the one of the weights)"
    )
    screen.add_argument("--no-progress", action="store_true", help="no counts while it works")
    screen.set_defaults(command=_screen)
    card = commands.add_parser("card", help="what the weights say about themselves")
    card.set_defaults(command=_card)
    for command in (screen, card):
        command.add_argument(
            "--model", type=Path, metavar="FILE", help="an .onnx file (default: ours)"
        )
        command.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    samples = commands.add_parser("samples", help="writes the sample scans into a folder")
    samples.add_argument("folder", type=Path, metavar="FOLDER")
    samples.set_defaults(command=_samples)
    return parser


class _Version(argparse.Action):
    """Prints the version; it is looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="the version of the program")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from desktop.resources import app_version

        print(f"cranioscope {app_version()}")
        parser.exit()


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _samples(chosen: argparse.Namespace) -> int:
    from scans.samples import write_samples

    try:
        _print(str(write_samples(chosen.folder)))
    except OSError as error:
        return _refuse(f"The samples cannot be written: {error.strerror}.")
    return ALL_READ


def _card(chosen: argparse.Namespace) -> int:
    from desktop.engine.classifier import ClassifierError
    from desktop.engine.summary import described

    try:
        classifier = _open(chosen)
    except ClassifierError as error:
        return _refuse(str(error))
    _print(*described(classifier.card, classifier.sha256), classifier.provider_reason)
    return ALL_READ


def _open(chosen: argparse.Namespace) -> Classifier:
    """The classifier asked for. Raises ClassifierError."""
    from desktop.engine.classifier import Classifier
    from desktop.engine.weights import shipped_weights
    from desktop.resources import WEIGHTS, resource

    model = chosen.model or shipped_weights(resource(WEIGHTS), chosen.device)
    return Classifier.open(model, chosen.device)


def _print(*lines: str) -> None:
    """Print, and be content where the reader has gone, as ``head`` does."""
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  until the end


def _refuse(sentence: str) -> int:
    print(f"cranioscope: {sentence}", file=sys.stderr)
    return NOTHING_DONE


def _screen(chosen: argparse.Namespace) -> int:
    from scans.sandbox import Sandbox, SandboxError

    missing = [path for path in chosen.paths if not path.exists() and not path.is_symlink()]
    for path in missing:
        print(f"cranioscope: {path} does not exist.", file=sys.stderr)
    if len(missing) == len(chosen.paths):
        return NOTHING_DONE
    try:
        with Sandbox() as sandbox:
            sandbox.start()  # it takes as long as importing onnxruntime and opening the weights
            return _screen_in(sandbox, chosen)
    except SandboxError as error:
        return _refuse(str(error))


def _screen_in(sandbox: Sandbox, chosen: argparse.Namespace) -> int:
    from desktop.engine.classifier import ClassifierError
    from desktop.engine.progress import Progress
    from desktop.engine.report import Export, ReportError, check_writable

    export = Export.at(chosen.csv, chosen.series_csv)
    try:
        check_writable(export)
        classifier = _open(chosen)
    except (ClassifierError, ReportError) as error:
        return _refuse(str(error))
    progress = Progress()
    findings = _findings(sandbox, chosen, classifier, progress)
    if not findings:
        return _refuse("No files were found.")
    return _finish(chosen, export, classifier, findings, progress)


def _findings(
    sandbox: Sandbox, chosen: argparse.Namespace, classifier: Classifier, progress: Progress
) -> list[Finding]:
    """Screen everything; what is there when the user interrupts is kept."""
    from desktop.engine.progress import ProgressLine
    from desktop.engine.screening import screen
    from scans.folder import find_scans

    findings: list[Finding] = []
    line = ProgressLine(sys.stderr, progress, quiet=chosen.no_progress)
    paths = [path.absolute() for path in chosen.paths]
    try:
        for finding in screen(find_scans(paths), classifier, sandbox, progress):
            findings.append(replace(finding, thumbnail=None))  # a table shows none
            line.show()
    except KeyboardInterrupt:
        pass
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
    from desktop.engine.report import RESEARCH_USE, Origin, ReportError, write_export
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
        rescued = export.at(error.other)
        with contextlib.suppress(ReportError):
            write_export(rescued, findings, series, origin, progress)
            print(f"cranioscope: the table is in {rescued.images}.", file=sys.stderr)
        return _refuse(str(error))
    _print(
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


if __name__ == "__main__":
    sys.exit(main())
