"""Tests for desktop.window.file_dialogs: what was chosen, and no trace of it where none may be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.settings import Settings
from desktop.window.file_dialogs import FileDialogs

DESKTOP = Path(__file__).resolve().parents[3] / "desktop"
CHOSEN = "/images/DOE^JANE"
ASK: dict[str, Callable[[FileDialogs], object]] = {
    "folder": lambda dialogs: dialogs.folder("Folder"),
    "files": lambda dialogs: dialogs.files("Files"),
    "file": lambda dialogs: dialogs.file("File", "Model (*.onnx)"),
    "target": lambda dialogs: dialogs.target("Target", Path("images.csv"), "Table (*.csv)"),
}


@pytest.fixture
def dialogs(
    window: QWidget, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> FileDialogs:
    """Dialogs in which the reader chooses, and which Qt remembers."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    QSettings.setPath(native, user, str(tmp_path))

    def remembering(answer: object) -> Callable[..., object]:
        def ask(*_: object, **__: object) -> object:
            remembered = QSettings(user, "QtProject")
            remembered.setValue("FileDialog/lastVisited", CHOSEN)
            remembered.sync()
            return answer

        return ask

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", remembering(CHOSEN))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", remembering(([CHOSEN], "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", remembering((CHOSEN, "")))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", remembering((CHOSEN, "")))
    return FileDialogs(settings, window)


@pytest.mark.parametrize("kind", ASK)
@pytest.mark.parametrize("traceless", ["identity is hidden", "the recent list is off", ""])
def test_what_was_chosen_is_remembered_only_where_a_trace_may_be_left(
    dialogs: FileDialogs, settings: Settings, kind: str, traceless: str
) -> None:
    settings.hide_identity = traceless == "identity is hidden"
    settings.keep_recent = traceless != "the recent list is off"
    assert ASK[kind](dialogs) in (Path(CHOSEN), [Path(CHOSEN)])
    kept = QSettings(QSettings.Scope.UserScope, "QtProject").contains("FileDialog/lastVisited")
    assert kept is (traceless == "")


def test_nothing_chosen_is_none(dialogs: FileDialogs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    assert dialogs.folder("Folder") is None


def test_no_other_module_shows_a_dialog_of_files() -> None:
    users = {
        path.relative_to(DESKTOP).as_posix()
        for path in DESKTOP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name == "QFileDialog"
    }
    assert users == {"window/file_dialogs.py"}
