"""Starts the window program. Child processes import this module: its top level stays light."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app import Program
    from desktop.engine.reader_labels import ReaderLabels


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code when it is closed."""
    multiprocessing.freeze_support()  # a frozen program's children start here, and go no further
    chosen = _parser().parse_args(arguments)
    from PySide6.QtWidgets import QApplication

    from desktop import log
    from desktop.app import Program
    from desktop.pauses import shorten_pauses
    from desktop.resources import app_version
    from desktop.screenshot import Screenshot, passing_settings
    from desktop.settings import Settings

    log.start()
    log.log.info("window of version %s", app_version())
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Cranioscope")
    app.setOrganizationName("Cranioscope")
    shorten_pauses()
    if chosen.screenshot is None:
        program = Program(app, Settings(), device=chosen.device, reader_labels=_reader_labels())
        code = _run(program, chosen)
    else:
        with passing_settings(chosen.theme or "light", chosen.language or "en") as settings:
            program = Program(app, settings, device=chosen.device)
            screenshot = Screenshot(program, chosen.screenshot, with_heat_map=chosen.heat_map)
            if not (chosen.samples or chosen.paths):
                screenshot.take_soon()
            code = _run(program, chosen)
    log.stop()
    return code


def _reader_labels() -> ReaderLabels:
    """The user's readings; those of this session alone where the system knows no home."""
    from desktop.engine.reader_labels import ReaderLabels
    from desktop.folders import NoHomeError, data_folder

    try:
        return ReaderLabels(data_folder() / "reads.sqlite")
    except NoHomeError as error:
        return ReaderLabels(nowhere=error.message)


def _run(program: Program, chosen: argparse.Namespace) -> int:
    """Show the window with what was asked for until it is closed; settings stay as they were."""
    from PySide6.QtWidgets import QApplication

    from desktop.ending import Ending
    from desktop.settings import Theme
    from desktop.window.theme import apply_theme

    if chosen.theme is not None:
        apply_theme(program.app, Theme(chosen.theme))
    if chosen.language is not None:
        program.appearance.language.set_language(chosen.language)
    program.show()
    program.options.heat_map_shown = chosen.heat_map
    if chosen.model is not None:
        program.workspace.open_model(chosen.model)
    if chosen.samples:
        program.opening.open_samples()
    elif chosen.paths:
        program.open(chosen.paths)
    ending = Ending(QApplication.closeAllWindows)
    code = QApplication.exec()
    program.close()
    ending.restore()
    return code


def _parser() -> argparse.ArgumentParser:
    from desktop.resources import app_version

    parser = argparse.ArgumentParser(
        prog="cranioscope-window",
        description="Opens the window. Research use only; not for primary diagnosis.",
    )
    version = f"cranioscope {app_version()}"
    parser.add_argument(
        "--version", action="version", version=version, help="the version of the program"
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders and files")
    parser.add_argument("--samples", action="store_true", help="open the sample images")
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="an .onnx file (default: the built-in one)"
    )
    device = "where the network runs (default: auto, a GPU where there is one)"
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help=device)
    look = parser.add_argument_group("how the window looks this time")
    look.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="save the window as PNG when all is scored, and end: 0 every file has its row",
    )
    chosen = "(default: as chosen in the menu)"
    look.add_argument("--theme", choices=("light", "dark"), help=chosen)
    look.add_argument("--language", choices=("en", "zh_CN"), help=chosen)
    look.add_argument("--heat-map", action="store_true", help="with the heat map")
    return parser


if __name__ == "__main__":
    sys.exit(main())
