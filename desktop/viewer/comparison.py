"""One slice in four windows side by side: brain, subdural, stroke and bone, linked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from desktop.viewer.viewer import Viewer
from imaging.window import NAMED_WINDOWS

KEYS = ("2", "3", "4", "5")
"""The digit keys of the four windows."""


class Comparison(QWidget):
    """Four viewers of one content: they scroll, zoom and pan together, each in its own window."""

    step_requested = Signal(int)
    maximise_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(
        self, content: Content, options: ViewerOptions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        presets = {named.key: named.window for named in NAMED_WINDOWS}
        self.viewers = tuple(
            Viewer(content, options, self, preset=presets[key], small=True) for key in KEYS
        )
        self.front = self.viewers[0]
        """The view that keys go to: the one that was last clicked or tabbed to."""
        for number, viewer in enumerate(self.viewers):
            viewer.step_requested.connect(self.step_requested)
            viewer.maximise_requested.connect(self.maximise_requested)
            viewer.menu_requested.connect(self.menu_requested)
            viewer.focused.connect(self._bring_forward)
            viewer.display.moved.connect(partial(self._link, viewer))
            grid.addWidget(viewer, number // 2, number % 2)
        self.setFocusProxy(self.front)

    def begin(self) -> None:
        """Each in its own window, all of the image in view."""
        for viewer in self.viewers:
            viewer.display.reset()

    def _bring_forward(self, viewer: Viewer) -> None:
        self.front = viewer
        self.setFocusProxy(viewer)

    def _link(self, moved: Viewer) -> None:
        for viewer in self.viewers:
            if viewer is not moved:
                viewer.display.follow(moved.display)
