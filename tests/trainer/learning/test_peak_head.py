"""A peak head starts where the mean left off, and learns what two cells of a hundred say."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from trainer.learning.peak_head import BOX, EXACT, UNKNOWN, PeakHead, map_loss, soft_maximum
from trainer.learning.peaks import PeakMaterial, learn, score, weights_of
from trainer.results.metrics import auc
from trainer.settings import PeakSettings

CHANNELS, SIDE = 8, 10


def test_it_starts_near_the_linear_head() -> None:
    weight, bias = torch.randn(1, CHANNELS), torch.tensor([0.5])
    features = torch.rand(4, CHANNELS, SIDE, SIDE)
    logit, cells = PeakHead(weight, bias).eval()(features)
    before = features.mean((2, 3)) @ weight[0] + bias
    assert cells.shape == (4, SIDE, SIDE)
    assert logit.detach().numpy() == pytest.approx(before.numpy(), abs=1.0)


def test_the_soft_maximum_lies_between_mean_and_maximum() -> None:
    cells = torch.randn(5, SIDE, SIDE)
    found = soft_maximum(cells)
    assert bool((found > cells.mean((1, 2))).all())
    assert bool((found < cells.amax((1, 2))).all())
    assert soft_maximum(torch.full((1, SIDE, SIDE), 1.5)).item() == pytest.approx(1.5)


def test_the_map_loss_wants_the_cells_of_a_bleed_and_no_others() -> None:
    mask = torch.zeros(1, SIDE, SIDE)
    mask[0, 2, 3:5] = 1.0
    right, wrong = 8 * (mask - 0.5), 8 * (0.5 - mask)
    for worth in (EXACT, BOX):
        taught = torch.tensor([worth])
        assert map_loss(right, mask, taught) < 0.1 < 2 < map_loss(wrong, mask, taught)
    assert map_loss(wrong, mask, torch.tensor([UNKNOWN])) == 0.0


def test_a_box_asks_for_one_cell_only() -> None:
    mask = torch.zeros(1, SIDE, SIDE)
    mask[0, 2:8, 2:8] = 1.0
    one = torch.full((1, SIDE, SIDE), -6.0)
    one[0, 4, 4] = 6.0
    assert map_loss(one, mask, torch.tensor([BOX])) < 0.1
    assert map_loss(one, mask, torch.tensor([EXACT])) > 2


def small_bleeds() -> PeakMaterial:
    """Noise; in positives one channel is raised in two cells, which the mean hardly shows."""
    random = np.random.default_rng(0)
    count = 240
    features = random.random((count, CHANNELS, SIDE, SIDE))
    labels = np.arange(count) % 2
    masks = np.zeros((count, SIDE, SIDE))
    for row in np.flatnonzero(labels):
        down, across = random.integers(0, SIDE), random.integers(0, SIDE - 1)
        features[row, 3, down, across : across + 2] += 2.0
        masks[row, down, across : across + 2] = 1.0
    return PeakMaterial(
        features.astype(np.float16),
        np.empty((count, 0), np.float32),
        labels.astype(np.int64),
        masks.astype(np.float16),
        np.full(count, EXACT, dtype=np.int64),
        np.array(["one", "two"])[np.arange(count) // 2 % 2],
        np.arange(count).astype(np.str_),
        np.zeros(count, dtype=np.bool_),
        np.zeros(count, dtype=np.bool_),
    )


def test_it_finds_small_bleeds_that_the_mean_does_not() -> None:
    material = small_bleeds()
    start = (np.zeros((1, CHANNELS), np.float32), np.zeros(1, np.float32))
    settings = PeakSettings(steps=150, learning_rate=2e-2, drawn_share=0.0)
    head = learn(material, np.arange(160), start, settings)
    logits, cells = score(head, material.features[160:])
    assert auc(material.labels[160:], logits) > 0.95
    positive = np.flatnonzero(material.labels[160:])
    peaks = cells.flatten(1).argmax(1).numpy()[positive]
    assert np.mean(material.masks[160:].reshape(80, -1)[positive, peaks] == 1.0) > 0.9
    assert weights_of(head).cell_weight[0].argmax() == 3


def test_the_same_seed_learns_the_same() -> None:
    material = small_bleeds()
    start = (np.zeros((1, CHANNELS), np.float32), np.zeros(1, np.float32))
    settings = PeakSettings(steps=5)
    first, second = (learn(material, np.arange(100), start, settings) for _ in range(2))
    assert torch.equal(first.cell.weight, second.cell.weight)
