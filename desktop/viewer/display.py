"""What the viewer shows at this moment, without the widget: scan, window, placement, layers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop.viewer.measurements import Measurements
from desktop.viewer.measuring import value_at
from desktop.viewer.overlay import Overlay, Shown, translate, window_name
from desktop.viewer.picture import NetworkPicture, WindowedPicture, heat_image
from desktop.viewer.placement import Placement, Point, pixel_shape
from desktop.viewer.tools import Tool, tool_name
from desktop.viewer.windowing import digit_window
from imaging.image import Image, Unit, Window
from imaging.input.recipe import InputRecipe
from imaging.window import NAMED_WINDOWS, NamedWindow, opening_window

FULL_GREY = Window(255.0, 127.5)


class Display:
    """The state that a paint event reads. Every change of it is a plain method call."""

    def __init__(self) -> None:
        self.image: Image | None = None
        self.picture: WindowedPicture | None = None
        self.network: NetworkPicture | None = None
        self.heat: QImage | None = None
        self.recipe: InputRecipe | None = None
        self.windows: tuple[NamedWindow, ...] = NAMED_WINDOWS
        self.preset: Window | None = None
        """A window in HU that a view opens with in place of the scan's own."""
        self.window = FULL_GREY
        self.inverted = False
        self.placement = Placement((1, 1), (1.0, 1.0), (1, 1))
        self.fitted = True
        self.place_text = ""
        self.note = ""
        self.overlay = Overlay.ALL
        self.identity_hidden = False
        self.heat_is_empty = False
        """Nothing in the picture drove the number up: no colour, and not for want of a map."""
        self.heat_shown = False
        self.heat_opacity = 0.5
        self.network_shown = False
        self.cursor: Point | None = None
        """Where the mouse is, in the view."""
        self.measurements = Measurements()
        self.tool = Tool.WINDOW
        """What the left button does."""
        self._series: tuple[str, Unit] | None = None

    def show(self, image: Image, place: str, series_key: str) -> None:
        """Turn to a scan. In another series, or another unit, view and window begin anew."""
        series = (series_key, image.header.unit)
        same = series == self._series
        self.image, self.place_text, self._series = image, place, series
        self.picture, self.heat, self.note = WindowedPicture(image), None, ""
        self.network = _network_picture(image, self.recipe)
        self.measurements.turn_to(image)
        self._fill_placement(image)
        if not same:
            self.reset()
        elif self.fitted:
            self.fit()

    def _fill_placement(self, image: Image) -> None:
        rows, columns = image.pixels.shape
        pixel = pixel_shape(image.header.geometry.spacing)
        now = self.placement
        centre = (min(now.centre[0], float(columns)), min(now.centre[1], float(rows)))
        self.placement = Placement((columns, rows), pixel, now.view, now.zoom, centre)

    def clear(self) -> None:
        """Show no scan."""
        self.image = self.picture = self.network = self.heat = None
        self.place_text = self.note = ""
        self.measurements.cancel()

    def reset(self) -> None:
        """The scan's own opening window, not inverted, all of it in view."""
        self.window = self._opening_window()
        self.inverted = False
        self.note = ""
        self.fit()

    def _opening_window(self) -> Window:
        if self.image is None:
            return FULL_GREY
        if self.preset is not None and self.image.header.unit is Unit.HOUNSFIELD:
            return self.preset
        return opening_window(self.image)

    def fit(self) -> None:
        """All of the picture, kept so while the view changes its size."""
        self.fitted = True
        self.placement = self.placement.fitted()

    def put(self, placement: Placement) -> None:
        """Place the picture by hand."""
        self.fitted = False
        self.placement = placement

    def resize(self, width: int, height: int) -> None:
        """The view has another size; what was fitted stays fitted."""
        now = self.placement
        view = (max(width, 1), max(height, 1))
        self.placement = Placement(now.image, now.pixel, view, now.zoom, now.centre)
        if self.fitted:
            self.fit()

    def use_recipe(self, recipe: InputRecipe | None) -> None:
        """The recipe of the weights in use: it says what the network sees of a scan."""
        self.recipe, self.heat = recipe, None
        self.network = _network_picture(self.image, recipe)

    def set_heat_map(self, heat_map: NDArray[np.float32] | None) -> None:
        """The heat map (h, w) of the scan on screen, or None; one that has no place is dropped."""
        self.heat = None
        if heat_map is not None and self.network is not None:
            self.heat, self.heat_is_empty = heat_image(heat_map), not bool((heat_map > 0).any())

    def digit(self, key: str) -> Window | None:
        """The window that a digit key stands for; where it has none here, the note says why."""
        if self.image is None:
            return None
        named = {window.key: window.window for window in self.windows}
        window = digit_window(self.image, key, named)
        if window is None:
            self.note = self._why_no_window(key)
        return window

    def _why_no_window(self, key: str) -> str:
        if self.image is not None and self.image.header.unit is Unit.GREY:
            return translate("Viewer", "Grey picture: windows in HU do not apply")
        if key == "1":
            return translate("Viewer", "The file has no window of its own")
        return translate("Viewer", "No window on key {key}").format(key=key)

    @property
    def network_visible(self) -> bool:
        """Whether the network's input stands in place of the scan."""
        return self.network_shown and self.network is not None

    @property
    def heat_visible(self) -> bool:
        """Whether a heat map is there and switched on."""
        return self.heat_shown and self.heat is not None

    def shown(self) -> Shown | None:
        """What the overlay speaks of; None without a scan."""
        if self.image is None:
            return None
        at = None if self.cursor is None else self.placement.to_image(self.cursor)
        return Shown(
            header=self.image.header,
            place=self.place_text,
            window=self.window,
            window_name=self._window_name(),
            inverted=self.inverted,
            zoom=self.placement.zoom,
            cursor=at,
            value=None if at is None else self._value(self.image, at),
            network_size=self.recipe.size if self.network_visible and self.recipe else None,
            note=self.note,
            tool="" if self.tool is Tool.WINDOW else tool_name(self.tool),
            identity_hidden=self.identity_hidden,
        )

    def _value(self, image: Image, at: Point) -> float | None:
        if self.network_visible and self.network is not None:
            return self.network.value_at(*at)
        return value_at(image, at)

    def _window_name(self) -> str:
        if self.image is None or self.image.header.unit is Unit.GREY:
            return ""
        names = (known.name for known in self.windows if known.window == self.window)
        return window_name(next(names, ""))


def _network_picture(image: Image | None, recipe: InputRecipe | None) -> NetworkPicture | None:
    """What the network sees of an image; a CT whose values are no HU it never sees."""
    if image is None or recipe is None or image.header.not_hounsfield is not None:
        return None
    return NetworkPicture(image, recipe)
