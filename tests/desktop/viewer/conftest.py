"""What the viewer's tests share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.viewer.viewer import Viewer
from tests.make.viewing import ct


@pytest.fixture
def viewer(qtbot: QtBot) -> Viewer:
    """A viewer of 400 by 300 with a CT slice in the brain window, at zoom 3."""
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.show_image(ct(), "1/2")
    return made
