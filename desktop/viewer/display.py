"""How one view shows the content: its window, placement and inversion, without the widget."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop.viewer.content import Content
from desktop.viewer.layers import WindowedImage
from desktop.viewer.measuring import value_at
from desktop.viewer.options import Overlay, ViewerOptions
from desktop.viewer.overlay import OWN, Shown, translate, window_name
from desktop.viewer.placement import Placement, Point, pixel_shape
from desktop.viewer.tools import tool_hint
from desktop.viewer.windowing import digit_window, dragged
from imaging.image import Image, Unit, Window
from imaging.window import NAMED_WINDOWS, NamedWindow, opening_window

FULL_GREY = Window(255.0, 127.5)


class Display(QObject):
    """The state that a paint event reads. Every change of it is a method here.

    ``preset`` is a window in HU that the view opens with in place of the image's own. A ``small``
    view has no room for more than the minimal overlay.
    """

    changed = Signal()
    """Paint anew."""
    moved = Signal()
    """Zoomed, panned or fitted by the reader."""

    def __init__(
        self,
        content: Content,
        options: ViewerOptions,
        parent: QObject | None = None,
        *,
        preset: Window | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(parent)
        self.content, self.options = content, options
        self._preset, self._small = preset, small
        self.windowed: WindowedImage | None = None
        self.window = FULL_GREY
        self.inverted = False
        self.placement = Placement((1, 1), (1.0, 1.0), (1, 1))
        self.fitted = True
        self.cursor: Point | None = None
        """Where the mouse is, in the view."""
        self._no_window = ""
        """Why the digit key that was pressed last has no window here."""
        self._series: tuple[str, Unit] | None = None
        content.image_changed.connect(self._turn)
        content.changed.connect(self.changed)
        options.changed.connect(self.changed)
        self._turn()

    @property
    def image(self) -> Image | None:
        """The image on screen."""
        return self.content.image

    @Slot()
    def _turn(self) -> None:
        """Another image. In another series, or another unit, view and window begin anew."""
        image = self.content.image
        self._no_window = ""
        self.windowed = None if image is None else WindowedImage(image)
        if image is not None:
            series = (self.content.series_key, image.header.unit)
            same, self._series = series == self._series, series
            self._place(image)
            if not same:
                self._open()
            elif self.fitted:
                self.placement = self.placement.fitted()
        self.changed.emit()

    def _place(self, image: Image) -> None:
        rows, columns = image.pixels.shape
        pixel = pixel_shape(image.header.geometry.pixel)
        now = self.placement
        centre = (min(now.centre[0], float(columns)), min(now.centre[1], float(rows)))
        self.placement = Placement((columns, rows), pixel, now.view, now.zoom, centre)

    def _open(self) -> None:
        self.window = self._opening_window()
        self.inverted, self._no_window = False, ""
        self._fit()

    def _opening_window(self) -> Window:
        image = self.content.image
        if image is None:
            return FULL_GREY
        if self._preset is not None and image.header.unit is Unit.HOUNSFIELD:
            return self._preset
        return opening_window(image)

    def _fit(self) -> None:
        self.fitted = True
        self.placement = self.placement.fitted()

    # What the reader does

    def set_window(self, window: Window) -> None:
        """Width and level on screen; the network never sees them."""
        self.window, self._no_window = window, ""
        self.changed.emit()

    def apply_digit(self, key: str) -> None:
        """Apply the window of a digit key; where it has none here, the view says why."""
        if self.image is None:
            return
        named = {window.key: window.window for window in self._windows()}
        window = digit_window(self.image, key, named)
        if window is not None:
            self.set_window(window)
        else:
            self._no_window = self._why_no_window(key)
            self.changed.emit()

    def drag_window(self, right: float, down: float, step: float) -> None:
        """Change width and level by screen pixels, ``step`` HU or grey values each."""
        brighter = self.options.down_is_brighter
        self.set_window(dragged(self.window, right, down, step, brighter))

    def put(self, placement: Placement) -> None:
        """Place the image in the view."""
        self.fitted = False
        self.placement = placement
        self._tell_moved()

    def zoom(self, factor: float) -> None:
        """Enlarge around the middle of the view."""
        self.put(self.placement.zoomed(factor))

    def fit(self) -> None:
        """All of the image in view, kept so while the view changes its size."""
        self._fit()
        self._tell_moved()

    def reset(self) -> None:
        """The opening window, not inverted, all of the image in view; or of the next image."""
        if self.image is None:
            self._series = None  # it opens anew
        else:
            self._open()
        self._tell_moved()

    def invert(self) -> None:
        """Let black and white change places, or change back."""
        self.inverted = not self.inverted
        self.changed.emit()

    def set_cursor(self, cursor: Point | None) -> None:
        """Where the mouse is in the view; None: elsewhere."""
        self.cursor = cursor
        self.changed.emit()

    def resize(self, width: int, height: int) -> None:
        """The view has another size; what was fitted stays fitted."""
        now = self.placement
        view = (max(width, 1), max(height, 1))
        self.placement = Placement(now.image, now.pixel, view, now.zoom, now.centre)
        if self.fitted:
            self._fit()
        self.changed.emit()

    def follow(self, other: Display) -> None:
        """Take the zoom, the middle and the fit of another view of the same image."""
        now, wanted = self.placement, other.placement
        self.placement = Placement(now.image, now.pixel, now.view, wanted.zoom, wanted.centre)
        self.fitted = other.fitted
        self.changed.emit()

    def share_window(self, other: Display) -> None:
        """Take the window and the inversion of another view of the same series."""
        if (self.window, self.inverted) != (other.window, other.inverted):
            self.window, self.inverted, self._no_window = other.window, other.inverted, ""
            self.changed.emit()

    def _tell_moved(self) -> None:
        self.moved.emit()
        self.changed.emit()

    # What is to be seen

    @property
    def overlay(self) -> Overlay:
        """How much text is written over the image here."""
        chosen = self.options.overlay
        return Overlay.MINIMAL if self._small and chosen is Overlay.ALL else chosen

    @property
    def model_input_visible(self) -> bool:
        """Whether the model input stands in place of the image."""
        return self.options.model_input_shown and self.content.model_input is not None

    @property
    def heat_map_visible(self) -> bool:
        """Whether a heat map is there and switched on."""
        return self.options.heat_map_shown and self.content.heat_map is not None

    def shown(self) -> Shown | None:
        """What the overlay tells of; None without an image."""
        image, recipe = self.image, self.content.recipe
        if image is None:
            return None
        at = None if self.cursor is None else self.placement.to_image(self.cursor)
        return Shown(
            header=image.header,
            place=self.content.place,
            window=self.window,
            window_name=self._window_name(),
            inverted=self.inverted,
            zoom=self.placement.zoom,
            cursor=at,
            value=None if at is None else self._value(image, at),
            input_size=recipe.size if self.model_input_visible and recipe else None,
            note=self._no_window or self.content.note,
            tool=tool_hint(self.options.tool),
            identity_hidden=self.options.hide_identity,
        )

    def _value(self, image: Image, at: Point) -> float | None:
        if self.model_input_visible and self.content.model_input is not None:
            return self.content.model_input.value_at(*at)
        return value_at(image, at)

    def _windows(self) -> list[NamedWindow]:
        own = self.options.own_windows.items()
        return [*NAMED_WINDOWS, *(NamedWindow(key, OWN, window) for key, window in own)]

    def _window_name(self) -> str:
        if self.image is None or self.image.header.unit is Unit.GREY:
            return ""
        names = (known.name for known in self._windows() if known.window == self.window)
        return window_name(next(names, ""))

    def _why_no_window(self, key: str) -> str:
        if self.image is not None and self.image.header.unit is Unit.GREY:
            return translate("Viewer", "Grey image: windows in HU do not apply")
        if key == "1":
            return translate("Viewer", "The file contains no window")
        return translate("Viewer", "No window on key {key}").format(key=key)
