"""Which images a fold's network was made with, so that a later report knows them again."""

from __future__ import annotations

from collections.abc import Sequence

from model.card import HASH_DIGITS, HELD_OUT, LEARNT, TEST
from trainer.data.folds import Part
from trainer.data.labels import LabelledImage
from trainer.data.provenance import sha256_of


def used_images(
    images: Sequence[LabelledImage], parts: Sequence[Part], fold: int
) -> dict[str, str]:
    """``ModelCard.used`` of the network of ``fold``, in the order of the hashes. Raises OSError."""
    hashes: dict[str, list[str]] = {LEARNT: [], HELD_OUT: [], TEST: []}
    for image, part in zip(images, parts, strict=True):
        use = TEST if part.is_test else HELD_OUT if part.fold == fold else LEARNT
        hashes[use].append(sha256_of(image.path)[:HASH_DIGITS])
    return {use: "".join(sorted(found)) for use, found in hashes.items()}
