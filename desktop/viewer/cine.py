"""Cine: turns through the slices of the selected series by itself, round and round."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.state.selection import Selection

PAUSE = 100
"""Milliseconds between two slices: ten a second, as viewers begin with."""


class Cine(QObject):
    """Plays until it is stopped or the reader turns elsewhere; never ahead of the images."""

    playing = Signal(bool)

    def __init__(self, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._turned_to: int | None = None
        self._timer = QTimer(self, interval=PAUSE)
        self._timer.timeout.connect(self._turn)
        selection.changed.connect(self._follow)

    @property
    def is_playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @Slot(bool)
    def play(self, wanted: bool) -> None:
        """Play from the selected slice on, or stop; a series of one slice is not played."""
        wanted = wanted and len(self._selection.members()) > 1
        self._turned_to = self._selection.image
        if wanted:
            self._timer.start()
        else:
            self._timer.stop()
        self.playing.emit(wanted)

    @Slot()
    def _turn(self) -> None:
        if self._selection.busy:
            return  # a slice that nobody would see
        members, before = self._selection.members(), self._turned_to
        after = self._selection.onward(before, 1) if before in members else before
        self._turned_to = members[0] if after in (None, before) else after
        self._selection.select(self._turned_to)

    @Slot()
    def _follow(self) -> None:
        if self._timer.isActive() and self._selection.image != self._turned_to:
            self.play(False)
