"""What tests of single parts of the window share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.engine.reader_labels import ReaderLabels
from desktop.state.workspace import Workspace
from tests.make.in_this_process import InThisProcess
from tests.make.painted import Painted
from tests.make.program import open_by_hand
from tests.make.tiny_model import tiny_card
from tests.make.worklists import TWO_SERIES


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    """With the card of the tiny model; nothing is open."""
    made = Workspace(tmp_path, "cpu", InThisProcess, ReaderLabels())
    made.table.set_card(tiny_card())
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """An empty one, to hold a part."""
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Painted:
    """Hears of what the lists made from now on paint."""
    return Painted(monkeypatch)


@pytest.fixture
def filled(program: Program) -> Program:
    """A program in which two series are assessed, an image of the first one selected."""
    open_by_hand(program, [*TWO_SERIES], trusted=True)
    program.selection.select(0)
    return program
