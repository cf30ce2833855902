"""A fine map learns which of four cells is meant, from masks and from nothing else."""

from __future__ import annotations

import numpy as np
import torch

from trainer.learning.fine_map import FineMap, FineMaterial, fine_maps, learn, place_loss
from trainer.results.fine_places import Places
from trainer.settings import FineMapSettings

SIDE = 6
"""Fine cells; half as many coarse ones, twice as many that are drawn."""


def places() -> Places:
    """Each coarse cell is of 2 x 2 fine ones, and each of these is drawn as 2 x 2."""
    return Places(
        np.kron(np.eye(SIDE // 2), np.ones((2, 1))).astype(np.float32),
        np.eye(SIDE, dtype=np.float32),
        np.kron(np.eye(SIDE), np.full((2, 1), 0.5)).astype(np.float32),
    )


def material(count: int = 24) -> FineMaterial:
    """Channel 1 marks the cell that bleeds, channel 0 is noise; the last third is drawn."""
    random = np.random.default_rng(0)
    maps = random.normal(0, 0.3, (count, 2, SIDE, SIDE)).astype(np.float16)
    bleeds = np.zeros((count, SIDE, SIDE), np.float32)
    at = np.arange(count), random.integers(0, SIDE, count), random.integers(0, SIDE, count)
    bleeds[at] = 1.0
    maps[:, 1] += bleeds
    masks = bleeds.repeat(2, 1).repeat(2, 2)
    plain = np.arange(count) < 2 * count // 3
    return FineMaterial(
        maps,
        np.ones((count, SIDE // 2, SIDE // 2), np.float32),
        np.zeros(count, np.float32),
        np.ones((count, SIDE, SIDE), np.float32),
        masks,
        masks > 0,
        np.array(["a", "b"] * (count // 2)),
        np.arange(count).astype(np.str_),
        plain,
    )


def test_it_learns_where_the_finding_is() -> None:
    given, settings = material(), FineMapSettings(steps=120, batch_size=8, learning_rate=0.1)
    every = np.arange(len(given))
    before, after = (
        fine_maps(module, given, every)
        for module in (FineMap(2, places()).eval(), learn(given, every, places(), settings))
    )
    assert np.allclose(before, 1 / 16, rtol=1e-4)
    inside = given.masks > 0
    assert after[inside].mean() > 0.6 / 4
    assert np.allclose(after.reshape(-1, 3, 4, 3, 4).sum((2, 4)), 1.0, rtol=1e-4)


def test_the_same_seed_learns_the_same() -> None:
    given, settings = material(), FineMapSettings(steps=5, batch_size=4)
    one, other = (learn(given, np.arange(12), places(), settings).cell.weight for _ in "12")
    assert torch.equal(one, other)


def test_the_loss_is_nothing_where_all_lies_within_and_grows_with_what_does_not() -> None:
    masks = torch.zeros(1, 4, 4)
    masks[0, 0, 0] = 1.0
    fine = torch.zeros(1, 4, 4)
    fine[0, 0, 0] = 2.0
    assert place_loss(fine, masks).item() == 0.0
    fine[0, 3, 3] = 1.0
    some = place_loss(fine, masks).item()
    fine[0, 3, 3] = 2.0
    assert 0.0 < some < place_loss(fine, masks).item()


def test_maps_of_zeros_and_masks_without_a_cell_teach_nothing() -> None:
    fine, masks = torch.ones(2, 4, 4, requires_grad=True), torch.zeros(2, 4, 4)
    masks[1] = 1.0
    loss = place_loss(torch.stack((fine[0], 0 * fine[1])), masks)
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0.0
    assert fine.grad is not None
    assert not fine.grad.any()
