"""Three sessions of a reader in a real window, by keyboard, each with images of the screen.

Run by ``python -m tests.sessions``, in a process and on a screen of its own.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.app import Program

PATIENCE = 300
"""Seconds that any wait may take."""
PATIENTS = 16


class Reader:
    """The hands and eyes of a reader: presses keys where the focus is, and looks at the screen."""

    def __init__(self, program: Program, folder: Path, name: str) -> None:
        self.program, self._folder, self._name = program, folder, name
        self._number = 0

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        for key in keys:
            focus = QApplication.focusWidget() or self.program.window
            QTest.keySequence(focus, QKeySequence(key))
            self.wait(lambda: self.program.selection.shown is not None)

    def wait(self, reached: Callable[[], bool]) -> None:
        """Wait until something is so. Raises SystemExit where it does not come about."""
        from PySide6.QtTest import QTest

        end = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > end:
                raise SystemExit(f"{self._name}: the window did not get there in time")
            QTest.qWait(20)

    def look(self, at: str) -> None:
        """Save what the screen shows, window frame and all."""
        from PySide6.QtTest import QTest

        self.wait(lambda: not self.program.selection.busy)
        QTest.qWait(400)
        self._number += 1
        screen = self.program.window.screen()
        screen.grabWindow(0).save(str(self._folder / f"{self._name}-{self._number}-{at}.png"))


def study(reader: Reader, data: Path) -> None:
    """One study from scratch: open, look, window, planes, prior, measure, mark, read, export."""
    from desktop.state.workspace import State
    from tests.make.patients import write_studies

    program = reader.program
    reader.look("start")
    program.open([write_studies(data / "study")])
    reader.wait(lambda: program.workspace.state is State.DONE)
    reader.press("P")
    reader.wait(lambda: program.planes.volume is not None)
    reader.look("planes")
    reader.press("P", "V")
    reader.wait(lambda: program.window.centre.pair.right.image is not None)
    reader.look("prior")
    reader.press("V")
    reader.press("Down", "Down", "3", "D")
    measure(program)
    reader.press("K")
    reader.look("measured")
    reader.press("X")
    reader.look("heat-map")
    reader.press("X", "Ctrl+]", "Ctrl+]", "Ctrl+1")
    reader.look("read")
    written: list[object] = []
    program.key_images.written.connect(written.append)
    program.key_images.write(data)
    reader.wait(lambda: bool(written))
    close_boxes(program)
    program.open([data / "study"])
    reader.wait(lambda: program.workspace.state is State.DONE)
    reader.press("Shift+K")
    reader.look("opened-again")


def worklist(reader: Reader, data: Path) -> None:
    """A morning's list of 16 patients with a stop in the middle, read by keyboard."""
    from desktop.state.workspace import State
    from tests.make.patients import write_patients

    program = reader.program
    table = program.workspace.table
    program.open([write_patients(data / "list", PATIENTS)])
    reader.wait(lambda: sum(row.known is not None for row in table.rows) >= 20)
    program.actions["stop"].trigger()
    reader.wait(lambda: program.workspace.state is State.STOPPED)
    reader.look("stopped")
    program.workspace.go_on()
    reader.wait(lambda: program.workspace.state is State.DONE)
    reader.look("scored")
    seen: list[int | None] = []
    for _ in range(PATIENTS):
        reader.press("N")
        if program.window.centre.content.note:
            break
        seen.append(program.selection.series)
        reader.press("Ctrl+1")
    reader.look("flagged-ones-read")
    for _ in range(PATIENTS - len(seen)):
        reader.press("U", "Ctrl+2")
    reader.look("all-read")
    every = range(len(program.workspace.series))
    if not all(map(program.workspace.readings.is_read, every)):
        raise SystemExit("worklist: the keys did not lead through the whole list")


def blinded(reader: Reader, data: Path) -> None:
    """Blinded reading: no score before the reading, and none in an export before it."""
    from desktop.state.workspace import State
    from tests.make.patients import write_patients

    program = reader.program
    program.actions["read_before_ai"].trigger()
    program.open([write_patients(data / "list", 3)])
    reader.wait(lambda: program.workspace.state is State.DONE)
    reader.look("hidden")
    reader.press("Ctrl+]", "Ctrl+2")
    reader.look("read")
    reader.press("N")
    reader.look("next-hidden")
    written: list[object] = []
    program.exporting.written.connect(written.append)
    (data / "out").mkdir()
    program.exporting.write(data / "out" / "images.csv")
    reader.wait(lambda: bool(written))
    close_boxes(program)
    rows = (data / "out" / "series.csv").read_text(encoding="utf-8-sig").splitlines()
    shown = [row.split(",")[6] != "" for row in rows[1:]]
    if sorted(shown) != [False, False, True]:
        raise SystemExit(f"blinded: scores in the export: {shown}")


def measure(program: Program) -> None:
    """Draw distances and a region, one of them over bone."""
    from desktop.viewer.tools import Tool

    measurements = program.window.centre.content.measurements
    placement = program.window.viewer.display.placement
    for tool, start, end in (
        (Tool.DISTANCE, (60.0, 60.0), (150.0, 80.0)),
        (Tool.DISTANCE, (40.0, 120.0), (70.0, 190.0)),
        (Tool.ELLIPSE, (120.0, 120.0), (160.0, 150.0)),
    ):
        measurements.press(tool, start, placement)
        measurements.move(end)
        measurements.release(placement)


def close_boxes(program: Program) -> None:
    """Close what the program has said."""
    from PySide6.QtWidgets import QMessageBox

    for box in program.window.findChildren(QMessageBox):
        box.close()


SESSIONS: dict[str, Callable[[Reader, Path], None]] = {
    "study": study,
    "worklist": worklist,
    "blinded": blinded,
}


def main(name: str, language: str, theme: str, folder: Path) -> None:
    """Go through one session."""
    from PySide6.QtWidgets import QApplication

    from desktop.app import Program
    from desktop.engine.reader_labels import ReaderLabels
    from desktop.screenshot import passing_settings

    app = QApplication(sys.argv[:1])
    with passing_settings(theme, language) as settings, tempfile.TemporaryDirectory() as data:
        labels = ReaderLabels(Path(data) / "reads.sqlite")
        program = Program(app, settings, device="cpu", reader_labels=labels)
        program.show()
        program.window.showMaximized()
        program.window.activateWindow()
        reader = Reader(program, folder, f"{name}-{language}-{theme}")
        reader.wait(program.window.isActiveWindow)
        SESSIONS[name](reader, Path(data))
        program.window.close()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
