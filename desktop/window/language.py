"""The languages: loads translations and changes them while the program runs."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.resources import resource
from desktop.text.language import choose_language


class Language(QObject):
    """Holds the installed translators. English is in the code and needs none."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._installed: list[QTranslator] = []

    def set_language(self, code: str) -> None:
        """Change to ``en`` or ``zh_CN``; empty: as the system says, English where it is neither."""
        if not code:
            chinese = QLocale.system().language() == QLocale.Language.Chinese
            code = "zh_CN" if chinese else "en"
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        choose_language(code)
        if code != "en":
            folder = str(resource("translations"))
            self._install(f"cranioscope_{code}", folder)
            qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self._install(f"qtbase_{code}", qt)

    def _install(self, name: str, folder: str) -> None:
        translator = QTranslator(self)
        if translator.load(name, folder):
            self._app.installTranslator(translator)
            self._installed.append(translator)
