"""Cine plays the series round and round, waits for images, and gives way to the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.state.selection import Selection
from desktop.viewer import cine
from desktop.viewer.cine import Cine
from tests.make.program import PATIENCE, screened


class Slices(QObject):
    """What Cine needs of a Selection: three slices, and a fourth that is none of theirs."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.image: int | None = 4
        self.busy = False
        self.series = [4, 2, 7]
        self.copies: set[int] = set()
        self.seen: list[int | None] = []

    def members(self) -> list[int]:
        return self.series

    def onward(self, image: int, count: int) -> int:
        rest = self.series[self.series.index(image) + 1 :]
        return next((each for each in rest if each not in self.copies), image)

    def select(self, image: int | None) -> None:
        self.image = image
        self.seen.append(image)
        self.changed.emit()


@pytest.fixture
def slices() -> Slices:
    return Slices()


@pytest.fixture
def player(slices: Slices, monkeypatch: pytest.MonkeyPatch) -> Cine:
    monkeypatch.setattr(cine, "PAUSE", 1)
    return Cine(cast(Selection, slices), slices)


def test_it_goes_round_in_the_order_of_the_series(
    qtbot: QtBot, slices: Slices, player: Cine
) -> None:
    player.play(True)
    qtbot.waitUntil(lambda: len(slices.seen) >= 4)
    player.play(False)
    assert slices.seen[:4] == [2, 7, 4, 2]
    seen = len(slices.seen)
    qtbot.wait(20)
    assert len(slices.seen) == seen


@pytest.mark.parametrize("copy", [2, 7])
def test_a_copy_is_not_played(qtbot: QtBot, slices: Slices, player: Cine, copy: int) -> None:
    slices.copies = {copy}
    player.play(True)
    qtbot.waitUntil(lambda: len(slices.seen) >= 4)
    player.play(False)
    assert slices.seen[:4] == [9 - copy, 4, 9 - copy, 4]


def test_no_slice_is_left_before_its_image_is_there(
    qtbot: QtBot, slices: Slices, player: Cine
) -> None:
    slices.busy = True
    player.play(True)
    qtbot.wait(20)
    assert slices.seen == []
    slices.busy = False
    qtbot.waitUntil(lambda: bool(slices.seen))


def test_a_reader_who_turns_elsewhere_stops_it(qtbot: QtBot, slices: Slices, player: Cine) -> None:
    player.play(True)
    with qtbot.waitSignal(player.playing, check_params_cb=lambda on: not on):
        slices.select(99)
    seen = len(slices.seen)
    qtbot.wait(20)
    assert len(slices.seen) == seen


def test_one_slice_is_not_played(qtbot: QtBot, slices: Slices, player: Cine) -> None:
    slices.series = [4]
    with qtbot.waitSignal(player.playing, check_params_cb=lambda on: not on):
        player.play(True)


def test_its_key_plays_and_stops_it(
    qtbot: QtBot, program: Program, image_folder: Callable[..., Path]
) -> None:
    screened(qtbot, program, image_folder(a=40, b=80, c=120))
    first = program.selection.image
    viewer = program.window.viewer
    QTest.keyClick(viewer, Qt.Key.Key_C)
    assert program.actions["cine"].isChecked()
    qtbot.waitUntil(lambda: program.selection.image != first, timeout=PATIENCE)
    QTest.keyClick(viewer, Qt.Key.Key_C)
    assert not program.actions["cine"].isChecked()
    QTest.keyClick(viewer, Qt.Key.Key_C)
    QTest.keyClick(viewer, Qt.Key.Key_Home)
    QTest.keyClick(viewer, Qt.Key.Key_End)
    assert not program.actions["cine"].isChecked()
