"""Images of a run with the heat map of the network that was not trained on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imaging.errors import ImageError
from imaging.input.recipe import network_input
from imaging.reading import read_image
from trainer.learning.heat_map import heat_maps
from trainer.learning.network import load
from trainer.quiet import libraries_kept_quiet
from trainer.reports.gallery import InputWithHeatMap, Mistake
from trainer.results.run_folder import RunFolder


def inputs_with_heat_maps(
    run: RunFolder, mistakes: Sequence[Mistake]
) -> dict[str, InputWithHeatMap]:
    """By image id; without those whose fold has no weights file.

    Nor has one an input whose file is gone or has another content since: the score is not its own.

    Raises WeightsError for weights that are there and damaged.
    """
    path_of = {image.image_id: image.path for image in run.images()}
    inputs = {}
    changed = run.changes([mistake.image_id for mistake in mistakes]).changed
    for mistake in mistakes:
        if mistake.image_id in changed:
            continue
        try:
            with libraries_kept_quiet():
                image = read_image(path_of[mistake.image_id])
        except (ImageError, OSError):
            continue
        inputs[mistake.image_id] = network_input(image, run.settings.recipe).pixels
    found: dict[str, InputWithHeatMap] = {}
    for fold in sorted({mistake.fold for mistake in mistakes}):
        ids = [m.image_id for m in mistakes if m.fold == fold and m.image_id in inputs]
        if ids and run.fold_weights(fold).is_file():
            network = load(run.fold_weights(fold)).network
            maps = heat_maps(network, np.stack([inputs[image_id] for image_id in ids]))
            found |= {i: InputWithHeatMap(inputs[i], m) for i, m in zip(ids, maps, strict=True)}
    return found
