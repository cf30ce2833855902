"""SharedWindow: several views of one patient in one window, so that densities can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QObject

from desktop.viewer.display import Display


class SharedWindow(QObject):
    """What the reader does to the window of one view is done to all that show the same unit."""

    def __init__(self, displays: Sequence[Display], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._displays = tuple(displays)
        self._is_opening = False
        for display in self._displays:
            display.changed.connect(partial(self._share, display))

    @contextmanager
    def opening(self, display: Display) -> Iterator[None]:
        """While a view is given an image: it takes the others' window, not the image's own."""
        self._is_opening = True
        try:
            yield
        finally:
            self._is_opening = False
        for other in self._displays:
            if other is not display and _unit(other) is not None and _unit(other) == _unit(display):
                display.share_window(other)
                return

    def _share(self, changed: Display) -> None:
        if not self._is_opening and _unit(changed) is not None:
            for display in self._displays:
                if display is not changed and _unit(display) == _unit(changed):
                    display.share_window(changed)


def _unit(display: Display) -> str | None:
    return None if display.image is None else display.image.header.unit
