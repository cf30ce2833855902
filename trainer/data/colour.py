"""Whether a run's images are seen in colour: what the settings want, and what the data are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from imaging.errors import ImageError
from imaging.input.recipe import Channels, Subject
from imaging.reading import read_image
from trainer.choices import WantedChannels
from trainer.data.labels import LabelledImage
from trainer.quiet import libraries_kept_quiet
from trainer.settings import Settings

ENOUGH = 0.1
"""Share of coloured images from which colour is kept: it may be the finding alone that has any."""
LOOKED_AT = 40
"""Images that are looked at, evenly spaced; what data sets are made of differs between folders,
hardly within them."""


def with_channels(settings: Settings, images: Sequence[LabelledImage]) -> Settings:
    """The settings with the channels of the network's input decided, by ``data.channels``.

    ``auto``: grey for heads, whose tint tells where they come from and not what they show; colour
    for other images where some are coloured. Raises ValueError where the recipe excludes colour.
    """
    wanted, recipe = settings.data.channels, settings.recipe
    if wanted is WantedChannels.AUTO:
        coloured = recipe.subject is Subject.OTHER and in_colour(images)
        channels = Channels.RGB if coloured else Channels.GREY
    else:
        channels = Channels(wanted.value)
    return replace(settings, recipe=replace(recipe, channels=channels))


def in_colour(images: Sequence[LabelledImage]) -> bool:
    """Whether a share of ENOUGH of the images that are looked at have colours."""
    places = np.linspace(0, len(images) - 1, min(LOOKED_AT, len(images))).astype(int)
    coloured = sum(_is_coloured(images[place].path) for place in places)
    return coloured >= ENOUGH * len(places)


@libraries_kept_quiet()
def _is_coloured(path: Path) -> bool:
    try:
        return read_image(path).colour is not None
    except ImageError:
        return False  # training names each image that cannot be read
