"""What lies on top of each other in a view: the windowed image, the model input, the heat map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, Qt

from desktop.viewer.heat_colours import coloured, coloured_inside
from desktop.viewer.placement import Placement
from imaging.image import Image, Window
from imaging.input.head import silhouette
from imaging.input.recipe import InputRecipe, NetworkInput, Square, Subject, network_input
from imaging.window import to_grey

COARSE = 8.0
"""From so many screen pixels per pixel on, pixels are shown as they are, not smoothed."""
FINE = 0.5
"""Below so many, each screen pixel is the mean of those under it, or fine detail would flicker."""


def grey_image(grey: NDArray[np.uint8]) -> QImage:
    """A QImage of its own from uint8 (rows, columns)."""
    rows, columns = grey.shape
    data = np.ascontiguousarray(grey)
    return QImage(data.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def heat_image(heat_map: NDArray[np.float32], inside: NDArray[np.bool_] | None = None) -> QImage:
    """The heat map (h, w) as a transparent image, interpolated and coloured.

    ``inside`` (S, S): where of the same square it may be drawn; None: everywhere.
    """
    colours = coloured(heat_map) if inside is None else coloured_inside(heat_map, inside)
    rows, columns, _ = colours.shape
    qimage = QImage(colours.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
    return qimage.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


@dataclass(frozen=True, eq=False)
class ModelInput:
    """What the network receives of an image, and the square of the image that it covers."""

    image: Image
    recipe: InputRecipe

    @cached_property
    def _input(self) -> NetworkInput:
        return network_input(self.image, self.recipe)

    @property
    def box(self) -> Square:
        """Left, top, right, bottom in the image's pixels."""
        return self._input.box

    @property
    def grey(self) -> NDArray[np.uint8]:
        """The input in grey: uint8 (size, size)."""
        pixels = self._input.pixels
        return pixels if pixels.ndim == 2 else np.asarray(PilImage.fromarray(pixels).convert("L"))

    @cached_property
    def qimage(self) -> QImage:
        """The input as a QImage, in the colours that the network sees."""
        pixels = self._input.pixels
        if pixels.ndim == 2:
            return grey_image(pixels)
        rows, columns, _ = pixels.shape
        content = np.ascontiguousarray(pixels).tobytes()
        return QImage(content, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()

    @cached_property
    def head(self) -> NDArray[np.bool_] | None:
        """What of the input is no air around a head: (size, size). None for other subjects."""
        return silhouette(self.grey) if self.recipe.subject is Subject.HEAD_CT else None

    def value_at(self, x: float, y: float) -> int | None:
        """The input's grey value at a point of the image, None outside the square."""
        left, top, right, bottom = self.box
        if not (left <= x < right and top <= y < bottom):
            return None
        size = self.recipe.size
        row, column = (
            int((y - top) / (bottom - top) * size),
            int((x - left) / (right - left) * size),
        )
        return int(self.grey[row, column])


class WindowedImage:
    """An image in a window, as a QImage that is made anew only when window or inversion changed."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self._made: tuple[Window, bool] | None = None
        self._qimage = QImage()

    def qimage(self, window: Window, inverted: bool) -> QImage:
        """The image in the window; inverted, black and white change places."""
        if self._made != (window, inverted):
            grey = to_grey(self.image, window)
            white_is_low = inverted != self.image.header.inverted
            shown = grey_image(np.uint8(255) - grey if white_is_low else grey)
            # Qt smooths this form nearly twice as fast, to the same pixels.
            self._qimage = shown.convertToFormat(QImage.Format.Format_RGB32)
            self._made = (window, inverted)
        return self._qimage


def draw_image(painter: QPainter, qimage: QImage, placement: Placement, box: Square) -> None:
    """Draw an image over a box of the image, interpolated as its size on screen asks for."""
    left, top = placement.to_view((box[0], box[1]))
    right, bottom = placement.to_view((box[2], box[3]))
    target = QRectF(left, top, right - left, bottom - top)
    scale = target.width() / qimage.width()
    if scale < FINE:
        size = (target.size() * painter.device().devicePixelRatio()).toSize()
        modes = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        qimage = qimage.scaled(size.expandedTo(size.__class__(1, 1)), *modes)
    hint = QPainter.RenderHint.SmoothPixmapTransform
    painter.setRenderHint(hint, scale < COARSE)
    painter.drawImage(target, qimage)
    painter.setRenderHint(hint, False)
