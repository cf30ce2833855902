"""What every part of the window with words of its own does when the reader changes the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as Widget
else:
    Widget = object  # PySide6 allows one Qt class among the bases of a widget, which brings its own


class Translated(Widget):
    """Mixed into a Qt widget, before it. Its words are set in ``retranslate`` and nowhere else."""

    def retranslate(self) -> None:
        """Say everything in the language of now; called when that is another one."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
