"""Outputs are those of each image by itself, in its place, however many are computed at once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from export.onnx_file import without_outputs
from export.outputs import BATCH, Graph
from tests.make.linear_model import CELL, SIZE, WIDTH, linear_model
from trainer.results.model_graph import FEATURES, PROFILE


def noisy(count: int) -> NDArray[np.uint8]:
    """Images of which each is another."""
    return np.random.default_rng(count).integers(0, 256, (count, SIZE, SIZE), dtype=np.uint8)


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH + 2])
@pytest.mark.parametrize("batch", [1, BATCH])
def test_every_image_has_its_own_outputs_in_its_place(count: int, batch: int) -> None:
    images = noisy(count)
    given = Graph(linear_model(100.0)).run(images, batch)
    means = images.astype(np.float64).mean(axis=(1, 2))
    quarters = images.reshape(count, 2, CELL, 2, CELL).astype(np.float64).mean(axis=(2, 4))
    assert given.logit == pytest.approx((means - 100.0) / 16.0, abs=1e-4)
    assert given.heat_map == pytest.approx(quarters, abs=1e-3)
    assert given.profile is not None
    assert given.profile == pytest.approx(quarters.reshape(count, WIDTH), abs=1e-3)
    assert given.features is not None
    assert len(given.features) == len(given.novelty) == len(given.probability) == count


def test_what_a_graph_no_longer_gives_is_none() -> None:
    small = Graph(without_outputs(linear_model(0.0), FEATURES, PROFILE)).run(noisy(2))
    assert (small.features, small.profile) == (None, None)
    whole = Graph(linear_model(0.0)).run(noisy(2))
    assert np.array_equal(small.logit, whole.logit)
