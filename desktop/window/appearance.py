"""Appearance: the theme and the language, changed while the program runs, and remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from desktop.settings import Settings, Theme
from desktop.window.language import Language
from desktop.window.theme import apply_theme


class Appearance(QObject):
    """Begins with what the settings say."""

    def __init__(self, app: QApplication, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._settings = app, settings
        self.language = Language(app)
        self.language.set_language(settings.language)
        apply_theme(app, settings.theme)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def set_theme(self, theme: Theme) -> None:
        """Change the theme and remember it."""
        self._settings.theme = theme
        apply_theme(self._app, theme)

    def set_language(self, code: str) -> None:
        """Change the language and remember it."""
        self._settings.language = code
        self.language.set_language(code)

    @Slot()
    def _follow_system(self) -> None:
        if self._settings.theme is Theme.SYSTEM:
            apply_theme(self._app, Theme.SYSTEM)
