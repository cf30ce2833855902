"""The middle of the window: the viewer, or the sentence that says why there is no picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.jobs.picture import Picture
from desktop.state.selection import Selection
from desktop.state.workspace import Workspace
from desktop.tables import words
from desktop.tables.sentences import spoken
from desktop.viewer.comparison import Comparison
from desktop.viewer.viewer import Viewer
from desktop.window.text import Text
from imaging.image import Window

LATE = 300
"""Milliseconds after which the picture before must not stand beside another one's answer."""


class PictureArea(QStackedWidget):
    """Shows what the selection brings, and turns the viewer's wishes into steps of it."""

    maximise_requested = Signal()
    """Double click: fill the window with the picture, or go back."""
    window_kept = Signal(str, object)
    """A digit key, and the Window that the reader put on it."""

    def __init__(
        self, workspace: Workspace, selection: Selection, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._selection = workspace, selection
        self.viewer = Viewer(self)
        self.problem = Text("heading")
        self.problem.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.problem.setMargin(24)
        self.comparison = Comparison(self)
        self._images: Viewer | Comparison = self.viewer
        self.addWidget(self.viewer)
        self.addWidget(self.comparison)
        self.addWidget(self.problem)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE)
        self._late.timeout.connect(self._tell_late)
        workspace.weights_changed.connect(self._take_recipe)
        selection.changed.connect(self._on_selection)
        selection.picture.connect(self._show)
        workspace.series_changed.connect(self._place_again)
        selection.heat.connect(self._take_heat)
        selection.heat_failed.connect(lambda why: self.viewer.say(words.plain(spoken(why))))
        for view in (self.viewer, self.comparison):
            view.step_requested.connect(selection.step)
            view.home_requested.connect(lambda: selection.step(-len(selection.members())))
            view.end_requested.connect(lambda: selection.step(len(selection.members())))
            view.maximise_requested.connect(self.maximise_requested)
            view.window_kept.connect(self.window_kept)
        self.viewer.heat_map_toggled.connect(selection.want_heat)
        self.viewer.heat_map_toggled.connect(self.comparison.set_heat_map_shown)
        self.comparison.heat_map_toggled.connect(self.viewer.set_heat_map_shown)
        self.viewer.measured.connect(self.comparison.update_all)
        self._retranslate()

    @property
    def front(self) -> Viewer:
        """The view that keys go to: the single one, or the first of four."""
        return self.viewer if self._images is self.viewer else self.comparison.viewers[0]

    def compare(self, four: bool) -> None:
        """Show the scan in four windows side by side, or in one."""
        self._images = self.comparison if four else self.viewer
        if self._selection.shown is not None:
            self._show(self._selection.shown)
            self._selection.ask_heat()
        if four:
            self.comparison.begin(self.viewer)

    def set_identity_hidden(self, hidden: bool) -> None:
        """Leave who the scan belongs to off the screen."""
        self.viewer.set_identity_hidden(hidden)
        self.comparison.set_identity_hidden(hidden)

    def set_down_is_brighter(self, down_is_brighter: bool) -> None:
        """Which way a window drag changes the level."""
        self.viewer.set_down_is_brighter(down_is_brighter)
        self.comparison.set_down_is_brighter(down_is_brighter)

    def set_own_windows(self, windows: Mapping[str, Window]) -> None:
        """The reader's own windows in HU by their digit keys."""
        self.viewer.set_own_windows(windows)
        self.comparison.set_own_windows(windows)

    def set_heat_map_opacity(self, opacity: float) -> None:
        """From 0, clear, to 1."""
        self.viewer.set_heat_map_opacity(opacity)
        self.comparison.set_heat_map_opacity(opacity)

    @Slot(object)
    def _take_heat(self, heat_map: NDArray[np.float32] | None) -> None:
        self.viewer.set_heat_map(heat_map)
        self.comparison.set_heat_map(heat_map)

    @Slot()
    def _take_recipe(self) -> None:
        card = self._workspace.table.card
        for view in (self.viewer, self.comparison):
            view.set_recipe(card.recipe if card else None)

    @Slot()
    def _on_selection(self) -> None:
        if self._selection.row is None:
            self._images.clear()
            self.setCurrentWidget(self._images)
        elif self._selection.shown is None and not self._late.isActive():
            self._late.start()

    @Slot()
    def _tell_late(self) -> None:
        if self._selection.row is not None and self._selection.shown is None:
            self.problem.setText(self.tr("The picture is being read."))
            self.setCurrentWidget(self.problem)

    @Slot()
    def _place_again(self) -> None:
        """More is known of the series; the picture, and what is being drawn on it, stays."""
        if self._selection.row is not None:
            self._images.set_place(self._place())

    @Slot(object)
    def _show(self, picture: Picture) -> None:
        self._late.stop()
        if self._selection.row is None:
            return
        if picture.image is None:
            problem = words.sentence(picture.problem) if picture.problem else ""
            self.problem.setText(words.plain(problem))
            self.setCurrentWidget(self.problem)
            return
        self.setCurrentWidget(self._images)
        # Not the series' number, which changes when more of it is known: the view would jump.
        key = picture.image.header.identity.series_uid or str(picture.path.parent)
        self._images.show_image(picture.image, self._place(), key)

    def _place(self) -> str:
        """Where the selected image stands in its series, as in "12/28 · ordered by position".

        Empty as long as its series is not known.
        """
        series = self._workspace.series
        number = series.number_of(self._selection.number)
        if number is None:
            return ""
        members = self._selection.members()
        place = f"{members.index(self._selection.number or 0) + 1}/{len(members)}"
        return " · ".join([place, words.order_word(series.series[number].result.order)])

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.problem.setAccessibleName(self.tr("Why there is no picture"))
        self._place_again()
