"""What the views show: one image with its place, model input, heat map and measurements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.viewer.layers import ModelInput, heat_image
from desktop.viewer.measurements import Measurement, Measurements, Sheets
from desktop.viewer.placement import Point
from imaging.image import Image
from imaging.input.recipe import InputRecipe


class Content(QObject):
    """Held once, whatever the number of views that observe it."""

    image_changed = Signal()
    """Another image, or none."""
    changed = Signal()
    """Something else about it."""

    def __init__(self, parent: QObject | None = None, sheets: Sheets | None = None) -> None:
        """``sheets``: shared with other contents, so that measurements stand in all of them."""
        super().__init__(parent)
        self.image: Image | None = None
        self.series_key = ""
        """Two images with one key belong to one series: view and window stay between them."""
        self.place = ""
        """Where the image stands in its series, as in "12/28 · ordered by position"."""
        self.note = ""
        """A line over the image, until the next one."""
        self.recipe: InputRecipe | None = None
        """Of the model in use: where heat maps lie, and what the network receives."""
        self.model_input: ModelInput | None = None
        self.heat_map: QImage | None = None
        self.heat_map_is_empty = False
        """Nothing in the image raised the score: no colour, and not for want of a map."""
        self.cross_hair: Point | None = None
        """Where planes through the image cross, in its pixels; None without any."""
        self.measurements = Measurements(self, sheets)
        self.measurements.changed.connect(self.changed)

    def show(
        self,
        image: Image,
        place: str,
        series_key: str = "",
        key: str = "",
        before: tuple[Measurement, ...] = (),
    ) -> None:
        """Turn to an image. The last one's heat map and note go.

        ``key`` and ``before``: see ``Measurements.turn_to``.
        """
        self.image, self.place, self.series_key = image, place, series_key
        self.heat_map, self.note = None, ""
        self._take_input()
        self.measurements.turn_to(image, key, before)
        self.image_changed.emit()

    def clear(self) -> None:
        """Show no image."""
        self.image = self.model_input = self.heat_map = None
        self.place = self.note = ""
        self.measurements.turn_away()
        self.image_changed.emit()

    def set_place(self, place: str) -> None:
        """Where the image on screen stands in its series, now that more is known of it."""
        if place != self.place:
            self.place = place
            self.changed.emit()

    def set_cross_hair(self, point: Point | None) -> None:
        """Where planes through the image cross, or None."""
        if point != self.cross_hair:
            self.cross_hair = point
            self.changed.emit()

    def set_note(self, note: str) -> None:
        """Say something over the image on screen."""
        self.note = note
        self.changed.emit()

    def set_recipe(self, recipe: InputRecipe | None) -> None:
        """The recipe of the model in use; the heat map of another one goes."""
        self.recipe, self.heat_map = recipe, None
        self._take_input()
        self.changed.emit()

    def set_heat_map(self, heat_map: NDArray[np.float32] | None) -> None:
        """The heat map, float32 (h, w), of the image on screen, or None.

        Without an image and a recipe it has no place and is dropped.
        """
        self.heat_map = None
        if heat_map is not None and self.model_input is not None:
            self.heat_map = heat_image(heat_map, self.model_input.head)
            self.heat_map_is_empty = not bool((heat_map > 0).any())
        self.changed.emit()

    def _take_input(self) -> None:
        """A CT whose values are no HU is never the network's."""
        self.model_input = None
        image, recipe = self.image, self.recipe
        if image is not None and recipe is not None and image.header.not_hounsfield is None:
            self.model_input = ModelInput(image, recipe)
