"""Predictions of several networks for the same images."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.results.predictions import Predictions


def _of(fold: int, logits: list[float], names: tuple[str, ...] = ("a", "b")) -> Predictions:
    labels = np.arange(len(names)) % 2
    return Predictions(names, names, np.full(len(names), fold), labels, np.array(logits))


def _together(*parts: Predictions) -> Predictions:
    return Predictions(
        tuple(name for part in parts for name in part.image_ids),
        tuple(name for part in parts for name in part.groups),
        np.concatenate([part.folds for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.logits for part in parts]),
    )


def test_the_mean_of_networks_is_that_of_their_logits_image_by_image() -> None:
    mean = _together(_of(1, [1.0, -2.0]), _of(2, [3.0, 4.0])).mean_of_networks()
    assert mean is not None
    assert mean.image_ids == ("a", "b")
    np.testing.assert_array_equal(mean.logits, [2.0, 1.0])
    np.testing.assert_array_equal(mean.labels, [0, 1])


def test_one_network_has_no_mean() -> None:
    assert _of(1, [1.0, 2.0]).mean_of_networks() is None
    assert _of(1, [], ()).mean_of_networks() is None


def test_networks_on_other_images_have_no_mean() -> None:
    with pytest.raises(ValueError, match="same images"):
        _together(_of(1, [1.0, 2.0]), _of(2, [1.0, 2.0], ("a", "c"))).mean_of_networks()
