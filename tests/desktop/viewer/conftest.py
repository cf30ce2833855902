"""What the viewer's tests share."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from desktop.viewer.viewer import Viewer
from tests.make.viewing import ct


@pytest.fixture
def content(qtbot: QtBot) -> Content:
    """What the views show: nothing yet."""
    return Content()


@pytest.fixture
def options(qtbot: QtBot) -> ViewerOptions:
    """The options as they are at the start."""
    return ViewerOptions()


@pytest.fixture
def empty(qtbot: QtBot, content: Content, options: ViewerOptions) -> Viewer:
    """A viewer of 400 by 300 without an image."""
    made = Viewer(content, options)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


@pytest.fixture
def viewer(empty: Viewer, content: Content) -> Viewer:
    """A viewer of 400 by 300 with a CT slice in the brain window, at zoom 3."""
    content.show(ct(), "1/2")
    return empty
