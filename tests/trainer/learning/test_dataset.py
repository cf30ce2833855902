"""Batches deal out every image, in an order that the seed and the epoch decide."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
import torch

from imaging.input.recipe import InputRecipe
from trainer.learning.dataset import (
    Material,
    ScoringBatches,
    TrainingBatches,
    cached_features,
    cropped_material,
    input_material,
)
from trainer.learning.drawing import Drawing, Rows
from trainer.settings import AugmentationSettings, SamplingSettings

COUNT = 21


@pytest.fixture
def material() -> Material:
    """Image number i is filled with i."""
    inputs = np.arange(COUNT, dtype=np.uint8)[:, None, None].repeat(4, 1).repeat(4, 2)
    return input_material(inputs, torch.arange(COUNT) % 2.0)


def plain(rows: Rows) -> Drawing:
    """Each image once."""
    nothing = np.zeros(len(rows), dtype=np.int64)
    return Drawing(rows, nothing, nothing, SamplingSettings())


def _numbers(batches: TrainingBatches | ScoringBatches) -> list[list[int]]:
    dealt = []
    for images, labels, _ in batches:
        numbers = images[:, 0, 0].int().tolist()
        assert labels.tolist() == [number % 2 for number in numbers]
        dealt.append(numbers)
    return dealt


def test_every_image_is_dealt_once_in_batches_alike(material: Material) -> None:
    rows = np.arange(2, COUNT)
    batches = TrainingBatches(material, plain(rows), batch_size=4, seed=0)
    dealt = _numbers(batches)
    assert sorted(chain.from_iterable(dealt)) == list(range(2, COUNT))
    assert [len(part) for part in dealt] == [4, 4, 4, 4, 3]
    assert len(batches) == 5


def test_each_epoch_has_another_order_and_each_seed_the_same(material: Material) -> None:
    orders = []
    for epoch in (0, 1, 0):
        batches = TrainingBatches(material, plain(np.arange(COUNT)), 4, seed=1)
        batches.set_epoch(epoch)
        orders.append(_numbers(batches))
    assert orders[0] == orders[2] != orders[1]


def test_processes_share_an_epoch_without_overlap(material: Material) -> None:
    rows = np.arange(COUNT)
    shares = [
        list(chain.from_iterable(_numbers(TrainingBatches(material, plain(rows), 4, 0, rank, 2))))
        for rank in (0, 1)
    ]
    assert [len(share) for share in shares] == [10, 10]
    assert not set(shares[0]) & set(shares[1])


def test_scoring_keeps_the_order(material: Material) -> None:
    batches = ScoringBatches(material, np.array([5, 3, 8]), batch_size=2)
    assert _numbers(batches) == [[5, 3], [8]]
    assert len(batches) == 2


def test_training_sees_crops_and_scoring_does_not() -> None:
    greys = [np.full((30, 40), 10 * i, dtype=np.uint8) for i in range(3)]
    inputs = np.zeros((3, 16, 16), dtype=np.uint8)
    settings = AugmentationSettings(resized_crop=(0.1, 1.0))
    material = cropped_material(inputs, greys, torch.zeros(3), InputRecipe(size=16), settings)
    views = material.learnt(np.array([2, 0]))
    assert views.shape == (2, 16, 16)
    assert views[:, 0, 0].tolist() == [20, 0]
    assert not material.assessed.any()


def test_each_draw_takes_one_of_the_views() -> None:
    views = torch.arange(2 * 3).reshape(2, 3, 1).expand(2, 3, 512).float()
    material = cached_features(torch.zeros(2, 512), views, torch.zeros(2))
    torch.manual_seed(0)
    drawn = {int(material.learnt(np.array([1]))[0, 0]) for _ in range(50)}
    assert drawn == {3, 4, 5}
