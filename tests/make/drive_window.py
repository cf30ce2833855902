"""Drives the real program in a real window, as a reader would, and prints what came of it.

Run by tests/desktop/test_real_window.py in a process of its own, on a screen of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(images: Path, model_folder: Path, out: Path) -> None:
    """Open ``images``, use the keys, export to ``out``, take an image, close the window."""
    from PySide6.QtCore import QSettings, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QMessageBox

    from desktop.app import Program
    from desktop.settings import Settings
    from desktop.state.workspace import State

    app = QApplication(sys.argv[:1])
    store = QSettings(str(out / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    settings.language = "en"
    program = Program(app, settings, shipped=model_folder, device="cpu")
    workspace, window, view = program.workspace, program.window, program.window.results.view

    def until(reached: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not reached():
            if time.monotonic() > end:
                raise SystemExit("the window did not get there in a minute")
            QTest.qWait(20)

    program.show()
    window.activateWindow()  # no window manager does it here, and keys are for the active window
    until(window.isActiveWindow)
    program.open([images])
    until(lambda: workspace.state is State.DONE and program.selection.shown is not None)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    heat: list[object] = []
    program.selection.heat.connect(heat.append)
    QTest.keyClick(window, Qt.Key.Key_X)
    until(lambda: bool(heat))
    QTest.keyClick(window, Qt.Key.Key_BracketRight)
    written: list[object] = []
    program.exporting.written.connect(written.append)
    program.exporting.write(out / "images.csv")
    until(lambda: bool(written))
    for box in window.findChildren(QMessageBox):
        box.close()
    window.grab().save(str(out / "window.png"))
    row = program.selection.row
    print(
        json.dumps(
            {
                "platform": app.platformName(),
                "rows": len(workspace.results()),
                "first": row.path.name if row else "",
                "threshold": workspace.table.threshold,
                "shown": program.options.heat_map_shown,
            }
        )
    )
    window.close()
    app.quit()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(*map(Path, sys.argv[1:]))
