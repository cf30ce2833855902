from itertools import pairwise

import pytest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.settings import Settings
from desktop.window.action import Actions, Menu
from desktop.window.actions import ACTIONS
from desktop.window.menus import Menus
from desktop.window.toolbar import Toolbar


@pytest.fixture
def toolbar(window: QWidget, settings: Settings) -> Toolbar:
    """The program's toolbar, without a program."""
    actions = Actions(ACTIONS, window)
    return Toolbar(actions, Menus(actions, settings, window), window)


def buttons(toolbar: Toolbar) -> list[QToolButton]:
    """Those with a word."""
    found = [toolbar.widgetForAction(action) for action in toolbar.actions()]
    return [each for each in found if isinstance(each, QToolButton)]


def cut(toolbar: Toolbar) -> list[str]:
    """The words that their buttons have no room for."""
    return [
        button.text()
        for button in buttons(toolbar)
        if button.fontMetrics().horizontalAdvance(button.text()) >= button.minimumWidth()
    ]


def test_it_has_what_the_table_says_in_that_order_after_the_presets(toolbar: Toolbar) -> None:
    presets, *others = buttons(toolbar)
    assert presets.popupMode() is QToolButton.ToolButtonPopupMode.InstantPopup
    assert presets.text().replace("&", "") == Menu.WINDOW.title
    wanted = [(each.short or each.text)() for each in ACTIONS if each.on_toolbar]
    assert [button.text() for button in others] == wanted


def test_groups_are_apart_and_none_is_empty(toolbar: Toolbar) -> None:
    lines = [action.isSeparator() for action in toolbar.actions()]
    assert any(lines)
    assert not lines[-1]
    assert not any(one and two for one, two in pairwise(lines))


def test_a_longer_word_or_a_larger_font_is_never_cut(qtbot: QtBot, toolbar: Toolbar) -> None:
    assert cut(toolbar) == []
    toolbar.actions()[-1].setIconText("A far longer word than before")
    assert cut(toolbar) == []
    toolbar.setStyleSheet("* { font-size: 30pt }")  # also where the program has a style sheet
    qtbot.waitUntil(lambda: cut(toolbar) == [])
    assert buttons(toolbar)[0].fontMetrics().height() > 30


def test_the_mark_of_what_has_no_room_is_named(toolbar: Toolbar) -> None:
    assert toolbar.more is not None
    assert toolbar.more.accessibleName() == toolbar.more.toolTip() == "More tools"
    assert not toolbar.more.icon().isNull()
