from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from desktop.settings import Settings
from desktop.window.action import Actions, Menu
from desktop.window.actions import ACTIONS
from desktop.window.menus import Menus


@pytest.fixture
def menus(window: QWidget, settings: Settings) -> Menus:
    """The program's menus, without a program."""
    return Menus(Actions(ACTIONS, window), settings, window)


def recent(menus: Menus) -> list[str]:
    """What the recent list shows when it opens, above its own entries."""
    menus[Menu.RECENT].aboutToShow.emit()
    texts = [action.text() for action in menus[Menu.RECENT].actions()]
    return texts[: -len(menus._own)]


def test_a_recent_folder_opens_itself(menus: Menus, settings: Settings) -> None:
    for name in ("old", "A & B"):
        settings.add_recent(Path("/studies") / name)
    wanted: list[Path] = []
    menus.recent_wanted.connect(wanted.append)
    assert [Path(text).name for text in recent(menus)] == ["A && B", "old"]
    menus[Menu.RECENT].actions()[0].trigger()
    assert wanted == [Path("/studies/A & B")]


def test_where_identity_is_hidden_no_folder_is_named(menus: Menus, settings: Settings) -> None:
    settings.add_recent(Path("/studies/Doe"))
    assert len(recent(menus)) == 1
    settings.hide_identity = True
    assert recent(menus) == ["None"]
    assert not menus[Menu.RECENT].actions()[0].isEnabled()


def test_however_often_it_opens_its_own_entries_stand_there_once(menus: Menus) -> None:
    for _ in range(3):
        assert recent(menus) == ["None"]
    assert menus._own
    assert menus[Menu.RECENT].actions()[-len(menus._own) :] == menus._own


def test_a_submenu_stands_in_its_parent(menus: Menus) -> None:
    for menu in Menu:
        above = menus if menu.parent is None else menus[menu.parent]
        assert menus[menu].menuAction() in above.actions(), menu
