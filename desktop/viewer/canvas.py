"""The canvas: a black widget that paints a Display."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.viewer.display import Display
from desktop.viewer.measure_paint import draw_measurements
from desktop.viewer.orientation import edge_letters
from desktop.viewer.overlay import OWN, Overlay, corners, translate
from desktop.viewer.paint import (
    draw_captions,
    draw_corners,
    draw_focus,
    draw_letters,
    draw_scale_bar,
)
from desktop.viewer.picture import draw_image
from imaging.image import Unit, Window
from imaging.input.recipe import InputRecipe
from imaging.window import NAMED_WINDOWS, NamedWindow


class Canvas(QWidget):
    """Paints its ``display``: picture, heat map, measurements, words. Black in any surroundings."""

    measured = Signal()
    """The measurements may have changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.display = Display()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 160)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Room for a slice at its own size."""
        return QSize(512, 512)

    def set_recipe(self, recipe: InputRecipe | None) -> None:
        """The recipe of the weights in use: where heat maps lie, and what the network saw."""
        self.display.use_recipe(recipe)
        self.refresh()

    def set_heat_map(self, heat_map: NDArray[np.float32] | None) -> None:
        """The heat map, float32 (h, w), of the scan on screen; drawn only while switched on.

        Without a scan and a recipe it has no place and is dropped.
        """
        self.display.set_heat_map(heat_map)
        self.refresh()

    def set_place(self, place: str) -> None:
        """Where the scan on screen stands in its series, now that more is known of it."""
        self.display.place_text = place
        self.refresh()

    def say(self, note: str) -> None:
        """A line over the scan on screen, until the next one or another window."""
        self.display.note = note
        self.refresh()

    def set_heat_map_opacity(self, opacity: float) -> None:
        """From 0, clear, to 1."""
        self.display.heat_opacity = min(max(opacity, 0.0), 1.0)
        self.refresh()

    def set_network_view_shown(self, shown: bool) -> None:
        """Show the network's input in place of the scan, where a recipe is known."""
        self.display.network_shown = shown
        self.refresh()

    def set_identity_hidden(self, hidden: bool) -> None:
        """Leave patient, study and free text of the header off the screen."""
        self.display.identity_hidden = hidden
        self.refresh()

    def set_own_windows(self, windows: Mapping[str, Window]) -> None:
        """The reader's own windows in HU by their digit keys, beside the named ones."""
        own = (NamedWindow(key, OWN, window) for key, window in windows.items())
        self.display.windows = (*NAMED_WINDOWS, *own)
        self.refresh()

    def set_inverted(self, inverted: bool) -> None:
        """Let black and white change places."""
        self.display.inverted = inverted
        self.refresh()

    def remove_measurements(self) -> None:
        """Take every measurement off this scan."""
        self.change(self.display.measurements.remove_all)

    def change(self, do: Callable[[], None]) -> None:
        """Do something to the measurements, and paint."""
        do()
        self.measured.emit()
        self.refresh()

    def cycle_overlay(self) -> None:
        """All, minimal or no words over the picture, in turn."""
        self.display.overlay = self.display.overlay.following()
        self.refresh()

    def refresh(self) -> None:
        """Paint anew, and say to assistive programs what is shown."""
        self.update()
        self.setAccessibleName(translate("Viewer", "Scan"))
        shown = self.display.shown()
        lines = () if shown is None else corners(shown, Overlay.MINIMAL).bottom_left
        self.setAccessibleDescription("\n".join(lines) or translate("Viewer", "No scan"))

    def captions(self) -> list[str]:
        """What the reader must know of the layers shown; there whatever the overlay says."""
        display = self.display
        captions = []
        if display.network_visible:
            captions.append(self._network_caption())
        if display.heat_visible:
            empty = translate("Viewer", "Heat map: nothing here drove the number up")
            shown = translate(
                "Viewer",
                "Heat map: what drove the number, not the outline of a lesion; brightest where it "
                "is strongest in this picture",
            )
            captions.append(empty if display.heat_is_empty else shown)
        return captions

    def _network_caption(self) -> str:
        image, recipe = self.display.image, self.display.recipe
        if image is None or recipe is None:
            return ""
        if image.header.unit is Unit.GREY:
            return translate("Viewer", "As the network saw it: {size} × {size}").format(
                size=recipe.size
            )
        seen = translate("Viewer", "As the network saw it: {size} × {size}, W {width} L {level}")
        width, level = round(recipe.window.width), round(recipe.window.level)
        return seen.format(size=recipe.size, width=width, level=level)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was fitted stays fitted."""
        self.display.resize(event.size().width(), event.size().height())

    def leaveEvent(self, event: QEvent) -> None:
        """No cursor, no value."""
        self.display.cursor = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another language, another font."""
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Everything from the display, from the picture up."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, Qt.GlobalColor.black)
        self._paint_picture(painter)
        self._paint_words(painter, area)
        draw_captions(painter, area, self.captions())
        if self.hasFocus():
            draw_focus(painter, area, self.palette().highlight().color())

    def _paint_picture(self, painter: QPainter) -> None:
        display = self.display
        if display.image is None or display.picture is None:
            return
        rows, columns = display.image.pixels.shape
        if display.network_visible and display.network is not None:
            draw_image(painter, display.network.qimage, display.placement, display.network.box)
        else:
            qimage = display.picture.qimage(display.window, display.inverted)
            draw_image(painter, qimage, display.placement, (0, 0, columns, rows))
        if display.heat_visible and display.heat is not None and display.network is not None:
            painter.setOpacity(display.heat_opacity)
            draw_image(painter, display.heat, display.placement, display.network.box)
            painter.setOpacity(1.0)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        display = self.display
        shown = display.shown()
        if shown is None or display.image is None or display.overlay is Overlay.NONE:
            return
        geometry = shown.header.geometry
        draw_measurements(painter, display.measurements, display.image, display.placement)
        draw_letters(painter, area, edge_letters(geometry))
        if geometry.spacing is not None and display.overlay is Overlay.ALL:
            draw_scale_bar(painter, area, geometry.spacing, shown.zoom)
        draw_corners(painter, area, corners(shown, display.overlay))
