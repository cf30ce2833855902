"""Theme and language follow the settings, and the system where the reader says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from desktop.settings import Settings, Theme
from desktop.tables.words import status_word
from desktop.window.appearance import Appearance
from imaging.errors import Status


@pytest.fixture
def themes(monkeypatch: pytest.MonkeyPatch) -> list[Theme]:
    """The themes that were applied; the style of other tests stays as it is."""
    applied: list[Theme] = []
    monkeypatch.setattr(
        "desktop.window.appearance.apply_theme", lambda _, each: applied.append(each)
    )
    return applied


@pytest.fixture
def holder(qapp: QApplication) -> Iterator[QObject]:
    """Holds what is made, and speaks English in the end."""
    made = QObject()
    yield made
    for each in made.children():
        if isinstance(each, Appearance):
            each.language.set_language("en")
    shiboken6.delete(made)


def test_it_begins_with_the_settings(
    qapp: QApplication, settings: Settings, themes: list[Theme], holder: QObject
) -> None:
    settings.theme, settings.language = Theme.DARK, "zh_CN"
    Appearance(qapp, settings, holder)
    assert (themes, status_word(Status.OK)) == ([Theme.DARK], "完成")


def test_what_is_changed_is_shown_and_remembered(
    qapp: QApplication, settings: Settings, themes: list[Theme], holder: QObject
) -> None:
    appearance = Appearance(qapp, settings, holder)
    appearance.set_theme(Theme.LIGHT)
    appearance.set_language("zh_CN")
    assert (themes, status_word(Status.OK)) == ([Theme.SYSTEM, Theme.LIGHT], "完成")
    assert (settings.theme, settings.language) == (Theme.LIGHT, "zh_CN")
    appearance.set_language("en")
    assert (status_word(Status.OK), settings.language) == ("Done", "en")


@pytest.mark.parametrize("chosen", list(Theme))
def test_it_follows_the_system_where_the_reader_says_so(
    qapp: QApplication, settings: Settings, themes: list[Theme], holder: QObject, chosen: Theme
) -> None:
    def followed() -> int:
        themes.clear()
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        return themes.count(Theme.SYSTEM)

    others = followed()  # windows of other tests that are still there
    Appearance(qapp, settings, holder).set_theme(chosen)
    assert followed() - others == (1 if chosen is Theme.SYSTEM else 0)
    assert set(themes) <= {Theme.SYSTEM}
