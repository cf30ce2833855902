"""Actions: one declaration each for what a menu, a key, a button and the help have to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

translate = QCoreApplication.translate
Desk = TypeVar("Desk")
"""What actions work on."""


class Menu(Enum):
    """The menus. A submenu stands in its parent where its first action is declared."""

    FILE = auto()
    RECENT = auto()
    VIEW = auto()
    THEME = auto()
    LANGUAGE = auto()
    IMAGE = auto()
    """Also the viewer's right-click menu."""
    WINDOW = auto()
    TOOL = auto()
    GO = auto()
    THRESHOLD = auto()
    READING = auto()
    HELP = auto()

    @property
    def parent(self) -> Menu | None:
        """The menu that this one is in; None in the menu bar."""
        return {
            Menu.RECENT: Menu.FILE,
            Menu.THEME: Menu.VIEW,
            Menu.LANGUAGE: Menu.VIEW,
            Menu.WINDOW: Menu.IMAGE,
            Menu.TOOL: Menu.IMAGE,
        }.get(self)

    @property
    def title(self) -> str:
        """The title in the reader's language, with the mark of its key."""
        return {
            Menu.FILE: translate("Menus", "&File"),
            Menu.RECENT: translate("Menus", "Recent folders"),
            Menu.VIEW: translate("Menus", "&View"),
            Menu.THEME: translate("Menus", "Theme"),
            Menu.LANGUAGE: translate("Menus", "Language"),
            Menu.IMAGE: translate("Menus", "&Image"),
            Menu.WINDOW: translate("Menus", "Presets"),
            Menu.TOOL: translate("Menus", "Left button"),
            Menu.GO: translate("Menus", "&Go"),
            Menu.THRESHOLD: translate("Menus", "&Threshold"),
            Menu.READING: translate("Menus", "&Reading"),
            Menu.HELP: translate("Menus", "&Help"),
        }[self]


@dataclass(frozen=True)
class Action(Generic[Desk]):
    """What the program can do, and how a reader asks for it."""

    id: str
    text: Callable[[], str]
    """Its name in the reader's language."""
    menu: Menu
    do: Callable[[Desk], object]
    keys: tuple[str, ...] = ()
    """As QKeySequence reads them."""
    shared_keys: tuple[str, ...] = ()
    """Keys that a table, slider or field with the focus may take for itself."""
    is_on: Callable[[Desk], bool] | None = None
    """What its check mark says; None: it has none."""
    can: Callable[[Desk], bool] = lambda _desk: True
    named: Callable[[Desk], str] | None = None
    """Its name where that depends on what is open, in place of ``text``."""
    short: Callable[[], str] | None = None
    """Its name on a button, where that has little room."""
    separated: bool = False
    """A line stands before it in the menu."""
    on_toolbar: bool = False
    in_menu: Callable[[Desk], bool] = lambda _desk: True
    """Whether its menu shows it now; its keys work all the same."""


class Actions(QObject):
    """The QActions of a table, by id. They do nothing until a desk is given to ``bind``.

    However many changes come together, they are shown anew once: after them, or when an action is
    asked for. An action is only done where it can be at that moment, whatever its button shows.
    """

    def __init__(self, table: Sequence[Action[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = tuple(table)
        self._desk: Any = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.show_now)
        self._by_id = {action.id: self._make(action) for action in self.table}
        self.retranslate()

    def __getitem__(self, id: str) -> QAction:  # noqa: A002 - the field's own name
        if self._later.isActive():
            self.show_now()
        return self._by_id[id]

    @property
    def all(self) -> list[QAction]:
        """In the order of the table."""
        return list(self._by_id.values())

    def in_menu(self, action: Action[Any]) -> bool:
        """Whether the action's menu shows it now."""
        return self._desk is None or action.in_menu(self._desk)

    def bind(self, desk: object) -> None:
        """Let the actions work on a desk from now on."""
        self._desk = desk
        self.show_now()

    @Slot()
    def refresh(self) -> None:
        """Show anew what is on and what can be done, once for all changes of this moment."""
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def show_now(self) -> None:
        """Show what is on and what can be done."""
        self._later.stop()
        if self._desk is None:
            return
        for action in self.table:
            shown = self._by_id[action.id]
            shown.setEnabled(action.can(self._desk))
            if action.named is not None:
                shown.setText(action.named(self._desk).replace("&", "&&"))
            if action.is_on is not None:
                shown.setChecked(action.is_on(self._desk))

    def retranslate(self) -> None:
        """Name everything in the language of now."""
        for action in self.table:
            text = action.text().replace("&", "&&")
            self._by_id[action.id].setText(text)
            self._by_id[action.id].setIconText(action.short() if action.short else text)
        self.show_now()

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key stands for where no widget wanted it; False where it has no action."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(event.key() | held.value)
        for action in self.table:
            if any(QKeySequence(key) == pressed for key in action.shared_keys):
                self[action.id].trigger()
                return True
        return False

    def _make(self, action: Action[Any]) -> QAction:
        made = QAction(self)
        made.setCheckable(action.is_on is not None)
        made.setShortcuts([QKeySequence(key) for key in action.keys or action.shared_keys])
        if not action.keys:  # a menu shows the key, which ``press`` takes after the widgets
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.triggered.connect(partial(self._do, action))
        return made

    def _do(self, action: Action[Any], _checked: bool = False) -> None:
        if self._desk is not None and action.can(self._desk):
            action.do(self._desk)
        self.show_now()
