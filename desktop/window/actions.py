"""Everything that a menu or a key can do, by name, with words that follow the language."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.settings import Theme

KEYS: dict[str, tuple[str, ...]] = {
    "open_folder": ("Ctrl+O",),
    "open_files": ("Ctrl+Shift+O",),
    "open_samples": (),
    "open_model": (),
    "shipped_model": (),
    "export": ("Ctrl+E",),
    "stop": (),
    "quit": ("Ctrl+Q",),
    "clear_recent": (),
    "keep_recent": (),
    "next_series": ("PgDown",),
    "previous_series": ("PgUp",),
    "cine": ("C",),
    "next_above": ("N",),
    "previous_above": ("Shift+N",),
    "threshold_down": ("[",),
    "threshold_up": ("]",),
    "frozen_threshold": (),
    "read_present": ("Ctrl+1",),
    "read_absent": ("Ctrl+2",),
    "read_unsure": ("Ctrl+3",),
    "key_image": ("K",),
    "reader_first": (),
    "search": ("Ctrl+F",),
    "heat_map": ("X",),
    "compare": ("F",),
    "network_view": (),
    "hide_identity": (),
    "down_is_brighter": (),
    "maximise": (),
    "full_screen": ("F11",),
    "keys": ("F1", "?"),
    "about": (),
}
CHECKABLE = {
    *(
        "keep_recent",
        "read_present",
        "read_absent",
        "read_unsure",
        "key_image",
        "reader_first",
        "cine",
        "heat_map",
        "compare",
        "network_view",
        "hide_identity",
        "down_is_brighter",
        "maximise",
        "full_screen",
    ),
}
LANGUAGES = {"": "", "en": "English", "zh_CN": "简体中文"}
"""Each language by its own name; the empty code follows the system."""


class Actions(QObject):
    """QActions by name; ``themes`` and ``languages`` are exclusive groups, their data the value."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.by_name: dict[str, QAction] = {}
        for name, keys in KEYS.items():
            action = QAction(window)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setCheckable(name in CHECKABLE)
            self.by_name[name] = action
            window.addAction(action)  # so that its key works while the menus are hidden
        self.themes = QActionGroup(window)
        for theme in Theme:
            self._add_choice(self.themes, str(theme))
        self.languages = QActionGroup(window)
        for code in LANGUAGES:
            self._add_choice(self.languages, code)
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def choose(self, group: QActionGroup, value: str) -> None:
        """Mark a value as the chosen one."""
        for action in group.actions():
            action.setChecked(action.data() == value)

    def retranslate(self) -> None:
        """Name everything in the language of now."""
        for name, text in self._file_words().items() | self._view_words().items():
            self.by_name[name].setText(text)
        themes = {
            str(Theme.SYSTEM): self.tr("As the system"),
            str(Theme.LIGHT): self.tr("Light"),
            str(Theme.DARK): self.tr("Dark"),
        }
        for action in self.themes.actions():
            action.setText(themes[action.data()])
        for action in self.languages.actions():
            action.setText(LANGUAGES[action.data()] or self.tr("As the system"))

    def _file_words(self) -> dict[str, str]:
        return {
            "open_folder": self.tr("Open folder…"),
            "open_files": self.tr("Open files…"),
            "open_samples": self.tr("Open sample scans"),
            "open_model": self.tr("Open model…"),
            "shipped_model": self.tr("Use the weights that came with the program"),
            "export": self.tr("Export…"),
            "stop": self.tr("Stop screening"),
            "quit": self.tr("Quit"),
            "clear_recent": self.tr("Clear this list"),
            "keep_recent": self.tr("Remember opened folders"),
        }

    def _view_words(self) -> dict[str, str]:
        return {
            "next_series": self.tr("Next series"),
            "previous_series": self.tr("Previous series"),
            "cine": self.tr("Cine"),
            "next_above": self.tr("Next above the threshold"),
            "previous_above": self.tr("Previous above the threshold"),
            "threshold_down": self.tr("Lower the threshold"),
            "threshold_up": self.tr("Raise the threshold"),
            "frozen_threshold": self.tr("Back to the frozen threshold"),
            "read_present": self.tr("Finding present"),
            "read_absent": self.tr("Finding absent"),
            "read_unsure": self.tr("Unsure"),
            "key_image": self.tr("Key image"),
            "reader_first": self.tr("Your reading before the answer"),
            "search": self.tr("Search"),
            "heat_map": self.tr("Heat map"),
            "compare": self.tr("Four windows side by side"),
            "network_view": self.tr("As the network saw it"),
            "hide_identity": self.tr("Hide identity"),
            "down_is_brighter": self.tr("Drag down to brighten"),
            "maximise": self.tr("Picture only"),
            "full_screen": self.tr("Full screen"),
            "keys": self.tr("Keys and mouse"),
            "about": self.tr("About Cranioscope"),
        }

    def _add_choice(self, group: QActionGroup, value: str) -> None:
        action = QAction(group)
        action.setCheckable(True)
        action.setData(value)
        group.addAction(action)
