"""Settings: what the program remembers between two starts, typed; never whose an image is."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from imaging.image import Window

OWN_KEYS = ("8", "9")
"""Digits that are left to the reader's own windows."""
MOST_RECENT = 8
"""Entries in the recent list."""


def forget_visited_folders() -> None:
    """Take from Qt's own settings the folders that its file dialogs remember."""
    store = QSettings(QSettings.Scope.UserScope, "QtProject")
    for key in ("FileDialog/lastVisited", "FileDialog/history"):
        store.remove(key)
    store.sync()


_LANGUAGES = ("en", "zh_CN")
"""Those of ``desktop.text``. In another one, Qt would name its own buttons alone."""


class Theme(StrEnum):
    """Which palette the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Settings:
    """Typed access to one QSettings store; a value that makes no sense reads as its default.

    The recent list is the only entry that can name a patient (in a folder's name); it can be
    cleared and turned off.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Cranioscope", "Cranioscope"
        )

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system says (the default)."""
        value = self._text("view/theme")
        return Theme(value) if value in set(Theme) else Theme.SYSTEM

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._set("view/theme", str(theme))

    @property
    def language(self) -> str:
        """``en`` or ``zh_CN``; empty: as the system says."""
        value = self._text("view/language")
        return value if value in _LANGUAGES else ""

    @language.setter
    def language(self, code: str) -> None:
        self._set("view/language", code)

    @property
    def hide_identity(self) -> bool:
        """Whether names and ids stay off the screen, the title and the exports."""
        return self._flag("view/hide_identity", default=False)

    @hide_identity.setter
    def hide_identity(self, hide: bool) -> None:
        self._set_flag("view/hide_identity", hide)

    @property
    def read_before_ai(self) -> bool:
        """Whether the result stays hidden until the reader has given a reading (blinded)."""
        return self._flag("view/reader_first", default=False)

    @read_before_ai.setter
    def read_before_ai(self, first: bool) -> None:
        self._set_flag("view/reader_first", first)

    @property
    def reader(self) -> str:
        """The reader's name or initials, kept with readings of series; empty without any."""
        return self._text("reading/reader")

    @reader.setter
    def reader(self, name: str) -> None:
        self._set("reading/reader", name)

    @property
    def down_is_brighter(self) -> bool:
        """Whether dragging a window downwards brightens (the default) or darkens."""
        return self._flag("view/down_is_brighter", default=True)

    @down_is_brighter.setter
    def down_is_brighter(self, brighter: bool) -> None:
        self._set_flag("view/down_is_brighter", brighter)

    @property
    def own_windows(self) -> dict[str, Window]:
        """The reader's own windows in HU by their digit keys, of OWN_KEYS."""
        return {key: window for key in OWN_KEYS if (window := self._window(key)) is not None}

    def keep_window(self, key: str, window: Window) -> None:
        """Put a window in HU on one of OWN_KEYS."""
        self._set(f"windows/{key}", f"{window.width:g}/{window.level:g}")

    def _window(self, key: str) -> Window | None:
        width, _, level = self._text(f"windows/{key}").partition("/")
        try:
            return Window(float(width), float(level))
        except ValueError:
            return None

    @property
    def keep_recent(self) -> bool:
        """Whether opened folders are remembered (the default)."""
        return self._flag("recent/keep", default=True)

    @keep_recent.setter
    def keep_recent(self, keep: bool) -> None:
        self._set_flag("recent/keep", keep)
        if not keep:
            self.clear_recent()

    @property
    def recent(self) -> list[Path]:
        """The folders and ZIP files opened last, the newest first."""
        values = self._store.value("recent/folders", [])
        texts = [values] if isinstance(values, str) else values
        if not isinstance(texts, list):
            return []
        return [Path(text) for text in texts if isinstance(text, str) and text][:MOST_RECENT]

    def add_recent(self, folder: Path) -> None:
        """Put a folder at the head of the recent list, unless the list is turned off."""
        if self.keep_recent:
            others = [path for path in self.recent if path != folder]
            self._set("recent/folders", [str(path) for path in [folder, *others][:MOST_RECENT]])

    @property
    def leaves_no_trace(self) -> bool:
        """Whether no folder's name, which may be a patient's, is to be remembered anywhere."""
        return self.hide_identity or not self.keep_recent

    def clear_recent(self) -> None:
        """Forget every opened folder."""
        forget_visited_folders()
        self._store.remove("recent/folders")
        self._store.sync()

    @property
    def prevalence(self) -> float | None:
        """The share of images with the finding that the reader expects, between 0 and 1.

        None until the reader has entered one: nothing is told at a prevalence that nobody gave.
        """
        try:
            value = float(self._text("threshold/prevalence") or "nan")
        except ValueError:
            return None
        return value if 0.0 < value < 1.0 else None

    @prevalence.setter
    def prevalence(self, share: float | None) -> None:
        self._set("threshold/prevalence", "" if share is None else repr(float(share)))

    def layout(self, name: str) -> QByteArray:
        """The saved geometry of a window or splitter; empty where there is none."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Save the geometry of a window or splitter."""
        self._set(f"layout/{name}", state)

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""

    def _flag(self, key: str, *, default: bool) -> bool:
        return {"yes": True, "no": False}.get(self._text(key), default)

    def _set_flag(self, key: str, on: bool) -> None:
        self._set(key, "yes" if on else "no")

    def _set(self, key: str, value: Any) -> None:
        self._store.setValue(key, value)
