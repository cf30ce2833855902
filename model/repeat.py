"""What a repeat of the training of the built-in models gave: their files are older than that."""

from __future__ import annotations

from dataclasses import replace

from model.built_in import is_built_in
from model.card import ModelCard
from model.confusion import Confusion

REPEAT = Confusion(true_positive=10, false_positive=3, true_negative=20, false_negative=6)
"""Examinations of CT-ICH that four networks of a later training by the same recipe called, each
without its own patient. See "A repeat of the training" in docs/results.md."""


def with_repeat(card: ModelCard, sha256: str) -> ModelCard:
    """The card of the file of that SHA-256, with REPEAT where the file is built in."""
    head = card.series_head
    if head is None or not is_built_in(sha256):
        return card
    evidence = replace(head.evidence, repeat=head.evidence.repeat or REPEAT)
    return replace(card, series_head=replace(head, evidence=evidence))
