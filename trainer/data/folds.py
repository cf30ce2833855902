"""Splits labelled images into a test set and folds. Pure: the same seed gives the same split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.data.labels import LabelledImage

TEST = 0
"""Stands where a fold's number would, for an image of the test set."""
PRACTICE = -1
"""The same for an image that every fold learns from and no result counts."""


class FoldError(ValueError):
    """The images cannot be divided as asked; the message is a sentence."""


@dataclass(frozen=True)
class Part:
    """Where one image belongs."""

    fold: int
    """The fold, from 1, in which the image is validated and not trained on; or TEST, PRACTICE."""

    @property
    def is_test(self) -> bool:
        """Whether the image is set aside for the test."""
        return self.fold == TEST

    @property
    def name(self) -> str:
        """In a word."""
        return {TEST: "test", PRACTICE: "practice"}.get(self.fold, "train")


def split(
    labelled: Sequence[LabelledImage],
    test_share: float,
    n_folds: int,
    seed: int,
    grouped: bool,
    practice: Sequence[str] = (),
) -> list[Part]:
    """One Part for each image, in their order.

    ``grouped``: groups are never divided, and every part holds its share of both labels of every
    source as exactly as the groups allow. Otherwise plainly at random, as the article does,
    whatever the groups say. ``practice``: sources that are trained on and assess nothing, such as
    generated images; it does not change where the others belong.
    Raises FoldError where a part would lack one of the labels.
    """
    if not 0.0 <= test_share < 1.0 or n_folds < 2:
        raise FoldError(f"No split has {n_folds} folds and a test share of {test_share}.")
    labels = np.array([image.label for image in labelled], dtype=np.int64)
    random = np.random.default_rng(seed)
    if grouped:
        groups = [image.group for image in labelled]
        folds = _grouped(_kinds(labelled), groups, test_share, n_folds, random)
    else:
        folds = _plain(len(labelled), test_share, n_folds, random)
    folds[[image.source in practice for image in labelled]] = PRACTICE
    for fold in range(TEST if test_share > 0 else 1, n_folds + 1):
        inside = labels[folds == fold]
        if inside.size == 0 or inside.min() == inside.max():
            part = "the test set" if fold == TEST else f"fold {fold}"
            raise FoldError(
                f"There are too few images or groups: {part} would not hold both labels "
                f"({int(labels.sum())} of {labels.size} images are positive)."
            )
    return [Part(int(fold)) for fold in folds]


def training(parts: Sequence[Part], fold: int) -> NDArray[np.int64]:
    """Indices of the images that fold's network learns from: int64 (n,)."""
    return np.flatnonzero([not part.is_test and part.fold != fold for part in parts])


def validation(parts: Sequence[Part], fold: int) -> NDArray[np.int64]:
    """Indices of the images that fold's network is validated on: int64 (n,)."""
    return np.flatnonzero([part.fold == fold for part in parts])


def internal_test(parts: Sequence[Part]) -> NDArray[np.int64]:
    """Indices of the test set: int64 (n,), empty without one."""
    return np.flatnonzero([part.is_test for part in parts])


def _plain(
    count: int, test_share: float, n_folds: int, random: np.random.Generator
) -> NDArray[np.int64]:
    order = random.permutation(count)
    in_test = round(count * test_share)
    folds = np.full(count, TEST, dtype=np.int64)
    folds[order[in_test:]] = 1 + np.arange(count - in_test) % n_folds
    return folds


def _kinds(labelled: Sequence[LabelledImage]) -> NDArray[np.int64]:
    """A number (n,) for each image's source and label: those are shared out evenly."""
    sources = sorted({image.source for image in labelled})
    return np.array([2 * sources.index(s.source) + s.label for s in labelled], dtype=np.int64)


def _grouped(
    kinds: NDArray[np.int64],
    groups: Sequence[str],
    test_share: float,
    n_folds: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Deal out groups, the largest first, each to a part drawn by how much it still needs.

    Drawing keeps every seed's split free to put a large group anywhere (filling the neediest part
    first would always send it to the largest); needing keeps the shares of all kinds exact as
    long as groups fit.
    """
    _, of_image = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True)
    totals = np.bincount(kinds)
    counts = np.zeros((of_image.max() + 1, len(totals)), dtype=np.int64)
    np.add.at(counts, (of_image, kinds), 1)
    needs = _needs(totals, test_share, n_folds)
    order = random.permutation(len(counts))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    part_of = np.empty(len(counts), dtype=np.int64)
    for group in order:
        has = counts[group] > 0
        room = (needs - counts[group])[:, has].min(axis=1)
        weights = np.where(room >= 0, needs[:, has].min(axis=1), 0).astype(np.float64)
        if weights.sum() > 0:
            part = int(random.choice(len(needs), p=weights / weights.sum()))
        else:
            part = int(room.argmax())
        needs[part] -= counts[group]
        part_of[group] = part
    return part_of[of_image]


def _needs(totals: NDArray[np.int64], test_share: float, n_folds: int) -> NDArray[np.int64]:
    """How many images of each kind each part shall hold: int64 (1 + n_folds, kinds)."""
    needs = np.zeros((1 + n_folds, len(totals)), dtype=np.int64)
    needs[TEST] = np.rint(totals * test_share)
    left = totals - needs[TEST]
    needs[1:] = left // n_folds
    for kind, over in enumerate(left % n_folds):
        # What is left over of one kind goes to the first folds, of the next to the last.
        some = slice(1, 1 + over) if kind % 2 == 0 else slice(1 + n_folds - over, None)
        needs[some, kind] += 1
    return needs
