"""The heat map's switch and opacity; what the map means stands as a caption in the viewer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QWidget

from desktop.state.workspace import Workspace
from desktop.window.picture_area import PictureArea

OPACITY = 50
"""Per cent, at first."""


class HeatPanel(QFrame):
    """Off at the start; there is nothing to switch without weights."""

    def __init__(
        self, workspace: Workspace, centre: PictureArea, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        viewer = centre.viewer
        self._workspace, self._viewer = workspace, viewer
        self.shown = QToolButton(self)
        self.shown.setProperty("role", "point")
        self.shown.setCheckable(True)
        self.opacity = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(10, 100)
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self.shown)
        layout.addWidget(self.opacity, 1)
        self.shown.toggled.connect(viewer.set_heat_map_shown)
        self.opacity.valueChanged.connect(lambda value: centre.set_heat_map_opacity(value / 100))
        self.opacity.setValue(OPACITY)
        viewer.heat_map_toggled.connect(self._follow)
        workspace.weights_changed.connect(self._follow)
        self._retranslate()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        there, shown = self._workspace.table.card is not None, self._viewer.display.heat_shown
        self.shown.setEnabled(there)
        self.shown.setChecked(shown)
        self.opacity.setEnabled(there and shown)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.shown.setText(self.tr("Heat map"))
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map"))
        self.opacity.setToolTip(self.tr("Opacity of the heat map"))
