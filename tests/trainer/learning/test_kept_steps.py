"""The state of learning is kept after a pause, whole, and taken up under its identity alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from trainer.learning.kept_steps import Decks, KeptSteps, Steps

KINDS = ((np.arange(3), 0.5), (np.arange(3, 10), 0.5))


def steps(kept: KeptSteps | None) -> tuple[Steps, nn.Linear, Decks]:
    module, decks = nn.Linear(1, 1), Decks(KINDS, seed=0)
    optimiser = torch.optim.AdamW(module.parameters())
    return Steps(kept, (module,), optimiser, decks), module, decks


def test_every_row_is_shown_before_any_of_its_kind_is_again() -> None:
    decks = Decks(KINDS, seed=0)
    of_first = [int(row) for row in decks.draw(60) if row < 3]
    rounds = [sorted(of_first[at : at + 3]) for at in range(0, len(of_first) - 2, 3)]
    assert rounds
    assert all(each == [0, 1, 2] for each in rounds)


def test_decks_go_on_as_if_never_stopped() -> None:
    whole, stopped, resumed = (Decks(KINDS, seed=0) for _ in range(3))
    wanted = np.concatenate([whole.draw(7) for _ in range(4)])
    found = [stopped.draw(7) for _ in range(2)]
    resumed.resume(stopped.to_json())
    found += [resumed.draw(7) for _ in range(2)]
    assert np.array_equal(np.concatenate(found), wanted)


def test_what_was_kept_is_taken_up(tmp_path: Path) -> None:
    kept = KeptSteps(tmp_path / "learnt" / "a.steps", "these", pause=0.0)
    first, module, decks = steps(kept)
    decks.draw(5)
    with torch.no_grad():
        module.weight.fill_(7.0)
    first.count()
    torch.manual_seed(1)
    first.count()
    second, again, other = steps(kept)
    assert (second.done, again.weight.item()) == (2, 7.0)
    assert torch.equal(torch.rand(1), torch.rand(1, generator=torch.Generator().manual_seed(1)))
    assert np.array_equal(other.draw(5), decks.draw(5))


def test_steps_of_other_data_are_not_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "a.steps"
    first, _, _ = steps(KeptSteps(path, "these", pause=0.0))
    first.count()
    assert steps(KeptSteps(path, "others"))[0].done == 0
    assert steps(KeptSteps(path, "these"))[0].done == 1


def test_nothing_is_written_before_the_pause_is_over(tmp_path: Path) -> None:
    kept = KeptSteps(tmp_path / "a.steps", "these", pause=3600.0)
    first, _, _ = steps(kept)
    first.count()
    assert first.done == 1
    assert not kept.path.exists()


def test_without_a_file_steps_are_counted_only() -> None:
    first, _, _ = steps(None)
    first.count()
    assert first.done == 1
