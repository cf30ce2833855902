"""Drives a whole program: to the end of a run, or to images that were opened by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.jobs.viewed_image import ViewedImage
from desktop.state.workspace import State
from imaging.image import Image
from model.listed_image import ListedImage
from model.series_group import group_images
from tests.make.tiny_model import tiny_card

PATIENCE = 30_000
"""Milliseconds that any wait may take."""


def screened(qtbot: QtBot, program: Program, *paths: Path) -> None:
    """Open paths and wait until every row has its result and the first image is there."""
    program.open(paths)
    program.show()
    wait_done(qtbot, program)


def wait_done(qtbot: QtBot, program: Program) -> None:
    """Wait until every row has its result and its series, and the selected one its image."""

    def done() -> None:
        assert program.workspace.state is State.DONE
        assert program.selection.shown is not None
        series = program.workspace.series
        assert series.number_of(program.selection.image) is not None or not len(series)

    qtbot.waitUntil(done, timeout=PATIENCE)
    qtbot.wait(1)  # buttons follow in the event loop's next turn


def open_by_hand(program: Program, images: Sequence[ListedImage], *, trusted: bool = False) -> None:
    """Open images in place of others, in their series, as after the reading of headers.

    ``trusted``: the reader says that each folder of images is one series of one patient.
    """
    table, series = program.workspace.table, program.workspace.series
    table.clear()
    table.set_card(tiny_card())
    table.add_images(images)
    series.set_groups(group_images(images))
    series.trust_folders(trusted)


def boxes() -> list[QMessageBox]:
    """The boxes with a message that are on screen."""
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QMessageBox) and widget.isVisible()
    ]


def put_on_screen(program: Program, number: int | None = None) -> None:
    """Have an image of a row that was made by hand on screen at once; by default the selected."""
    selection = program.selection
    if number is not None:
        selection.select(number)
    selection._images.drop()
    row = selection.row
    assert row is not None
    assert row.header is not None
    pixels = np.zeros((row.header.rows, row.header.columns), np.uint8)
    sha256 = row.image.sha256
    shown = ViewedImage(row.path, row.frame, Image(row.header, pixels), sha256=sha256)
    selection._take_image(shown)


def select_image(program: Program, uid: str, place: int = 0) -> None:
    """Select an image of the series of that Series Instance UID, by its place in it."""
    program.selection.select(program.workspace.series[number_of(program, uid)].members[place])


def number_of(program: Program, uid: str) -> int:
    """The number of the series of that Series Instance UID."""
    every = program.workspace.series
    return next(at for at, each in enumerate(every) if each.group.identity.series_uid == uid)
