"""Every screen of the program on the sample images, in one language and theme, as PNG files.

Run by ``python -m tests.screenshots``, in a process and on a screen of its own.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(language: str, theme: str, folder: Path) -> None:
    """Save start, worklist, images, heat map, four windows, blinded reading and the dialogs."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QDialog, QWidget

    from desktop.app import Program
    from desktop.screenshot import passing_settings
    from desktop.state.workspace import State

    app = QApplication(sys.argv[:1])

    def until(reached: Callable[[], bool]) -> None:
        end = time.monotonic() + 240
        while not reached():
            if time.monotonic() > end:
                raise SystemExit("the window did not get there in time")
            QTest.qWait(50)

    def save(widget: QWidget, name: str) -> None:
        QTest.qWait(400)
        widget.grab().save(str(folder / f"{name}-{language}-{theme}.png"))

    with passing_settings(theme, language) as settings:
        program = Program(app, settings, device="cpu")
        window, selection = program.window, program.selection
        program.show()
        window.activateWindow()
        save(window, "start")
        program.opening.open_samples()
        until(lambda: program.workspace.state is State.DONE and selection.shown is not None)
        selection.select(program.workspace.order.shown_rows()[0])
        until(lambda: not selection.busy)
        save(window, "worklist")
        window.tabs.setCurrentWidget(window.results)
        save(window, "images")
        program.actions["heat_map"].trigger()
        until(lambda: not selection.busy)
        save(window, "heat-map")
        program.actions["four_windows"].trigger()
        save(window, "four-windows")
        program.actions["four_windows"].trigger()
        program.actions["read_before_ai"].trigger()
        save(window, "blinded")
        for name in ("keys", "about"):
            program.actions[name].trigger()
            for dialog in window.findChildren(QDialog):
                save(dialog, name)
                dialog.close()
            QTest.qWait(50)
        window.close()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
