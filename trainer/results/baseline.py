"""What can be told without looking at the anatomy: the floor that a network has to beat.

Image size, file size, colour and grey statistics alone tell many collections' classes apart,
because positives and negatives were gathered in different ways. A network's result means
something only beside what these shortcuts reach.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from imaging.errors import Code, ImageError
from imaging.input.recipe import InputRecipe, to_recipe_pixels
from imaging.reading import read_image
from trainer.data import folds
from trainer.data.folds import Part
from trainer.data.labels import LabelledImage
from trainer.quiet import libraries_kept_quiet
from trainer.results.predictions import Predictions

TREES = 100
SHARES = (1, 5, 25, 50, 75, 95, 99)
"""Percentiles of the grey values."""
MARKS = (Code.COLOUR, Code.ALPHA, Code.LOSSY, Code.EXIF_ROTATED, Code.REDUCED_DEPTH)
"""How a file was made, not what it shows."""


def predict(
    images: Sequence[LabelledImage], parts: Sequence[Part], wanted: Sequence[int], seed: int
) -> Predictions:
    """Predictions of a random forest that sees no anatomy, out of the run's ``wanted`` folds."""
    return predict_from(of_files(images), images, parts, wanted, seed)


def predict_from(
    features: NDArray[np.float64],
    images: Sequence[LabelledImage],
    parts: Sequence[Part],
    wanted: Sequence[int],
    seed: int,
) -> Predictions:
    """The same from features (N, columns) that are there already, one row an image."""
    labels = np.array([image.label for image in images], dtype=np.int64)
    found = []
    for fold in wanted:
        learnt, assessed = folds.training(parts, fold), folds.validation(parts, fold)
        forest = RandomForestClassifier(TREES, min_samples_leaf=2, random_state=seed)
        forest.fit(features[learnt], labels[learnt])
        share = np.clip(forest.predict_proba(features[assessed])[:, 1], 1e-3, 1 - 1e-3)
        found.append((assessed, np.full(len(assessed), fold), np.log(share / (1 - share))))
    rows, numbers, logits = (np.concatenate(column) for column in zip(*found, strict=True))
    return Predictions(
        tuple(images[row].image_id for row in rows),
        tuple(images[row].group for row in rows),
        numbers.astype(np.int64),
        labels[rows],
        logits,
    )


def of_files(images: Sequence[LabelledImage]) -> NDArray[np.float64]:
    """What the files tell without anatomy: float64 (N, columns)."""
    return np.array([_features(image) for image in images])


def of_inputs(inputs: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What is left of it in the network's inputs (N, size, size): float64 (N, columns).

    Size, proportions, tint and file format are the same for all of them; left are the statistics
    of the grey, and how many bytes a packed input takes, for sharpness and noise survive resizing.
    """
    return np.array([[len(zlib.compress(image.tobytes())), *_greys(image)] for image in inputs])


@libraries_kept_quiet()
def _features(image: LabelledImage) -> NDArray[np.float64]:
    """One row: sizes, how the file was made, and statistics of the grey; zeros if unreadable."""
    try:
        read = read_image(image.path)
    except (ImageError, OSError):
        return np.zeros(7 + len(MARKS) + len(SHARES))
    grey = to_recipe_pixels(read, replace(InputRecipe(), crop_to_head=False))
    rows, columns = grey.shape
    size = image.path.stat().st_size
    marks = {problem.code for problem in read.header.warnings}
    return np.array(
        [
            *(rows, columns, rows / columns, size, size / grey.size),
            *(float(code in marks) for code in MARKS),
            *_greys(grey),
        ]
    )


def _greys(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Mean, spread and percentiles of the grey values."""
    values = grey.astype(np.float64)
    return (float(values.mean()), float(values.std()), *map(float, np.percentile(values, SHARES)))
