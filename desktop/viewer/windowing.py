"""Which window a drag or a digit key gives an image on screen; the network never sees it."""

from __future__ import annotations

from imaging.image import Image, Unit, Window
from imaging.window import full_range, opening_window

FASTER = 4.0
"""How much more a window drag does while Ctrl is down."""
LEAST_WIDTH = 1.0
"""The narrowest window that a drag reaches, in HU or grey values."""


def drag_step(window: Window) -> float:
    """HU (or grey values) per screen pixel for a drag that begins at this window."""
    return min(max(window.width / 256.0, 0.25), 8.0)


def dragged(
    window: Window, right: float, down: float, step: float, down_is_brighter: bool = True
) -> Window:
    """The window after a drag of so many screen pixels: right widens, down lowers the level."""
    sign = -1.0 if down_is_brighter else 1.0
    return Window(max(window.width + right * step, LEAST_WIDTH), window.level + sign * down * step)


def digit_window(image: Image, key: str, named: dict[str, Window]) -> Window | None:
    """The window of a digit key: 0 full range, 1 the file's own, the others as named, in HU.

    None where the key has no window for this image: HU mean nothing to a grey image.
    """
    if key == "0":
        return full_range(image)
    if key == "1":
        grey = image.header.unit is Unit.GREY
        return opening_window(image) if grey else image.header.window
    return named.get(key) if image.header.unit is Unit.HOUNSFIELD else None
