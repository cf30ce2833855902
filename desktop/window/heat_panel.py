"""The heat map's switch and opacity; what the map means stands as a caption below the image."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QWidget

from desktop.state.workspace import Workspace
from desktop.viewer.options import ViewerOptions
from desktop.window.action import Actions
from desktop.window.translated import Translated


class HeatPanel(Translated, QFrame):
    """Off at the start; the opacity can be set while a map is wanted and there is a model."""

    def __init__(
        self,
        workspace: Workspace,
        options: ViewerOptions,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._workspace, self._options = workspace, options
        self.shown = QToolButton(self)
        self.shown.setProperty("role", "point")
        self.shown.setDefaultAction(actions["heat_map"])
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(10, 100)
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self.shown)
        layout.addWidget(self.opacity, 1)
        self.opacity.setValue(round(100 * options.heat_map_opacity))
        self.opacity.valueChanged.connect(self._set_opacity)
        options.changed.connect(self._follow)
        workspace.model_changed.connect(self._follow)
        self.retranslate()
        self._follow()

    @Slot(int)
    def _set_opacity(self, percent: int) -> None:
        self._options.heat_map_opacity = percent / 100

    @Slot()
    def _follow(self) -> None:
        there = self._workspace.table.card is not None
        self.opacity.setEnabled(there and self._options.heat_map_shown)

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self.opacity.setToolTip(self.tr("Opacity of the heat map"))
