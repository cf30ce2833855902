"""Tuning finds what the network's own last stage hides, and shifts maps and masks alike."""

from __future__ import annotations

import copy

import numpy as np
import torch

from tests.trainer.learning.test_last_stage import CHANNELS, staged_model
from trainer.learning.last_stage import LastStage
from trainer.learning.peak_head import EXACT, PeakHead
from trainer.learning.peaks import PeakMaterial, score
from trainer.learning.tuning import Tuned, last_maps, shifted, tune
from trainer.results.metrics import auc
from trainer.settings import PeakSettings

SIDE, WIDE, COUNT = 4, 8, 160


def material() -> PeakMaterial:
    """Noise, and in positives two cells of one channel that are darker, not brighter."""
    random = np.random.default_rng(0)
    maps = random.random((COUNT, CHANNELS, WIDE, WIDE))
    labels, masks = np.arange(COUNT) % 2, np.zeros((COUNT, SIDE, SIDE))
    for row in np.flatnonzero(labels):
        down, across = random.integers(0, SIDE, 2)
        maps[row, 1, 2 * down : 2 * down + 2, 2 * across : 2 * across + 2] -= 2.0
        masks[row, down, across] = 1.0
    return PeakMaterial(
        maps.astype(np.float16),
        np.empty((COUNT, 0), np.float32),
        labels.astype(np.int64),
        masks.astype(np.float16),
        np.full(COUNT, EXACT, dtype=np.int64),
        np.full(COUNT, "one"),
        np.arange(COUNT).astype(np.str_),
        np.zeros(COUNT, dtype=np.bool_),
        np.zeros(COUNT, dtype=np.bool_),
    )


def start() -> Tuned:
    torch.manual_seed(0)
    return Tuned(LastStage(staged_model()), PeakHead(torch.zeros(1, 5), torch.zeros(1)))


def test_the_stage_learns_what_the_head_alone_cannot_see() -> None:
    settings = PeakSettings(
        tuning_steps=120, tuning_rate=1e-2, tuning_head_rate=2e-2, drawn_share=0.0, dropout=0.0
    )
    given, before = material(), start()
    untouched = copy.deepcopy(before)
    tuned = tune(given, np.arange(120), before, settings)
    held_out = slice(120, COUNT)
    assert auc(given.labels[held_out], score(tuned, given.features[held_out])[0]) > 0.9
    pairs = zip(tuned.stage.parameters(), untouched.stage.parameters(), strict=True)
    assert all(not torch.equal(after, was) for after, was in pairs)


def test_last_maps_are_the_stages() -> None:
    stage, given = start().stage, material().features[:5]
    found = last_maps(stage, given, batch=2)
    wanted = stage(torch.from_numpy(given.astype(np.float32))).detach().numpy()
    assert found.shape == (5, 5, SIDE, SIDE)
    assert np.allclose(found, wanted, atol=1e-2)


def test_maps_and_masks_move_together() -> None:
    maps, masks = torch.zeros(1, 1, WIDE, WIDE), torch.zeros(1, SIDE, SIDE)
    maps[0, 0, 2:4, 4:6], masks[0, 1, 2] = 1.0, 1.0
    seen = set()
    for seed in range(40):
        torch.manual_seed(seed)
        moved, mask = shifted(maps, masks)
        assert torch.equal(moved[0, 0, ::2, ::2], mask[0])
        seen.add(tuple(int(each) for each in mask[0].nonzero()[0]))
    assert seen == {(down, across) for down in (0, 1, 2) for across in (1, 2, 3)}
