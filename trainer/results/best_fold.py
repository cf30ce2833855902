"""Which fold's network stands for a run, and why, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.probability import log_loss
from trainer.article import is_article
from trainer.results import metrics
from trainer.results.predictions import Predictions
from trainer.results.run_folder import RunError


@dataclass(frozen=True)
class Choice:
    """The fold to export."""

    fold: int
    reason: str
    """One sentence for the card."""


def choose(recipe: str, out_of_fold: Predictions, test: Predictions, folds: int) -> Choice:
    """The best fold of a run: the article's way for its recipe, else by its tuning set alone.

    ``folds``: how many the run is to have; some of them may be trained elsewhere, or not yet.
    Raises RunError for a run without predictions.
    """
    if len(out_of_fold) == 0:
        raise RunError("The run has no out-of-fold predictions to choose a fold by.")
    if is_article(recipe) and len(test) > 0:
        return by_test(test)
    return by_held_out(out_of_fold, folds)


def by_held_out(out_of_fold: Predictions, folds: int) -> Choice:
    """Highest AUC on the fold's own validation images, then lowest loss, then lowest number."""
    rows = {fold: out_of_fold.of_fold(fold) for fold in _folds(out_of_fold)}
    auc = {fold: metrics.auc(part.labels, part.logits) for fold, part in rows.items()}
    loss = {fold: log_loss(part.labels, part.logits) for fold, part in rows.items()}
    best = min(rows, key=lambda fold: (-auc[fold], loss[fold], fold))
    if len(rows) == 1:
        among = "the only one that was trained" if folds == 1 else f"the one of {folds} in this run"
        return Choice(
            best,
            f"Fold {best}, {among}: AUC {auc[best]:.3f} on its own {len(rows[best])} out-of-fold "
            "images, on which its epoch and its thresholds were chosen.",
        )
    return Choice(
        best,
        f"Fold {best}, the best of {len(rows)} by AUC ({auc[best]:.3f}), then loss "
        f"({loss[best]:.3f}), on its own {len(rows[best])} out-of-fold images. Its epoch was "
        "chosen on them as well, so that these are optimistic. With so few images the difference "
        "between folds is mostly chance.",
    )


def by_test(test: Predictions) -> Choice:
    """The article's way: best test accuracy, then sensitivity, specificity, at probability 0.5."""
    rates = {}
    for fold in _folds(test):
        rows = test.of_fold(fold)
        positive, called = rows.labels == 1, rows.logits >= 0
        rates[fold] = (
            _share(positive == called),
            _share(called[positive]),
            _share(~called[~positive]),
        )
    best = max(rates, key=lambda fold: (*rates[fold], -fold))
    images = len(test.of_fold(best))
    accuracy, sensitivity, specificity = rates[best]
    return Choice(
        best,
        f"Fold {best} of {len(rates)}: best accuracy ({accuracy:.3f}), then sensitivity "
        f"({sensitivity:.3f}), then specificity ({specificity:.3f}), on the {images} test images, "
        "as in the article; a fold chosen on the test images makes their result optimistic.",
    )


def _folds(predictions: Predictions) -> list[int]:
    return sorted({int(fold) for fold in predictions.folds})


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean()) if hits.size else 0.0
