"""The command line: the engine without a window. Exit code 0, 1 or 2; see ``screen --help``.

Nothing heavy is imported before it is needed: child processes import this module again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.commands.interrupt import NOTHING_DONE, leave, on_interrupt
from desktop.commands.terminal import ALL_READ, open_session_of, refuse, say, sound_streams
from desktop.messages import CommandCode
from desktop.reasons import reason_of
from desktop.text.language import LANGUAGES, choose_language, system_language
from imaging.messages import Message

if TYPE_CHECKING:
    from desktop.engine.name_groups import NamePattern

_EXIT_CODES = (
    "Exit code: 0 every image has a result, 1 some have a reason in place of one (or it was "
    "stopped), 2 nothing was done or nothing could be written. "
    "Research use. Notification only, not for primary diagnosis."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    multiprocessing.freeze_support()  # a frozen program's children start here, and go no further
    with on_interrupt(leave), sound_streams():
        chosen = _parser().parse_args(arguments)
        choose_language(chosen.language or system_language())
        return _run(chosen)


def _run(chosen: argparse.Namespace) -> int:
    from desktop import log
    from desktop.resources import app_version

    log.start()
    log.log.info("command of version %s", app_version())
    try:
        return int(chosen.command(chosen))
    except KeyboardInterrupt:
        return refuse(Message(CommandCode.NOTHING_WRITTEN))
    except Exception as error:  # noqa: BLE001  the boundary: a traceback may quote a path or header
        log.log.exception("ended unexpectedly")
        return refuse(Message(CommandCode.UNEXPECTED, error=type(error).__name__))
    finally:
        log.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cranioscope", description="Head CT with a probability beside each image."
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    screen = commands.add_parser(
        "screen", help="a probability for each image, as a table", epilog=_EXIT_CODES
    )
    _add_screen_options(screen)
    card = commands.add_parser("card", help="what the model says of itself")
    card.set_defaults(command=_card)
    for command in (screen, card):
        command.add_argument(
            "--model", type=Path, metavar="FILE", help="an .onnx file (default: the built-in one)"
        )
        device = "where the network runs (default: auto, a GPU where there is one)"
        command.add_argument(
            "--device", choices=("auto", "cpu", "cuda"), default="auto", help=device
        )
    samples = commands.add_parser("samples", help="writes the sample images into a folder")
    samples.add_argument("folder", type=Path, metavar="FOLDER")
    samples.set_defaults(command=_samples)
    for command in (screen, card, samples):
        command.add_argument(
            "--language", choices=LANGUAGES, help="of what is said (default: that of the system)"
        )
    return parser


def _with_ray(screen: argparse.ArgumentParser) -> None:
    screen.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="on a Ray cluster: HOST:PORT of its head, auto or local; writes Parquet files, too",
    )
    screen.add_argument(
        "--ray-cores",
        type=_count,
        metavar="N",
        help="cores of a worker without a GPU (default: 4)",
    )
    screen.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="with --ray: results by content, from which a stopped run goes on "
        "(default: OUT.journal.jsonl)",
    )


def _add_screen_options(screen: argparse.ArgumentParser) -> None:
    screen.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folders and files")
    screen.add_argument("--csv", required=True, type=Path, metavar="OUT", help="table of images")
    screen.add_argument(
        "--series-csv", type=Path, metavar="OUT", help="table of series (default: beside OUT)"
    )
    screen.add_argument(
        "--threshold", type=_share, metavar="T", help="0 to 1 (default: that of the model)"
    )
    patients = screen.add_mutually_exclusive_group()
    patients.add_argument(
        "--folders-are-series",
        action="store_true",
        help="each folder of PNG or JPEG files is one series of one patient, and gets a result",
    )
    patients.add_argument(
        "--group-by-name",
        type=_name_pattern,
        metavar="PATTERN",
        help="files whose names agree in {patient} are one series of one patient, and get a "
        "result; * stands for anything: '{patient}_*'",
    )
    screen.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files that another program wrote (never an input or a device)",
    )
    _with_ray(screen)
    screen.add_argument("--no-progress", action="store_true", help="no counts while it works")
    screen.set_defaults(command=_screen)


class _Version(argparse.Action):
    """Prints the version; it is looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="the version of the program")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from desktop.resources import app_version

        parser.exit(ALL_READ if say(f"cranioscope {app_version()}") else NOTHING_DONE)


def _name_pattern(text: str) -> NamePattern:
    from desktop.engine.name_groups import NamePattern

    try:
        return NamePattern(text)
    except ValueError as error:
        told = "not a pattern: {patient} once, * at most 3 times"
        raise argparse.ArgumentTypeError(told) from error


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


def _screen(chosen: argparse.Namespace) -> int:
    from desktop.commands.screen import screen

    return screen(chosen)


def _samples(chosen: argparse.Namespace) -> int:
    from imaging.samples.samples import write_samples

    try:
        written = write_samples(chosen.folder)
    except OSError as error:
        return refuse(Message(CommandCode.NO_SAMPLES, reason=reason_of(error)))
    say(str(written))
    return ALL_READ


def _card(chosen: argparse.Namespace) -> int:
    from desktop.commands.summary import described
    from model.session import SessionError

    try:
        session = open_session_of(chosen)
    except SessionError as error:
        return refuse(error.message)
    told = say(*described(session.card, session.sha256), session.provider_reason)
    return ALL_READ if told else NOTHING_DONE


if __name__ == "__main__":
    sys.exit(main())
