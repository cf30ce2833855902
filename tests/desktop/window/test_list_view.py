"""Scrolling a list paints only what comes in; what is marked stays in view in a lower list."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListWidget
from pytestqt.qtbot import QtBot

from desktop.settings import Theme
from desktop.window.images_view import ImagesView
from desktop.window.list_view import ListView
from desktop.window.theme import apply_theme
from desktop.window.worklist_view import WorklistView
from tests.make.painted import Painted

STEP = 60
"""Pixels; the lists below are some 200 high."""


@pytest.fixture(params=[WorklistView, ImagesView])
def view(
    qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest, painted: Painted
) -> Iterator[QAbstractItemView]:
    """A shown list of a hundred lines, in the dark theme."""
    apply_theme(qapp, Theme.DARK)
    view: QAbstractItemView = request.param()
    qtbot.addWidget(view)
    view.setModel(QStringListModel([str(number) for number in range(100)], view))
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.resize(600, 200)
    view.show()
    qtbot.waitExposed(view)
    yield view
    apply_theme(qapp, Theme.LIGHT)


def scroll(qtbot: QtBot, view: QAbstractItemView, painted: Painted | None = None) -> None:
    qtbot.wait(50)  # until what was to be painted before is
    if painted is not None:
        painted.rows.clear()
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() + STEP)


@pytest.mark.parametrize("themes", [(), (Theme.LIGHT,), (Theme.LIGHT, Theme.DARK)])
def test_a_step_of_the_wheel_paints_what_comes_in_and_nothing_else(
    qtbot: QtBot,
    qapp: QApplication,
    painted: Painted,
    view: QAbstractItemView,
    themes: tuple[Theme, ...],
) -> None:
    for theme in themes:
        apply_theme(qapp, theme)
    scroll(qtbot, view)
    height = view.viewport().height()
    scroll(qtbot, view, painted)
    qtbot.waitUntil(lambda: bool(painted.rows))
    assert painted.rows == set(range(height - STEP, height))


def test_after_scrolling_the_list_looks_as_if_all_of_it_had_been_painted(
    qtbot: QtBot, view: QAbstractItemView
) -> None:
    for _ in range(3):
        scroll(qtbot, view)
    qtbot.wait(50)
    seen = view.screen().grabWindow(view.winId()).toImage()
    view.viewport().update()
    qtbot.wait(50)
    assert view.screen().grabWindow(view.winId()).toImage() == seen
    assert len({seen.pixel(x, seen.height() // 2) for x in range(seen.width())}) > 1


class Lines(ListView, QListWidget):
    """A list of a hundred lines."""


@pytest.fixture
def lines(qtbot: QtBot) -> Lines:
    made = Lines()
    qtbot.addWidget(made)
    made.addItems([str(number) for number in range(100)])
    made.resize(200, 400)
    made.show()
    made.setCurrentRow(15)
    return made


def test_a_marked_line_that_was_seen_is_seen_when_the_list_is_lower(lines: Lines) -> None:
    lines.scrollToTop()
    assert lines.visualItemRect(lines.item(15)).bottom() < lines.viewport().height()
    lines.resize(200, 120)
    lying = lines.visualItemRect(lines.item(15))
    assert 0 <= lying.top() < lying.bottom() < lines.viewport().height()


def test_a_marked_line_that_was_out_of_view_stays_there(lines: Lines) -> None:
    for line in (2, 80):  # above what is seen, and below it
        lines.setCurrentRow(line)
        lines.scrollToItem(lines.item(40), QAbstractItemView.ScrollHint.PositionAtTop)
        before = lines.verticalScrollBar().value()
        lines.resize(200, 120)
        assert lines.verticalScrollBar().value() == before
        lines.resize(200, 400)
