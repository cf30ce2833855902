"""Thin bleeds lie where their kind does, as thick as in the body, and their masks say where."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.ndimage import distance_transform_edt

from imaging.samples.phantom import Bleed, Head
from trainer.learning import thin_bleeds
from trainer.learning.head_parts import BONE
from trainer.learning.thin_bleeds import (
    BAND,
    CRESCENT,
    FARTHEST_MM,
    HEAD_MM,
    LEAST_AREA_MM2,
    LENS,
    draw_thin_bleeds,
)

SIDE = 96


def slices(count: int, side: int) -> torch.Tensor:
    """uint8 (count, side, side): generated heads without a bleed, in a brain window."""
    made = [Head(seed, Bleed.NONE, side).slice_at(0.5) for seed in range(count)]
    return torch.from_numpy(np.clip(np.stack(made) * (255 / 80), 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def heads() -> torch.Tensor:
    return slices(24, SIDE)


def test_thin_bleeds_lie_within_the_bone_and_their_masks_say_where(heads: torch.Tensor) -> None:
    torch.manual_seed(0)
    images = torch.cat([heads, torch.zeros_like(heads[:2])]).float().unsqueeze(1)
    drawn, there, masks = draw_thin_bleeds(images)
    assert int(there[:24].sum()) >= 12
    assert not bool(there[24:].any())
    assert torch.equal(drawn[~there], images[~there])
    assert not bool(masks[~there].any())
    changed = (drawn - images).abs() > 2
    assert not bool((changed & (masks < 0.01)).any())
    shares = masks[there].mean((1, 2, 3))
    assert float(shares.median()) < 0.03  # thin
    assert float((drawn - images)[images > 250].abs().mean()) < 3  # the bone stays
    for mask, before, after in zip(masks[there], images[there], drawn[there], strict=True):
        assert float((after - before)[mask > 0.5].mean()) > 10


def drawn_of(kind: int, heads: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    """Masks (n, S, S) of bleeds of that kind alone, of many draws, and their heads (n, S, S)."""
    monkeypatch.setattr(thin_bleeds, "KINDS", (kind,))
    torch.manual_seed(1)
    images = heads.float().unsqueeze(1).repeat(4, 1, 1, 1)
    _, there, masks = draw_thin_bleeds(images)
    assert int(there.sum()) > 10
    return torch.stack([masks[there, 0], images[there, 0]])


def near_bone(masks: torch.Tensor, heads: torch.Tensor) -> list[float]:
    """The share of each mask as near to bone as it may be, and three pixels of soft edge."""
    apart = [distance_transform_edt(head.numpy() <= BONE) * HEAD_MM / SIDE for head in heads]
    return [
        float(mask[torch.from_numpy(far <= FARTHEST_MM + 3 * HEAD_MM / SIDE)].sum() / mask.sum())
        for mask, far in zip(masks, apart, strict=True)
    ]


@pytest.mark.parametrize("kind", [CRESCENT, LENS])
def test_subdural_and_epidural_bleeds_lie_along_the_bone(
    kind: int, heads: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the thickest, where a wave on its surface adds to it."""
    assert min(near_bone(*drawn_of(kind, heads, monkeypatch))) > 0.99


def test_a_band_lies_in_the_middle_and_runs_from_front_to_back(
    heads: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    masks, within = drawn_of(BAND, heads, monkeypatch)
    assert min(near_bone(masks, within)) < 0.5
    rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    for mask in masks:
        total = mask.sum()
        down, across = (float((mask * each).sum() / total) for each in (rows, columns))
        high, wide = (
            float((mask * (each - middle) ** 2).sum() / total) ** 0.5
            for each, middle in ((rows, down), (columns, across))
        )
        assert high > 2 * wide
        assert abs(across - SIDE / 2) < 0.15 * SIDE


def test_no_bleed_is_smaller_than_the_least(heads: torch.Tensor) -> None:
    torch.manual_seed(2)
    _, there, masks = draw_thin_bleeds(heads.float().unsqueeze(1).repeat(8, 1, 1, 1))
    areas = masks[there].sum((1, 2, 3)) * (HEAD_MM / SIDE) ** 2
    assert float(areas.min()) > LEAST_AREA_MM2
    assert float(areas.min()) < 2.5 * LEAST_AREA_MM2  # and the bound is what decides


@pytest.mark.parametrize(("name", "value"), [("LEAST_CONTRAST", 300.0), ("LEAST_INSIDE", 0.9)])
def test_where_a_bleed_would_be_too_faint_or_has_no_room_there_is_none(
    name: str, value: float, heads: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thin_bleeds, name, value)
    images = heads.float().unsqueeze(1)
    drawn, there, masks = draw_thin_bleeds(images)
    assert not bool(there.any())
    assert torch.equal(drawn, images)
    assert not bool(masks.any())


def test_a_bleed_is_as_large_in_the_body_at_every_resolution() -> None:
    means = []
    for side in (SIDE, 2 * SIDE):
        torch.manual_seed(3)
        images = slices(12, side).float().unsqueeze(1).repeat(8, 1, 1, 1)
        _, there, masks = draw_thin_bleeds(images)
        means.append(float(masks[there].sum((1, 2, 3)).mean()) * (HEAD_MM / side) ** 2)
    assert means[1] == pytest.approx(means[0], rel=0.3)
