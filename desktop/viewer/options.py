"""How images are shown: the options that every view observes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.viewer.tools import Tool
from imaging.image import Window

T = TypeVar("T")


class Overlay(Enum):
    """How much text is written over the image."""

    ALL = "all"
    MINIMAL = "minimal"
    NONE = "none"

    def following(self) -> Overlay:
        """The next one round the cycle."""
        members = list(Overlay)
        return members[(members.index(self) + 1) % len(members)]


class Option(Generic[T]):
    """One attribute of ViewerOptions; setting it to another value emits ``changed``."""

    def __init__(self, default: T) -> None:
        self._default = default
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, options: ViewerOptions, owner: type) -> T:
        value: T = options.__dict__.get(self._name, self._default)
        return value

    def __set__(self, options: ViewerOptions, value: T) -> None:
        if value != self.__get__(options, type(options)):
            options.__dict__[self._name] = value
            options.changed.emit()


class ViewerOptions(QObject):
    """The options of all views. Setting one tells every observer by ``changed``."""

    changed = Signal()

    overlay = Option(Overlay.ALL)
    hide_identity = Option(False)
    """Leave patient, study and free text of the header off the screen."""
    heat_map_shown = Option(False)
    heat_map_opacity = Option(0.5)
    """From 0, clear, to 1."""
    model_input_shown = Option(False)
    """Show what the network receives in place of the image."""
    own_windows: Option[Mapping[str, Window]] = Option(MappingProxyType({}))
    """The reader's own windows in HU by their digit keys."""
    down_is_brighter = Option(True)
    """Whether a window drag downwards lowers the level, which brightens, or raises it."""
    tool = Option(Tool.WINDOW)
    """What the left button does."""
