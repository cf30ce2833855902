"""What a reader must know of the layers on screen, said beside the image whatever the overlay."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.viewer.content import Content
from desktop.viewer.options import ViewerOptions
from imaging.image import Unit

translate = QCoreApplication.translate


def captions(content: Content, options: ViewerOptions, heat_map_awaited: bool) -> list[str]:
    """One sentence for each layer that is shown or, as a heat map, still being computed."""
    told = []
    if options.model_input_shown and content.model_input is not None:
        told.append(_model_input(content))
    if options.heat_map_shown and content.image is not None:
        if content.heat_map is not None:
            told.append(_heat_map(content))
        elif heat_map_awaited:
            told.append(translate("Viewer", "Heat map: computing"))
    return told


def _heat_map(content: Content) -> str:
    if content.heat_map_is_empty:
        return translate("Viewer", "Heat map: no region of this image raised the score")
    return translate(
        "Viewer",
        "Heat map: regions that raised the score; not a lesion outline; scaled to this image",
    )


def _model_input(content: Content) -> str:
    image, recipe = content.image, content.recipe
    if image is None or recipe is None:
        return ""
    if image.header.unit is Unit.GREY:
        return translate("Viewer", "Model input: {size} × {size}").format(size=recipe.size)
    seen = translate("Viewer", "Model input: {size} × {size}, W {width} L {level}")
    width, level = round(recipe.window.width), round(recipe.window.level)
    return seen.format(size=recipe.size, width=width, level=level)
