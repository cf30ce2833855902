import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Program
from desktop.window.main_window import FRAME
from tests.make.program import PATIENCE


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
