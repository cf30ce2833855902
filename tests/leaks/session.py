"""A session of the real program, driven from within; see ``tests.leaks.campaign``."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main(images: Path, models: Path, out: Path, *, is_hidden: bool) -> None:
    """Open ``images`` by the file dialog, mark an image, export to ``out``, close the window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
    from shiboken6 import delete

    from desktop import log
    from desktop.app import Program
    from desktop.engine.reader_labels import ReaderLabels
    from desktop.engine.readings import Label
    from desktop.folders import data_folder
    from desktop.settings import Settings
    from desktop.state.workspace import State

    app = QApplication(sys.argv[:1])
    log.start()
    settings = Settings()
    settings.language, settings.hide_identity = "en", is_hidden
    labels = ReaderLabels(data_folder() / "readings.sqlite")
    program = Program(app, settings, shipped=models, device="cpu", reader_labels=labels)

    def until(reached: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not reached():
            if time.monotonic() > end:
                raise SystemExit("the window did not get there in two minutes")
            QTest.qWait(20)

    def chosen(parent: QWidget, title: str) -> str:
        """What Qt's own dialog does when a reader takes the folder: it remembers it, too."""
        dialog = QFileDialog(parent, title, str(images))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        QTimer.singleShot(0, dialog.accept)
        dialog.exec()
        delete(dialog)  # it writes what it remembers when it goes
        return str(images)

    QFileDialog.getExistingDirectory = staticmethod(chosen)  # type: ignore[method-assign,assignment]
    program.show()
    program.opening.ask_folder()
    until(lambda: program.workspace.state is State.DONE and program.selection.shown is not None)
    labels.set_label(program.workspace.results()[0], Label.PRESENT)
    written: list[object] = []
    program.exporting.written.connect(written.append)
    program.exporting.write(out / "images.csv")
    until(lambda: bool(written))
    for box in program.window.findChildren(QMessageBox):
        box.close()
    program.window.close()
    labels.close()
    log.stop()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    place = [Path(each) for each in sys.argv[1:4]]
    main(place[0], place[1], place[2], is_hidden=sys.argv[4] == "1")
