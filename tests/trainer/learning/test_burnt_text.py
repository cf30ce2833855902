"""Text is burnt into corners at the wanted probability and nowhere else."""

from __future__ import annotations

import torch

from trainer.learning.burnt_text import burn

IMAGES = torch.full((40, 1, 64, 64), 50.0)


def test_without_probability_nothing_is_written() -> None:
    assert burn(IMAGES, 0.0) is IMAGES


def test_the_wanted_share_of_images_is_written_on_and_only_at_the_rim() -> None:
    torch.manual_seed(0)
    burnt = burn(IMAGES, 0.5)
    changed = (burnt != IMAGES).flatten(1).any(dim=1)
    assert 10 <= int(changed.sum()) <= 30
    assert torch.equal(burnt[~changed], IMAGES[~changed])
    assert float(burnt.min()) == 50.0
    assert float(burnt.max()) > 100.0
    rows = (burnt != IMAGES).flatten(0, 1).any(dim=0).any(dim=1)
    assert not bool(rows[12:52].any())


def test_the_same_seed_writes_the_same() -> None:
    torch.manual_seed(4)
    first = burn(IMAGES, 1.0)
    torch.manual_seed(4)
    assert torch.equal(first, burn(IMAGES, 1.0))
