"""Networks that were learnt apart are put on one scale by the images that they held out."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.results.peak_card import offset


def test_a_network_that_says_more_of_every_image_is_set_back_by_it() -> None:
    random = np.random.default_rng(0)
    labels = (random.random(400) < 0.2).astype(np.int64)
    logits = random.normal(0.0, 1.5, 400) + 3.0 * labels
    assert offset(labels, logits) < 0
    assert offset(labels, logits + 4.0) == pytest.approx(offset(labels, logits) - 4.0, abs=0.2)
