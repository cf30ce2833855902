from __future__ import annotations

import pytest

from model.card import OutOfFold
from model.confusion import Confusion
from model.evidence import at_threshold, out_of_fold_probabilities
from tests.make.tiny_model import tiny_card

TABLE = OutOfFold(labels=(0, 0, 1, 1, 1), logits=(-3.0, 2.0, 2.0, 1.0, 4.0))


def test_counts_at_a_threshold_use_the_temperature() -> None:
    # At temperature 2 a logit of 2 is a probability of 0.731, of 1 it is 0.622.
    assert at_threshold(tiny_card(out_of_fold=TABLE, temperature=2.0), 0.7) == Confusion(2, 1, 1, 1)


def test_counts_at_a_threshold_use_the_intercept() -> None:
    card = tiny_card(out_of_fold=TABLE, temperature=2.0, intercept=-1.0)
    assert out_of_fold_probabilities(card)[1] == 0.5  # 2 / 2 - 1
    assert at_threshold(card, 0.5) == Confusion(2, 1, 1, 1)
    assert at_threshold(card, 0.501) == Confusion(1, 0, 2, 2)


@pytest.mark.parametrize(("threshold", "above"), [(0.0, 3), (0.5, 2), (1.0, 0)])
def test_an_image_at_the_threshold_is_above_it(threshold: float, above: int) -> None:
    card = tiny_card(out_of_fold=OutOfFold((0, 1, 1), (-1.0, 0.0, 1.0)))
    counts = at_threshold(card, threshold)
    assert counts.true_positive + counts.false_positive == above
