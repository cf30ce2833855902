"""The distance in feature space, and the cut."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.covariance import LedoitWolf

from trainer.results import novelty

ONE = "one"


def alone(profiles: np.ndarray) -> np.ndarray:
    """All of one source."""
    return np.full(len(profiles), ONE)


def test_distance_is_mahalanobis_with_the_shrunk_covariance() -> None:
    random = np.random.default_rng(1)
    training = random.normal(size=(30, 50)) * np.linspace(0.1, 3, 50)
    asked = random.normal(size=(7, 50))
    expected = np.sqrt(LedoitWolf().fit(training).mahalanobis(asked))
    np.testing.assert_allclose(
        novelty.fit(training, alone(training)).distance(asked), expected, rtol=1e-5
    )


def test_a_feature_that_never_moves_in_training_gives_distance_when_it_does() -> None:
    training = np.random.default_rng(1).normal(size=(40, 4))
    training[:, 3] = 0.0
    gaussian = novelty.fit(training, alone(training))
    usual, moved = gaussian.distance(np.array([[0.0, 0, 0, 0], [0.0, 0, 0, 5]]))
    assert moved > usual + 5


@pytest.mark.parametrize("training", [np.ones((10, 4)), np.ones((1, 4))])
def test_features_without_spread_are_refused(training: np.ndarray) -> None:
    with pytest.raises(novelty.NoveltyError, match="dead"):
        novelty.fit(training, alone(training))


def test_a_small_source_says_as_much_of_what_a_head_is_as_a_large_one() -> None:
    random = np.random.default_rng(2)
    large, small = random.normal(0, 1, (2000, 3)), random.normal(6, 1, (500, 3))
    both = np.concatenate([large, small])
    sources = np.array(["large"] * 2000 + ["small"] * 500)
    counted = novelty.fit(both, sources)
    as_many = novelty.fit(np.concatenate([large, np.tile(small, (4, 1))]), np.full(4000, ONE))
    np.testing.assert_allclose(counted.mean, as_many.mean, rtol=1e-4)
    np.testing.assert_allclose(counted.distance(both), as_many.distance(both), rtol=1e-2)
    by_images = novelty.fit(both, alone(both))
    assert counted.distance(small).mean() < 0.9 * by_images.distance(small).mean()


def test_five_in_a_thousand_held_out_images_lie_beyond_the_cut() -> None:
    distances = np.arange(1000, dtype=np.float64)
    assert int((distances > novelty.cut(distances, np.full(1000, "site"))).sum()) == 5


def test_too_few_held_out_images_give_no_cut() -> None:
    with pytest.raises(novelty.NoveltyError, match="19 out-of-fold images are too few"):
        novelty.cut(np.ones(19), np.full(19, "site"))


def test_a_small_source_does_not_bear_the_refusals_of_a_large_one() -> None:
    large, small = np.linspace(0, 1, 2000), np.linspace(1, 2, 250)
    sources = np.array(["large"] * 2000 + ["small"] * 250)
    cut = novelty.cut(np.concatenate([large, small]), sources)
    assert int((large > cut).sum()) == 0
    assert int((small > cut).sum()) == 2  # 1 per cent of the half that it counts
    assert novelty.cut(large, sources[:2000]) == pytest.approx(0.995, abs=0.001)
