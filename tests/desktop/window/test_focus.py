"""Where the keys go when what has the focus is hidden, and that none of them is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Program
from tests.make.program import screened


@pytest.fixture
def shown(qtbot: QtBot, program: Program, image_folder: Callable[..., Path]) -> Program:
    """A program on screen with two series of scored images, the keys at the image."""
    screened(qtbot, program, image_folder("one", a=220, b=60), image_folder("two", c=210))
    program.window.activateWindow()
    program.window.viewer.setFocus()
    qtbot.waitUntil(program.window.viewer.hasFocus)
    return program


def press(*keys: Qt.Key) -> None:
    for key in keys:
        held = QApplication.focusWidget()
        assert held is not None
        QTest.keyClick(held, key)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def typed(program: Program) -> tuple[str, str]:
    return program.window.worklist.search.text(), program.window.results.search.text()


def test_a_click_on_the_right_leaves_the_keys_at_the_image(shown: Program) -> None:
    click(shown.window.heat.shown)
    assert QApplication.focusWidget() is shown.window.viewer


@pytest.mark.parametrize("place", ["number", "column"])
def test_planes_that_hide_the_focus_leave_the_keys_at_the_image(shown: Program, place: str) -> None:
    window = shown.window
    places = {"number": window.threshold.number, "column": window._right}
    places[place].setFocus()
    shown.actions["planes"].trigger()
    assert QApplication.focusWidget() is window.centre.front
    press(Qt.Key.Key_B, Qt.Key.Key_M, Qt.Key.Key_N)
    assert typed(shown) == ("", "")


@pytest.mark.parametrize("searched_before", [False, True])
def test_another_tab_takes_the_keys_to_its_list(shown: Program, searched_before: bool) -> None:
    window = shown.window
    if searched_before:
        window.tabs.setCurrentWidget(window.results)
        window.results.search.setFocus()
        window.tabs.setCurrentWidget(window.worklist)
    window.worklist.view.setFocus()
    bar = window.tabs.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert window.images_in_front
    assert QApplication.focusWidget() is window.results.view
    press(Qt.Key.Key_N, Qt.Key.Key_K)
    assert typed(shown) == ("", "")


def test_another_tab_leaves_the_keys_where_they_can_be_seen(shown: Program) -> None:
    window = shown.window
    window.tabs.setCurrentWidget(window.results)
    assert QApplication.focusWidget() is window.viewer


def test_a_link_that_hides_itself_leaves_the_keys_to_the_list(shown: Program) -> None:
    worklist = shown.window.worklist
    worklist.search.setText("nobody")
    assert worklist.show_all.isVisible()
    worklist.show_all.setFocus()
    click(worklist.show_all)
    assert not worklist.show_all.isVisible()
    assert QApplication.focusWidget() is worklist.view


def test_the_left_column_that_is_hidden_leaves_the_keys_at_the_image(shown: Program) -> None:
    shown.window.worklist.search.setFocus()
    shown.actions["image_only"].trigger()
    assert QApplication.focusWidget() is shown.window.viewer


def test_what_is_disabled_leaves_the_keys_to_the_list(shown: Program) -> None:
    worklist = shown.window.worklist
    worklist.only_flagged.setFocus()
    worklist.only_flagged.setEnabled(False)
    assert QApplication.focusWidget() is worklist.view


def test_what_a_dialog_hides_leaves_the_keys_to_the_list(qtbot: QtBot, shown: Program) -> None:
    worklist = shown.window.worklist
    worklist.by_name.show()
    worklist.by_name.setFocus()
    dialog = QDialog(shown.window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    worklist.by_name.hide()
    dialog.close()
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.isActiveWindow)
    assert QApplication.focusWidget() is worklist.view


def test_tab_still_goes_on_to_the_next_field(shown: Program) -> None:
    worklist = shown.window.worklist
    worklist.search.setFocus()
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is worklist.order
