"""Which fold is exported: by out-of-fold images, or the article's way by the test images."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.results.best_fold import by_held_out, by_test, choose
from trainer.results.predictions import Predictions
from trainer.results.run_folder import RunError


def predictions(*folds: tuple[list[int], list[float]]) -> Predictions:
    labels = [label for truth, _ in folds for label in truth]
    logits = [logit for _, given in folds for logit in given]
    numbers = [number for number, (truth, _) in enumerate(folds, 1) for _ in truth]
    ids = tuple(str(row) for row in range(len(labels)))
    return Predictions(ids, ids, np.array(numbers), np.array(labels), np.array(logits, np.float64))


NOTHING = predictions()
MIXED = ([0, 0, 1, 1], [-1.0, 1.0, -1.0, 1.0])
APART = ([0, 0, 1, 1], [-1.0, -1.0, 1.0, 1.0])
SURE = ([0, 0, 1, 1], [-3.0, -3.0, 3.0, 3.0])
SENSITIVE = ([0, 0, 1, 1], [-1.0, 1.0, 1.0, 1.0])
SPECIFIC = ([0, 0, 1, 1], [-1.0, -1.0, -1.0, 1.0])


@pytest.mark.parametrize(
    ("folds", "best"),
    [
        ((MIXED, APART), 2),
        ((APART, MIXED, SURE), 3),
        ((SURE, APART), 1),
        ((APART, APART), 1),
    ],
    ids=["higher AUC", "lower loss at the same AUC", "order is no reason", "tie: first"],
)
def test_held_out_images_choose(
    folds: tuple[tuple[list[int], list[float]], ...], best: int
) -> None:
    assert by_held_out(predictions(*folds), len(folds)).fold == best


@pytest.mark.parametrize(
    ("folds", "best"),
    [((MIXED, APART), 2), ((SPECIFIC, SENSITIVE), 2), ((SENSITIVE, SPECIFIC), 1)],
    ids=["higher accuracy", "same accuracy: sensitivity", "order is no reason"],
)
def test_test_images_choose_as_in_the_article(
    folds: tuple[tuple[list[int], list[float]], ...], best: int
) -> None:
    assert by_test(predictions(*folds)).fold == best


def test_only_the_article_looks_at_the_test_images() -> None:
    out_of_fold, test = predictions(APART, MIXED), predictions(MIXED, APART)
    assert choose("careful", out_of_fold, test, 2).fold == 1
    assert choose("article", out_of_fold, test, 2).fold == 2


def test_the_article_without_test_images_chooses_by_held_out_images() -> None:
    assert choose("article", predictions(MIXED, APART), NOTHING, 2).fold == 2


def test_the_reason_says_on_how_many_images_it_stands() -> None:
    reason = by_held_out(predictions(MIXED, APART), 2).reason
    assert reason.startswith(
        "Fold 2, the best of 2 by AUC (1.000), then loss (0.313), on its own 4 out-of-fold images"
    )
    assert "mostly chance" in reason


def test_the_articles_reason_says_optimistic() -> None:
    reason = by_test(predictions(MIXED, SENSITIVE)).reason
    assert "accuracy (0.750), then sensitivity (1.000), then specificity (0.500)" in reason
    assert "on the 4 test images" in reason
    assert "optimistic" in reason


def test_the_only_fold_is_not_called_the_best() -> None:
    alone, of_five = (by_held_out(predictions(MIXED), folds).reason for folds in (1, 5))
    assert alone.startswith(
        "Fold 1, the only one that was trained: AUC 0.500 on its own 4 out-of-fold"
    )
    assert of_five.startswith(
        "Fold 1, the one of 5 in this run: AUC 0.500 on its own 4 out-of-fold"
    )


def test_a_run_without_predictions_is_refused() -> None:
    with pytest.raises(RunError, match="no out-of-fold predictions"):
        choose("careful", NOTHING, NOTHING, 5)
