"""What tests of single parts of the window share."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """An empty one, to hold a part."""
    made = QWidget()
    qtbot.addWidget(made)
    return made
