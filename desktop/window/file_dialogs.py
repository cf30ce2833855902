"""Dialogs that ask for files and folders. Nothing else may show one: Qt keeps where each went."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.settings import Settings, forget_visited_folders


class FileDialogs:
    """Asks over one window; the folders it went to are forgotten where no trace may be left."""

    def __init__(self, settings: Settings, window: QWidget) -> None:
        self._settings, self._window = settings, window

    def folder(self, title: str) -> Path | None:
        """A folder; None where the reader chose none."""
        return self._chosen(QFileDialog.getExistingDirectory(self._window, title))

    def files(self, title: str) -> list[Path]:
        """Files to open; none where the reader chose none."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title)
        self._forget()
        return [Path(name) for name in names]

    def file(self, title: str, kinds: str) -> Path | None:
        """One file to open, of ``kinds`` as Qt's filters name them; None where none was chosen."""
        return self._chosen(QFileDialog.getOpenFileName(self._window, title, "", kinds)[0])

    def target(self, title: str, proposed: Path, kinds: str) -> Path | None:
        """A file to write, which may be there already: the caller asks what may be replaced."""
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            title,
            str(proposed),
            kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        return self._chosen(name)

    def _chosen(self, name: str) -> Path | None:
        self._forget()
        return Path(name) if name else None

    def _forget(self) -> None:
        if self._settings.leaves_no_trace:
            forget_visited_folders()
