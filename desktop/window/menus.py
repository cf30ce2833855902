"""The menu bar."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop.settings import Settings
from desktop.tables import words
from desktop.window.actions import Actions

_FILE = ("open_folder", "open_files", "open_samples")
_MODEL = ("open_model", "shipped_model")
_OUT = ("export", "stop")
_VIEW = ("heat_map", "compare", "network_view", "hide_identity")
_GO = ("next_series", "previous_series", "cine", "next_above", "previous_above", "search")
_READING = ("read_present", "read_absent", "read_unsure", "key_image")
_THRESHOLD = ("threshold_down", "threshold_up", "frozen_threshold")


class Menus(QMenuBar):
    """Groups the actions; fills the recent list each time it opens."""

    recent_wanted = Signal(Path)

    def __init__(self, actions: Actions, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions, self._settings = actions, settings
        self.file, self.view, self.go, self.reading, self.help = (
            self.addMenu("") for _ in range(5)
        )
        self.recent = QMenu(self)
        self.recent.aboutToShow.connect(self._fill_recent)
        self.themes, self.languages = QMenu(self), QMenu(self)
        self.themes.addActions(actions.themes.actions())
        self.languages.addActions(actions.languages.actions())
        self._add(self.file, _FILE)
        self.file.addMenu(self.recent)
        self.file.addSeparator()
        self._add(self.file, _MODEL)
        self.file.addSeparator()
        self._add(self.file, _OUT)
        self.file.addSeparator()
        self._add(self.file, ("quit",))
        self._add(self.view, _VIEW)
        self.view.addSeparator()
        self.view.addMenu(self.themes)
        self.view.addMenu(self.languages)
        self.view.addSeparator()
        self._add(self.view, ("down_is_brighter",))
        self.view.addSeparator()
        self._add(self.view, ("maximise", "full_screen"))
        self._add(self.go, _GO)
        self.go.addSeparator()
        self._add(self.go, _THRESHOLD)
        self._add(self.reading, _READING)
        self.reading.addSeparator()
        self._add(self.reading, ("reader_first",))
        self._add(self.help, ("keys", "about"))
        self._retranslate()

    def _add(self, menu: QMenu, names: tuple[str, ...]) -> None:
        menu.addActions([self._actions[name] for name in names])

    def _fill_recent(self) -> None:
        self.recent.clear()
        folders = [] if self._settings.hide_identity else self._settings.recent
        for folder in folders:
            action = self.recent.addAction(words.plain(str(folder)).replace("&", "&&"))
            action.triggered.connect(partial(self.recent_wanted.emit, folder))
        if not folders:
            self.recent.addAction(self.tr("None")).setEnabled(False)
        self.recent.addSeparator()
        self._actions["keep_recent"].setChecked(self._settings.keep_recent)
        self._add(self.recent, ("clear_recent", "keep_recent"))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._actions.retranslate()
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.file.setTitle(self.tr("&File"))
        self.view.setTitle(self.tr("&View"))
        self.go.setTitle(self.tr("&Go"))
        self.reading.setTitle(self.tr("&Reading"))
        self.help.setTitle(self.tr("&Help"))
        self.recent.setTitle(self.tr("Recent folders"))
        self.themes.setTitle(self.tr("Theme"))
        self.languages.setTitle(self.tr("Language"))
