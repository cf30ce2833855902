"""The window takes what is dropped, names what is open, and comes back as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.settings import Settings
from desktop.window.main_window import SIDE, MainWindow
from tests.make.in_this_process import InThisProcess

ImageFolder = Callable[..., Path]
BUTTON, KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def dropped(window: MainWindow, *urls: QUrl) -> bool:
    """Drag and drop; whether the window took it, both times alike."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, BUTTON, KEYS)
    enter.ignore()
    window.dragEnterEvent(enter)
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, BUTTON, KEYS)
    drop.ignore()
    window.dropEvent(drop)
    assert enter.isAccepted() == drop.isAccepted()
    return enter.isAccepted()


def test_dropped_files_and_folders_are_opened(program: Program, image_folder: ImageFolder) -> None:
    folder = image_folder(a=100)
    urls = QUrl("https://example.org/image.dcm"), QUrl.fromLocalFile(str(folder))
    assert dropped(program.window, *urls)
    assert program.workspace.paths == [folder]
    assert program.settings.recent == [folder]


@pytest.mark.parametrize(
    "urls", [[], [QUrl("https://example.org/image.dcm")], [QUrl("file:")], [QUrl()]]
)
def test_what_names_no_file_of_this_computer_is_not_taken(
    program: Program, urls: list[QUrl]
) -> None:
    """Least of all for the folder that the program was started in."""
    assert not dropped(program.window, *urls)
    assert program.workspace.paths == []


def test_the_title_names_what_is_open_where_it_may(
    program: Program, image_folder: ImageFolder
) -> None:
    titles = [program.window.windowTitle()]
    program.open([image_folder("DOE\u202e^JANE", a=100)])
    titles.append(program.window.windowTitle())
    program.options.hide_identity = True
    titles.append(program.window.windowTitle())
    program.options.hide_identity = False
    titles.append(program.window.windowTitle())
    shown = "DOE\ufffd^JANE — Cranioscope"
    assert titles == ["Cranioscope", shown, "Cranioscope", shown]


@pytest.mark.parametrize("maximised", [True, False])
def test_full_screen_returns_to_what_the_window_was(program: Program, maximised: bool) -> None:
    window = program.window
    if maximised:
        window.showMaximized()
    else:
        window.showNormal()
    program.actions["full_screen"].trigger()
    assert window.isFullScreen()
    program.actions["full_screen"].trigger()
    assert (window.isFullScreen(), window.isMaximized()) == (False, maximised)


def again(qapp: QApplication, qtbot: QtBot, program: Program, models: Path) -> MainWindow:
    """The window of the next start, with what is beside the image in view."""
    program.window.close()
    settings = Settings(program.settings._store)
    made = Program(qapp, settings, shipped=models, device="cpu", sandbox=InThisProcess)
    qtbot.addWidget(made.window)
    made.window._pages.setCurrentWidget(made.window.splitter)
    made.window.show()
    return made.window


def shown(program: Program) -> MainWindow:
    program.window._pages.setCurrentWidget(program.window.splitter)
    program.window.show()
    return program.window


@pytest.mark.parametrize("left", ["image_only", "full_screen"])
def test_left_with_the_image_alone_it_comes_back_with_all_its_columns(
    qapp: QApplication, qtbot: QtBot, program: Program, model_folder: Path, left: str
) -> None:
    window = shown(program)
    window.splitter.setSizes([400, 500, SIDE])
    before = window.splitter.sizes()
    program.actions[left].trigger()
    next_one = again(qapp, qtbot, program, model_folder)
    next_one.set_full_screen(False)
    next_one.resize(window.size())
    qtbot.wait(1)
    assert not next_one.image_only
    sizes = next_one.splitter.sizes()
    assert min(sizes) > 0
    if left == "image_only":
        assert sizes == before


@pytest.mark.parametrize("state", [QByteArray(b"\0" * 64), QByteArray()])
def test_a_layout_that_makes_no_sense_is_that_of_the_first_start(
    qapp: QApplication, qtbot: QtBot, program: Program, model_folder: Path, state: QByteArray
) -> None:
    before = shown(program).size(), program.window.splitter.sizes()
    program.window.close()
    for name in ("window", "columns"):
        program.settings.set_layout(name, state)
    settings = Settings(program.settings._store)
    made = Program(qapp, settings, shipped=model_folder, device="cpu", sandbox=InThisProcess)
    qtbot.addWidget(made.window)
    assert (shown(made).size(), made.window.splitter.sizes()) == before
