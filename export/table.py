"""What was measured, as lines of text for the person who exported."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from model.card import ModelCard
from model.confusion import Confusion
from model.evidence import at_threshold
from trainer.results import metrics

MEGABYTE = 1_000_000
WIDTH = 62


def table(card: ModelCard, path: Path, size: int) -> str:
    """The card's results and checks, a line each; ``size`` in bytes."""
    rows = [
        ("file", str(path)),
        ("size", f"{size / MEGABYTE:.1f} MB"),
        ("precision", card.precision),
        ("temperature", f"{card.temperature:.3f}"),
        ("intercept", f"{card.intercept:.3f}"),
        ("novelty cut", f"{card.novelty_cut:.2f}"),
        *((f"threshold {point.name}", f"{point.threshold:.4f}") for point in card.operating_points),
        *_results(card),
        *((name, f"{value:.3g}") for name, value in card.checks.items()),
    ]
    return "\n".join([card.name, *(f"  {name:<{WIDTH}} {value}" for name, value in rows)])


def _results(card: ModelCard) -> list[tuple[str, str]]:
    labels = np.array(card.out_of_fold.labels)
    logits = np.array(card.out_of_fold.logits)
    counts_of: list[tuple[str, Confusion | None]] = [
        ("out-of-fold", at_threshold(card, card.threshold)),
        ("test", card.test),
    ]
    if card.pooled is not None:
        counts_of.append((f"{card.pooled.networks} networks pooled", card.pooled.counts))
    auc = metrics.auc(labels, logits)
    told = "unknown" if math.isnan(auc) else f"{auc:.4f}"
    rows = [("out-of-fold AUC", f"{told} ({len(labels)} images)")]
    for name, counts in counts_of:
        if counts is not None:
            rows += [
                (f"{name} sensitivity", str(counts.sensitivity)),
                (f"{name} specificity", str(counts.specificity)),
            ]
    return rows
