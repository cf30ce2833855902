"""Which scans a fold's network was made with, so that a later report knows them again."""

from __future__ import annotations

from collections.abc import Sequence

from scans.model_card import HASH_DIGITS, HELD_OUT, LEARNT, TEST
from trainer.data.folds import Part
from trainer.data.labels import LabelledScan
from trainer.data.provenance import sha256_of


def used_scans(scans: Sequence[LabelledScan], parts: Sequence[Part], fold: int) -> dict[str, str]:
    """``ModelCard.used`` of the network of ``fold``, in the order of the hashes. Raises OSError."""
    hashes: dict[str, list[str]] = {LEARNT: [], HELD_OUT: [], TEST: []}
    for scan, part in zip(scans, parts, strict=True):
        use = TEST if part.is_test else HELD_OUT if part.fold == fold else LEARNT
        hashes[use].append(sha256_of(scan.path)[:HASH_DIGITS])
    return {use: "".join(sorted(found)) for use, found in hashes.items()}
