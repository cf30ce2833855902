"""One slice in four windows side by side: brain, subdural, stroke and bone, linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.viewer.overlay import Overlay
from desktop.viewer.viewer import Viewer
from imaging.image import Image, Window
from imaging.input.recipe import InputRecipe
from imaging.window import NAMED_WINDOWS

KEYS = ("2", "3", "4", "5")
"""The digit keys of the four windows."""


class Comparison(QWidget):
    """Four viewers of one scan: they scroll, zoom and pan together, each in its own window."""

    step_requested = Signal(int)
    home_requested = Signal()
    end_requested = Signal()
    maximise_requested = Signal()
    window_kept = Signal(str, object)
    heat_map_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        presets = {named.key: named.window for named in NAMED_WINDOWS}
        self.viewers = tuple(Viewer(self) for _ in KEYS)
        for number, (key, viewer) in enumerate(zip(KEYS, self.viewers, strict=True)):
            viewer.display.preset = presets[key]
            viewer.display.overlay = Overlay.MINIMAL
            viewer.step_requested.connect(self.step_requested)
            viewer.home_requested.connect(self.home_requested)
            viewer.end_requested.connect(self.end_requested)
            viewer.maximise_requested.connect(self.maximise_requested)
            viewer.window_kept.connect(self.window_kept)
            viewer.placement_changed.connect(partial(self._link, viewer))
            viewer.measured.connect(self.update_all)
            viewer.heat_map_toggled.connect(self.heat_map_toggled)
            for other in self.viewers:
                viewer.tool_changed.connect(other.set_tool)
            grid.addWidget(viewer, number // 2, number % 2)
        self.setFocusProxy(self.viewers[0])

    def show_image(self, image: Image, place: str, series_key: str = "") -> None:
        """Show a scan in all four; see Viewer.show_scan."""
        for viewer in self.viewers:
            viewer.show_image(image, place, series_key)

    def begin(self, like: Viewer) -> None:
        """Each in its own window, all of it in view, with the measurements and layers of a view."""
        for viewer in self.viewers:
            viewer.display.measurements = like.display.measurements
            viewer.reset()

    def set_recipe(self, recipe: InputRecipe | None) -> None:
        """The recipe of the weights in use: where heat maps lie."""
        for viewer in self.viewers:
            viewer.set_recipe(recipe)

    def set_heat_map(self, heat_map: NDArray[np.float32] | None) -> None:
        """The heat map of the scan on screen."""
        for viewer in self.viewers:
            viewer.set_heat_map(heat_map)

    def set_heat_map_shown(self, shown: bool) -> None:
        """Switch the heat map on or off."""
        for viewer in self.viewers:
            viewer.set_heat_map_shown(shown)

    def set_heat_map_opacity(self, opacity: float) -> None:
        """From 0, clear, to 1."""
        for viewer in self.viewers:
            viewer.set_heat_map_opacity(opacity)

    def update_all(self) -> None:
        """Paint all four anew."""
        for viewer in self.viewers:
            viewer.update()

    def set_place(self, place: str) -> None:
        """Where the scan stands in its series."""
        for viewer in self.viewers:
            viewer.set_place(place)

    def clear(self) -> None:
        """Show no scan."""
        for viewer in self.viewers:
            viewer.clear()

    def set_identity_hidden(self, hidden: bool) -> None:
        """Leave patient, study and free text of the header off the screen."""
        for viewer in self.viewers:
            viewer.set_identity_hidden(hidden)

    def set_down_is_brighter(self, down_is_brighter: bool) -> None:
        """Which way a window drag changes the level."""
        for viewer in self.viewers:
            viewer.set_down_is_brighter(down_is_brighter)

    def set_own_windows(self, windows: Mapping[str, Window]) -> None:
        """The reader's own windows in HU by their digit keys."""
        for viewer in self.viewers:
            viewer.set_own_windows(windows)

    def _link(self, moved: Viewer) -> None:
        display = moved.display
        for viewer in self.viewers:
            if viewer is not moved:
                zoom, centre = display.placement.zoom, display.placement.centre
                viewer.display.placement = replace(
                    viewer.display.placement, zoom=zoom, centre=centre
                )
                viewer.display.fitted = display.fitted
                viewer.refresh()
