from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from tests.make.program import PATIENCE

ImageFolder = Callable[..., Path]


def test_recent_folders_can_be_turned_off(program: Program, image_folder: ImageFolder) -> None:
    folder = image_folder(a=100)
    program.open([folder])
    listed = [button.text() for button in program.window.start.recent]
    program.actions["keep_recent"].trigger()
    program.open([folder])
    assert listed == [str(folder)]
    assert program.settings.recent == []
    assert program.window.start.recent == []


def test_recent_folders_can_be_cleared(program: Program, image_folder: ImageFolder) -> None:
    program.open([image_folder(a=100)])
    assert program.settings.recent
    program.actions["clear_recent"].trigger()
    assert program.settings.recent == []
    assert program.window.start.recent == []
    assert program.settings.keep_recent


def test_nothing_is_remembered_while_identity_is_hidden(
    program: Program, image_folder: ImageFolder
) -> None:
    before, hidden = image_folder("before", a=100), image_folder("hidden", a=100)
    program.open([before])
    program.actions["hide_identity"].trigger()
    program.open([hidden, hidden.parent / "patient.zip"])
    program.actions["hide_identity"].trigger()
    assert program.settings.recent == [before]


def test_folders_and_zip_files_are_remembered_and_single_images_are_not(
    program: Program, image_folder: ImageFolder
) -> None:
    folder = image_folder(a=100)
    archive = folder.parent / "study.ZIP"
    program.open([folder / "a.png", archive])
    assert program.settings.recent == [archive]


def test_sample_images_that_come_late_do_not_take_the_place_of_what_was_opened_since(
    qtbot: QtBot,
    program: Program,
    image_folder: ImageFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    samples, own = image_folder("samples", a=100), image_folder("own", b=200)
    monkeypatch.setattr("desktop.window.opening.sample_folder", lambda _base: samples)
    opening = program.opening
    opening.open_samples()
    program.open([own])
    qtbot.waitUntil(lambda: not opening._samples.busy, timeout=PATIENCE)
    late = program.workspace.paths
    opening.open_samples()
    qtbot.waitUntil(lambda: program.workspace.paths == [samples], timeout=PATIENCE)
    assert late == [own]
    assert samples not in program.settings.recent


def test_sample_images_that_cannot_be_written_are_told_with_the_reason(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def full(_base: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/a")

    monkeypatch.setattr("desktop.window.opening.sample_folder", full)
    monkeypatch.setattr("desktop.window.opening.tell", lambda _window, text: said.append(text))
    program.opening.open_samples()
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert said == ["The samples cannot be written: /home/a: the disk is full."]


def test_a_dialog_without_an_answer_leaves_what_is_open(
    program: Program, image_folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = image_folder(a=100)
    program.open([folder])
    run = program.workspace.run
    monkeypatch.setattr(program.opening._dialogs, "folder", lambda _title: None)
    monkeypatch.setattr(program.opening._dialogs, "files", lambda _title: [])
    program.opening.ask_folder()
    program.opening.ask_files()
    assert program.workspace.run is run
