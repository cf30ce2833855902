"""Starts the window program. Child processes import this module: its top level stays light."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window and return the exit code when it is closed."""
    multiprocessing.freeze_support()  # a frozen program's children start here, and go no further
    chosen = _parser().parse_args(arguments)
    from PySide6.QtWidgets import QApplication

    from desktop import log
    from desktop.app import Program
    from desktop.pauses import shorten_pauses
    from desktop.screenshot import Screenshot, passing_settings
    from desktop.settings import Settings

    log.start()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Cranioscope")
    app.setOrganizationName("Cranioscope")
    settings = Settings()
    if chosen.screenshot is not None:
        settings = passing_settings(chosen.theme, chosen.language)
    program = Program(app, settings, device=chosen.device)
    screenshot = None
    if chosen.screenshot is not None:
        screenshot = Screenshot(program, chosen.screenshot, with_heat_map=chosen.heat_map)
    shorten_pauses()
    program.show()
    if chosen.model is not None:
        program.workspace.open_model(chosen.model)
    if chosen.samples:
        program.open_samples()
    elif chosen.paths:
        program.open(chosen.paths)
    elif screenshot is not None:
        screenshot.take_soon()
    code = app.exec()
    program.close()
    log.stop()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cranioscope-window",
        description="Opens the window. Research use only; not for primary diagnosis.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders and files")
    parser.add_argument("--samples", action="store_true", help="open the sample scans")
    parser.add_argument("--model", type=Path, metavar="FILE", help="an .onnx file (default: ours)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    picture = parser.add_argument_group("a picture of the window, for documentation and checks")
    picture.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="save the window as PNG when all is screened, and end: 0 every file has its row",
    )
    picture.add_argument("--theme", choices=("light", "dark"), default="light")
    picture.add_argument("--language", choices=("en", "zh_CN"), default="en")
    picture.add_argument("--heat-map", action="store_true", help="with the heat map")
    return parser


if __name__ == "__main__":
    sys.exit(main())
