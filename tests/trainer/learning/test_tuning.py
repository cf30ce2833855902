"""Tuning finds what the network's own last stages hide, and shifts maps and masks alike."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.make.graphs import STAGED_CHANNELS, staged_model
from trainer.learning.kept_steps import KeptSteps
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_head import EXACT, PeakHead
from trainer.learning.peaks import KeptViews, PeakMaterial, score
from trainer.learning.tuning import Tuned, last_maps, shifted, tune
from trainer.results.metrics import auc
from trainer.settings import PeakSettings

SIDE, COUNT = 4, 160


def material(cell: int = 2) -> PeakMaterial:
    """Noise, and in positives one cell of the last map that is darker, not brighter."""
    random = np.random.default_rng(0)
    maps = random.random((COUNT, STAGED_CHANNELS, cell * SIDE, cell * SIDE))
    labels, masks = np.arange(COUNT) % 2, np.zeros((COUNT, SIDE, SIDE))
    for row in np.flatnonzero(labels):
        down, across = random.integers(0, SIDE, 2)
        maps[row, 1, down * cell : (down + 1) * cell, across * cell : (across + 1) * cell] -= 2.0
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


def shown(given: PeakMaterial, rows: int, settings: PeakSettings) -> KeptViews:
    """The first rows."""
    return KeptViews(given, np.arange(rows), settings, shifted)


def start(count: int = 1) -> Tuned:
    torch.manual_seed(0)
    return Tuned(LastStages(staged_model(), count), PeakHead(torch.zeros(1, 5), torch.zeros(1)))


@pytest.mark.parametrize("count", [1, 2])
def test_the_stages_learn_what_the_head_alone_cannot_see(count: int) -> None:
    settings = PeakSettings(
        tuning_steps=120, tuning_rate=1e-2, tuning_head_rate=2e-2, drawn_share=0.0, dropout=0.0
    )
    given, before = material(2**count), start(count)
    untouched = copy.deepcopy(before)
    tuned = tune(shown(given, 120, settings), before, settings)
    held_out = slice(120, COUNT)
    assert auc(given.labels[held_out], score(tuned, given.features[held_out])[0]) > 0.9
    pairs = zip(tuned.stages.parameters(), untouched.stages.parameters(), strict=True)
    assert all(not torch.equal(after, was) for after, was in pairs)


def test_the_last_stage_learns_alone_at_first() -> None:
    settings = PeakSettings(
        tuning_steps=3, last_stage_steps=3, tuning_batch_size=6, drawn_share=0.0
    )
    given = shown(material(4), 40, settings)
    began = start(2).stages.kernels
    last = tune(given, start(2), settings, last_alone=True)
    whole = tune(given, copy.deepcopy(last), settings)

    def changed(tuned: Tuned) -> set[str]:
        return {
            name for name, was in began.items() if not torch.equal(was, tuned.stages.kernels[name])
        }

    assert changed(last) == set(start(1).stages.kernels)
    assert changed(whole) == set(began)


@pytest.mark.parametrize("count", [1, 2])
def test_last_maps_are_the_stages(count: int) -> None:
    stages, given = start(count).stages, material(2**count).features[:5]
    found = last_maps(stages, given, batch=2)
    wanted = stages(torch.from_numpy(given.astype(np.float32))).detach().numpy()
    assert found.shape == (5, 5, SIDE, SIDE)
    assert np.allclose(found, wanted, atol=1e-2)


@pytest.mark.parametrize("cell", [2, 4])
def test_maps_and_masks_move_together(cell: int) -> None:
    maps, masks = torch.zeros(1, 1, cell * SIDE, cell * SIDE), torch.zeros(1, SIDE, SIDE)
    maps[0, 0, cell : 2 * cell, 2 * cell : 3 * cell], masks[0, 1, 2] = 1.0, 1.0
    seen = set()
    for seed in range(40):
        torch.manual_seed(seed)
        moved, mask = shifted(maps, masks)
        assert torch.equal(moved[0, 0, ::cell, ::cell], mask[0])
        assert float(moved.sum()) == cell**2 * float(mask.sum())
        seen.add(tuple(int(each) for each in mask[0].nonzero()[0]))
    assert seen == {(down, across) for down in (0, 1, 2) for across in (1, 2, 3)}


def test_stopped_tuning_goes_on_to_the_same_result(
    tmp_path: Path,
) -> None:
    settings = PeakSettings(tuning_steps=8, tuning_batch_size=6, drawn_share=0.0)
    given = shown(material(), 40, settings)
    kept = KeptSteps(tmp_path / "some.steps", "these", pause=0.0)
    wanted = tune(given, start(), settings)
    seen = []

    def stopped(maps: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
        seen.append(len(maps))
        if len(seen) == 6:
            raise KeyboardInterrupt
        return shifted(maps, masks)

    stops = replace(given, disturbed=stopped)
    with pytest.raises(KeyboardInterrupt):
        tune(stops, start(), settings, kept)
    found = tune(stops, start(), settings, kept)
    assert len(seen) == 6 + 3
    pairs = zip(wanted.state_dict().values(), found.state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
