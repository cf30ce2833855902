"""A screenshot of the window when everything is scored, for the documentation and for checks."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop.app import Program
from desktop.settings import Settings, Theme
from desktop.state.workspace import State

SETTLE = 400
"""Milliseconds for the last image, heat map and paint to arrive."""


@contextlib.contextmanager
def passing_settings(theme: str, language: str) -> Iterator[Settings]:
    """Settings that nothing outlives: a screenshot must not depend on what the user changed."""
    with tempfile.TemporaryDirectory(prefix="cranioscope") as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        settings = Settings(store)
        settings.theme, settings.language = Theme(theme), language
        settings.keep_recent = False
        yield settings
        store.sync()  # later, it would make the folder again


class Screenshot(QObject):
    """Waits for the end of the run, turns to the most suspicious image, saves and ends.

    Exit code 0: everything that was asked for was opened, read and scored. A run that broke off,
    or cannot begin, ends as well.
    """

    def __init__(self, program: Program, target: Path, *, with_heat_map: bool) -> None:
        super().__init__(program)
        self._program, self._target = program, target
        self._with_heat_map = with_heat_map
        self._failed = False
        program.workspace.state_changed.connect(self._follow)
        program.opening.failed.connect(self._on_failed)

    @Slot()
    def take_soon(self) -> None:
        """Take it as soon as everything that was asked for has been painted."""
        if self._program.selection.busy:
            QTimer.singleShot(SETTLE, self.take_soon)
        else:
            QTimer.singleShot(SETTLE, self._take)

    @Slot()
    def _follow(self) -> None:
        if self._program.workspace.state in (State.DONE, State.STOPPED):
            QTimer.singleShot(SETTLE, self._turn)

    @Slot()
    def _on_failed(self) -> None:
        """What was to be opened is not there."""
        self._failed = True
        self.take_soon()

    @Slot()
    def _turn(self) -> None:
        shown = self._program.workspace.order.shown_rows()
        if shown:
            self._program.selection.select(shown[0])
        if self._with_heat_map:
            self._program.options.heat_map_shown = True
        self.take_soon()

    @Slot()
    def _take(self) -> None:
        workspace = self._program.workspace
        self._failed = self._failed or bool(workspace.error)
        rows, found = len(workspace.results()), workspace.progress.found
        saved = self._program.window.grab().save(str(self._target), "PNG")
        print(f"{found} found, {rows} rows, image {'saved' if saved else 'not saved'}")
        QApplication.exit(0 if saved and rows == found and not self._failed else 1)
