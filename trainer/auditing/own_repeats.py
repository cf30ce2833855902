"""Images without a group: those that are one image once more become a group.

The quick half of an audit, done before every split that keeps groups whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from imaging.input.recipe import InputRecipe, Pixels, Subject
from trainer.auditing.likeness import SIDE, near_copies
from trainer.auditing.repeats import REPEAT, Kind, Pair, propose_groups, showing
from trainer.data.grouping import LOOKED_ALIKE
from trainer.data.labels import LabelledImage

SAME = 0.999
"""Correlation of one image saved anew at its size. Parts of one kind all look alike, and must not
become one group; heads differ, so that REPEAT is enough, at any shift, scale and side."""


def with_repeats_joined(
    images: Sequence[LabelledImage], inputs: Pixels, recipe: InputRecipe
) -> list[LabelledImage]:
    """The images, those without a known group joined to what looks like the same image.

    ``inputs``: as the recipe makes them, uint8 (N, size, size[, 3]). Two images of known groups
    are never joined by their looks: who told the patients knows better.
    """
    small = _small(inputs)
    alone = np.array([not image.grouped_by for image in images])
    found = _repeats(small) if recipe.subject is Subject.HEAD_CT else _same(small)
    pairs = [pair for pair in found if alone[pair.first] or alone[pair.second]]
    names = [image.image_id for image in images]
    groups = propose_groups(names, [image.group for image in images], pairs)
    joined = {groups[pair.first] for pair in pairs}
    return [
        replace(
            image,
            group=group if group in joined else image.group,
            grouped_by=image.grouped_by or (LOOKED_ALIKE if group in joined else ""),
        )
        for image, group in zip(images, groups, strict=True)
    ]


def _small(inputs: Pixels) -> NDArray[np.uint8]:
    """Grey copies, uint8 (N, SIDE, SIDE)."""
    return np.stack(
        [
            np.asarray(PilImage.fromarray(each).convert("L").resize((SIDE, SIDE), _HOW))
            for each in inputs
        ]
    )


_HOW = PilImage.Resampling.BILINEAR


def _repeats(small: NDArray[np.uint8]) -> list[Pair]:
    """Of heads."""
    rows = np.flatnonzero(showing(small))
    if len(rows) < 2:
        return []
    found = near_copies(small[rows])
    return [
        Pair(int(rows[one]), int(rows[other]), float(score), 0.0, bool(turned), Kind.REPEAT)
        for one, other, score, turned in zip(
            found.first, found.second, found.score, found.mirrored, strict=True
        )
        if score >= REPEAT
    ]


def _same(small: NDArray[np.uint8]) -> list[Pair]:
    """Of anything else: as they lie, whatever their brightness and contrast."""
    flat = small.reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(flat, axis=1, keepdims=True)
    shown = np.flatnonzero(norms[:, 0] > SIDE)  # a deviation of one grey value
    flat = flat[shown] / norms[shown]
    alike = flat @ flat.T
    ones, others = np.nonzero(np.triu(alike, 1) >= SAME)
    return [
        Pair(int(shown[a]), int(shown[b]), float(alike[a, b]), 0.0, False, Kind.REPEAT)
        for a, b in zip(ones, others, strict=True)
    ]
