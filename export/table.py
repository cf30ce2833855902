"""What was measured, as lines of text for the person who exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.card import ModelCard
from trainer.results import metrics
from trainer.results.calibration import probabilities
from trainer.results.metrics import Interval

MEGABYTE = 1_000_000
WIDTH = 62


def table(card: ModelCard, path: Path, size: int) -> str:
    """The card's results and checks, a line each; ``size`` in bytes."""
    rows = [
        ("file", str(path)),
        ("size", f"{size / MEGABYTE:.1f} MB"),
        ("precision", card.precision),
        ("temperature", f"{card.temperature:.3f}"),
        ("novelty cut", f"{card.novelty_cut:.2f}"),
        *((f"threshold {point.name}", f"{point.threshold:.4f}") for point in card.operating_points),
        *_results(card),
        *((name, f"{value:.3g}") for name, value in card.checks.items()),
    ]
    return "\n".join([card.name, *(f"  {name:<{WIDTH}} {value}" for name, value in rows)])


def _results(card: ModelCard) -> list[tuple[str, str]]:
    labels = np.array(card.out_of_fold.labels)
    logits = np.array(card.out_of_fold.logits)
    out_of_fold = metrics.confusion_at(
        labels, probabilities(logits, card.temperature), card.threshold
    )
    rows = [("out-of-fold AUC", f"{metrics.auc(labels, logits):.4f} ({len(labels)} scans)")]
    for name, counts in (("out-of-fold", out_of_fold), ("test", card.test)):
        if counts is not None:
            rows += [
                (f"{name} sensitivity", interval(metrics.sensitivity(counts))),
                (f"{name} specificity", interval(metrics.specificity(counts))),
            ]
    return rows


def interval(estimate: Interval) -> str:
    """An estimate with its 95 % interval."""
    return f"{estimate.value:.3f} (95 % interval {estimate.low:.3f} to {estimate.high:.3f})"
