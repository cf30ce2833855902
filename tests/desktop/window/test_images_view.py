from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.tables.row import Column
from desktop.window.images_view import NARROW, ImagesView
from desktop.window.list_view import WITH_SHIFT

Key = Qt.Key
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier


def listed(qtbot: QtBot, rows: int = 25) -> ImagesView:
    view = ImagesView()
    qtbot.addWidget(view)
    model = QStandardItemModel(0, len(Column), view)
    for number in range(rows):
        model.appendRow([QStandardItem(str(number)) for _ in Column])
    view.setModel(model)
    return view


def test_keys_go_by_one_and_by_ten_and_stop_at_both_ends(qtbot: QtBot) -> None:
    view = listed(qtbot)
    found = []
    for key, held in [
        (Key.Key_Down, NONE),  # nothing was marked: the first
        (Key.Key_Down, KEYPAD),
        (Key.Key_Down, SHIFT),
        (Key.Key_End, NONE),
        (Key.Key_Down, NONE),
        (Key.Key_Up, SHIFT),
        (Key.Key_Home, NONE),
        (Key.Key_Up, SHIFT),
    ]:
        QTest.keyClick(view, key, held)
        found.append(view.currentIndex().row())
    assert found == [0, 1, 1 + WITH_SHIFT, 24, 24, 24 - WITH_SHIFT, 0, 0]
    assert WITH_SHIFT == 10
    assert view.currentIndex().column() == Column.NAME


@pytest.mark.parametrize("rows", [0, 25])
def test_keys_of_an_empty_list_do_nothing_and_others_are_the_windows(
    qtbot: QtBot, rows: int
) -> None:
    view = listed(qtbot, rows)
    for code in (Key.Key_P, Key.Key_PageDown, Key.Key_Right, 0x416, 0):
        event = QKeyEvent(QEvent.Type.KeyPress, int(code), NONE)
        view.keyPressEvent(event)  # 0x416: a letter that Qt has no name for
        assert not event.isAccepted()
    if not rows:
        for key in (Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End):
            QTest.keyClick(view, key)
    assert not view.currentIndex().isValid()


def test_columns_of_the_result_are_there_from_a_width_on(qtbot: QtBot) -> None:
    view = listed(qtbot)
    view.show()
    for width, hidden in ((NARROW - 1, True), (NARROW, False), (NARROW - 1, True)):
        view.resize(width, 300)
        assert view.isColumnHidden(Column.RESULT) is hidden
        assert view.isColumnHidden(Column.STATUS) is hidden
        assert not view.isColumnHidden(Column.NAME)
    assert NARROW == 400
