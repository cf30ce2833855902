"""The menu bar, made from the table of actions."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop.settings import Settings
from desktop.tables import words
from desktop.window.action import Actions, Menu
from desktop.window.translated import Translated


class Menus(Translated, QMenuBar):
    """One menu for each member of ``Menu``; the recent list is filled each time it opens."""

    recent_wanted = Signal(Path)

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions, self._settings = actions, settings
        self._menus: dict[Menu, QMenu] = {}
        for action in actions.table:
            menu = self._menu(action.menu)
            if action.separated:
                menu.addSeparator()
            menu.addAction(actions[action.id])
        self._own = self._menus[Menu.RECENT].actions()
        self._folders: list[QAction] = []
        self._menus[Menu.RECENT].aboutToShow.connect(self._fill_recent)
        self._menus[Menu.READING].aboutToShow.connect(self._fill_reading)
        self.retranslate()

    def __getitem__(self, menu: Menu) -> QMenu:
        return self._menus[menu]

    def _menu(self, menu: Menu) -> QMenu:
        if menu not in self._menus:
            self._menus[menu] = made = QMenu(self)
            (self if menu.parent is None else self._menu(menu.parent)).addMenu(made)
        return self._menus[menu]

    def _fill_recent(self) -> None:
        menu = self._menus[Menu.RECENT]
        # Never clear(): it deletes the line above the menu's own entries, which still stand there.
        for entry in self._folders:
            menu.removeAction(entry)
            entry.deleteLater()
        folders = [] if self._settings.hide_identity else self._settings.recent
        self._folders = [self._folder_entry(folder) for folder in folders]
        if not folders:
            nothing = QAction(self.tr("None"), menu)
            nothing.setEnabled(False)
            self._folders = [nothing]
        menu.insertActions(self._own[0], self._folders)

    def _folder_entry(self, folder: Path) -> QAction:
        name = words.visible(str(folder)).replace("&", "&&")
        entry = QAction(name, self._menus[Menu.RECENT])
        entry.triggered.connect(partial(self.recent_wanted.emit, folder))
        return entry

    @Slot()
    def _fill_reading(self) -> None:
        """Leave out what another entry does already, and bring back what none does any more."""
        menu = self._menus[Menu.READING]
        below: QAction | None = None
        for action in reversed(self._actions.table):
            if action.menu is not Menu.READING:
                continue
            entry, is_there = self._actions[action.id], self._actions.in_menu(action)
            if is_there and entry not in menu.actions():
                menu.insertAction(below, entry)  # type: ignore[arg-type]
            elif not is_there:
                menu.removeAction(entry)
            below = entry if is_there else below

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self._actions.retranslate()
        for name, menu in self._menus.items():
            menu.setTitle(name.title)
