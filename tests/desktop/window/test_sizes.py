import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.settings import Theme
from desktop.window.main_window import FRAME
from tests.make.program import PATIENCE, open_by_hand
from tests.make.worklists import of_patient


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_in_a_window_of_1280_by_800_the_image_gets_half_and_nothing_is_cut_off(
    qtbot: QtBot, program: Program, language: str
) -> None:
    program.appearance.set_language(language)
    program.show()
    qtbot.waitUntil(lambda: program.workspace.table.card is not None, timeout=PATIENCE)
    window = program.window
    window.resize(1280, 800)
    window._pages.setCurrentWidget(window.splitter)
    qtbot.waitUntil(lambda: window.width() == 1280)
    assert window.centre.width() >= 640
    assert window._right.verticalScrollBar().maximum() == 0
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 800


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_window_fits_a_screen_of_1920_by_1080_at_200_per_cent(
    qtbot: QtBot, program: Program, language: str
) -> None:
    program.appearance.set_language(language)
    open_by_hand(program, of_patient("A", *[0.9] * 9))
    program.show()
    window = program.window
    window._pages.setCurrentWidget(window.splitter)
    qtbot.wait(20)
    for front in (0, 1):
        window.tabs.setCurrentIndex(front)
        qtbot.wait(20)
        least = window.minimumSizeHint()
        assert least.width() <= 1920 // 2 - FRAME.width()
        assert least.height() <= 1080 // 2 - FRAME.height()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_in_a_window_of_1280_every_tool_is_in_view(
    qtbot: QtBot, program: Program, language: str
) -> None:
    program.appearance.set_language(language)
    program.show()
    window = program.window
    window.resize(1280, 800)
    window._pages.setCurrentWidget(window.splitter)
    qtbot.waitUntil(lambda: window.width() == 1280)
    qtbot.wait(20)
    assert hidden_tools(program) == []
    assert window.toolbar.more is not None
    assert not window.toolbar.more.isVisible()


@pytest.mark.parametrize("theme", list(Theme))
def test_where_room_is_shorter_a_mark_that_can_be_seen_opens_the_other_tools(
    qtbot: QtBot, program: Program, theme: Theme
) -> None:
    program.appearance.set_theme(theme)
    program.show()
    window = program.window
    window.resize(1280, 800)
    window._pages.setCurrentWidget(window.splitter)
    window.splitter.setSizes([480, 480, 320])
    more = window.toolbar.more
    assert more is not None
    qtbot.waitUntil(more.isVisible)
    menu = more.menu()
    assert isinstance(menu, QMenu)
    assert set(hidden_tools(program)) <= {each.text() for each in menu.actions()}
    shown = more.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    greys = [
        shown.pixelColor(x, y).lightness()
        for x in range(shown.width())
        for y in range(shown.height())
    ]
    assert max(greys) - min(greys) > 100


def hidden_tools(program: Program) -> list[str]:
    """Names of the tools that have no button in view."""
    toolbar = program.window.toolbar
    found = []
    for action in toolbar.actions():
        button = toolbar.widgetForAction(action)
        if not action.isSeparator() and not button.isVisible():
            found.append(action.text())
    return found


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_where_the_right_column_is_scrolled_its_bar_lies_over_nothing(
    qtbot: QtBot, program: Program, language: str
) -> None:
    program.appearance.set_language(language)
    program.show()
    qtbot.waitUntil(lambda: program.workspace.table.card is not None, timeout=PATIENCE)
    window = program.window
    window._pages.setCurrentWidget(window.splitter)
    window.resize(1280, window.minimumSizeHint().height())
    area = window._right
    qtbot.waitUntil(lambda: area.verticalScrollBar().isVisible())
    column = window.result.parentWidget()
    assert column is not None
    assert column.minimumSizeHint().width() <= area.viewport().width()
    assert column.width() == area.viewport().width()


def test_a_new_window_leaves_room_for_its_frame(program: Program) -> None:
    window = program.window
    room = window.screen().availableGeometry()
    assert window.width() <= room.width() - FRAME.width()
    assert window.height() <= room.height() - FRAME.height()
