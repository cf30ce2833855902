"""Bleeds are drawn where there is room, are seen, and change nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from imaging.samples.phantom import Bleed, Head
from trainer.learning.drawn_bleeds import draw_bleeds, draw_on_some, room


@pytest.fixture(scope="module")
def heads() -> torch.Tensor:
    """uint8 (24, 96, 96): slices of generated heads without a bleed, in a brain window."""
    slices = [Head(seed, Bleed.NONE, 96).slice_at(0.5) for seed in range(24)]
    return torch.from_numpy(np.clip(np.stack(slices) * (255 / 80), 0, 255).astype(np.uint8))


def test_bleeds_are_bright_and_lie_within_the_bone(heads: torch.Tensor) -> None:
    torch.manual_seed(0)
    images = torch.cat([heads, torch.zeros_like(heads[:2])]).float().unsqueeze(1)
    drawn, there = draw_bleeds(images)
    assert int(there[:24].sum()) >= 12
    assert not bool(there[24:].any())
    assert torch.equal(drawn[~there], images[~there])
    for before, after in zip(images[there, 0], drawn[there, 0], strict=True):
        brighter = after > before + 20
        assert float(brighter.float().mean()) > 0.0015
        assert float(after[brighter].mean()) > 100
        assert not bool(brighter[:6].any() | brighter[:, :6].any())  # nothing in the air
        assert float((after - before)[before > 250].abs().mean()) < 3  # the bone stays


def test_thin_bleeds_are_drawn_where_they_are_wanted(heads: torch.Tensor) -> None:
    torch.manual_seed(0)
    images, after = draw_on_some(heads, torch.zeros(24), 1.0, thin=1.0)
    changed = (images - heads.float()).abs() > 10
    assert int(after.sum()) >= 12
    assert float(changed.float().mean((1, 2))[after == 1].median()) < 0.03


def test_only_images_labelled_0_are_drawn_on_and_then_count_as_1(heads: torch.Tensor) -> None:
    torch.manual_seed(0)
    labels = (torch.arange(24) % 2).float()
    images, after = draw_on_some(heads, labels, 1.0)
    changed = (images != heads.float()).flatten(1).any(dim=1)
    assert images.dtype == torch.float32
    assert torch.equal(changed, after != labels)
    assert bool(after[labels == 1].all())
    assert 2 <= int(changed.sum()) <= 12
    untouched, same = draw_on_some(heads, labels, 0.0)
    assert torch.equal(untouched, heads.float())
    assert torch.equal(same, labels)


def test_there_is_no_room_where_there_is_no_brain(heads: torch.Tensor) -> None:
    flat = torch.full((6, 96, 96), 110, dtype=torch.uint8)
    assert room(flat) == 0.0
    assert room(torch.zeros_like(flat)) == 0.0
    assert room(heads) == room(heads) > 0.2


def test_asking_for_room_leaves_the_random_numbers_alone(heads: torch.Tensor) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    room(heads[:4])
    assert torch.equal(torch.rand(2), expected)
