"""The colours of an image file, for models that see them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage


def to_colour_levels(image: PilImage.Image) -> NDArray[np.uint8]:
    """A loaded coloured image as uint8 (rows, columns, 3): red, green, blue.

    Transparency is laid over black, as it is in grey. Raises ValueError for a mode that Pillow
    cannot turn into RGB.
    """
    if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "La", "RGBa"):
        image = image.convert("RGBA")
        black = PilImage.new("RGBA", image.size, (0, 0, 0, 255))
        image = PilImage.alpha_composite(black, image)
    return np.asarray(image.convert("RGB"))
