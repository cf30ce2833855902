"""Labelled images as the network's inputs, computed once by the path that the program goes too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from imaging.errors import ImageError
from imaging.input.recipe import InputRecipe, Pixels, network_input, to_recipe_pixels
from imaging.reading import read_image
from trainer.data.provenance import sha256_of
from trainer.data.reading_pool import InputError, read_each
from trainer.files import write_array
from trainer.quiet import libraries_kept_quiet


def network_inputs(
    paths: Sequence[Path], recipe: InputRecipe, cache: Path, workers: int = 0
) -> Pixels:
    """The inputs of all images, uint8 (N, size, size[, 3]), kept as a file in the folder ``cache``.

    The file's name tells apart recipes and the content of the images in their order, so that no
    input is taken for another image's. ``workers``: processes that read many images at once; 0: one
    a core. Raises InputError.
    """
    kept = cache / f"inputs-{_key(recipe, paths)}.npy"
    if kept.exists():
        inputs: Pixels = np.load(kept, allow_pickle=False)
        if inputs.shape == (len(paths), *recipe.shape):
            return inputs
    inputs = np.stack(_without_faults(read_each(partial(_input, recipe=recipe), paths, workers)))
    write_array(kept, inputs)
    return inputs


def recipe_images(paths: Sequence[Path], recipe: InputRecipe, workers: int = 0) -> list[Pixels]:
    """The images before they are fitted to a square: uint8 (rows, columns[, 3]), of their sizes.

    For augmentation that cuts before it resizes. Raises InputError.
    """
    return _without_faults(read_each(partial(_image, recipe=recipe), paths, workers))


def _key(recipe: InputRecipe, paths: Sequence[Path]) -> str:
    digest = hashlib.sha256(json.dumps(recipe.to_dict(), sort_keys=True).encode("utf-8"))
    for path in paths:
        try:
            digest.update(sha256_of(path).encode("ascii"))
        except OSError:  # reading it as an image will tell why
            digest.update(b"unreadable")
    return digest.hexdigest()[:16]


def _without_faults(results: Iterable[Pixels | str]) -> list[Pixels]:
    inputs: list[Pixels] = []
    faults: list[str] = []
    for result in results:
        if isinstance(result, str):
            faults.append(result)
        else:
            inputs.append(result)
    if faults:
        raise InputError("\n".join(faults))
    return inputs


@libraries_kept_quiet()
def _input(path: Path, recipe: InputRecipe) -> Pixels | str:
    try:
        return network_input(read_image(path), recipe).pixels
    except ImageError as error:
        return f"{path}: {error}"


@libraries_kept_quiet()
def _image(path: Path, recipe: InputRecipe) -> Pixels | str:
    try:
        return to_recipe_pixels(read_image(path), recipe)
    except ImageError as error:
        return f"{path}: {error}"
