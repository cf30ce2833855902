"""Training images are changed and never lose their bleed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.make.augmentation import STILL
from trainer.learning.augment import augment, resized_crop, shrink
from trainer.recipes import CAREFUL, PRETRAIN, TRAVEL
from trainer.settings import AugmentationSettings

SIDE = 64


def _head(count: int, reach: float = 0.46) -> Tensor:
    """Discs of tissue with a bright bleed at their very right edge."""
    places = (torch.arange(SIDE) + 0.5) / SIDE - 0.5
    distance = torch.hypot(places[None, :], places[:, None])
    head = torch.where(distance < reach, 100, 0)
    head[30:35, 55:60] = 255
    return head.to(torch.uint8).expand(count, -1, -1)


def test_nothing_asked_for_changes_nothing() -> None:
    images = _head(2)
    assert torch.equal(augment(images, STILL), images.float())


def test_a_flip_mirrors_left_and_right() -> None:
    images = _head(3)
    assert torch.equal(augment(images, replace(STILL, flip=1.0)), images.float().flip(2))


def test_an_aspect_makes_heads_wider_or_taller_and_none_larger_than_the_frame() -> None:
    torch.manual_seed(0)
    disc = _head(60, 0.35).clamp(max=100)
    disc[:, :, 54:] = 0
    moved = augment(disc, replace(STILL, aspect=0.2))
    wide, tall = ((moved > 50).any(dim=axis).sum(dim=1).float() for axis in (1, 2))
    ratio = wide / tall
    assert float(ratio.min()) < 0.9
    assert float(ratio.max()) > 1.1
    area = (moved > 50).sum(dim=(1, 2)).float()
    assert float(area.max() / area.min()) < 1.25


def test_a_gamma_bends_the_greys_and_keeps_black_and_white() -> None:
    torch.manual_seed(0)
    images = torch.tensor([0, 128, 255], dtype=torch.uint8).expand(50, 3, 3)
    bent = augment(images, replace(STILL, gamma=0.3))
    assert torch.equal(bent[:, :, 0], torch.zeros(50, 3))
    assert torch.allclose(bent[:, :, 2], torch.full((50, 3), 255.0))
    middle = bent[:, 0, 1]
    assert float(middle.min()) < 110
    assert float(middle.max()) > 145


def test_moving_mirrors_too() -> None:
    torch.manual_seed(0)
    moved = augment(_head(200), replace(STILL, flip=0.5, shift=0.01))
    right = (moved[:, :, 48:] > 200).any(dim=(1, 2))
    left = (moved[:, :, :16] > 200).any(dim=(1, 2))
    assert torch.equal(left, ~right)
    assert 70 <= int(left.sum()) <= 130


@pytest.mark.parametrize(
    "settings", [CAREFUL.augmentation, PRETRAIN.augmentation, TRAVEL.augmentation]
)
@pytest.mark.parametrize("reach", [0.46, 0.5])
def test_the_bleed_stays_in_the_image(settings: AugmentationSettings, reach: float) -> None:
    """Its share of the tissue stays what it was, whatever turn, zoom and shift."""
    torch.manual_seed(0)
    images = _head(64, reach)
    moved = augment(
        images,
        replace(settings, brightness=0.0, contrast=0.0, noise=0.0, blur=0.0, gamma=0.0, text=0.0),
    )
    before = (images[0].float() - 100).clamp(min=0).sum() / images[0].float().sum()
    after = (moved - 100).clamp(min=0).sum(dim=(1, 2)) / moved.sum(dim=(1, 2))
    assert torch.allclose(after, before.expand(64), rtol=0.15)
    assert moved.shape == images.shape
    # Nor does tissue touch the frame more than it did, which would mean that some is beyond it.
    edge = torch.cat([moved[:, 0], moved[:, -1], moved[:, :, 0], moved[:, :, -1]], dim=1)
    assert float((edge > 60).float().mean()) < 0.2


def test_zoom_makes_smaller_and_shift_moves() -> None:
    torch.manual_seed(0)
    images = _head(16)
    smaller = augment(images, replace(STILL, scale=(0.5, 0.5)))
    area = (smaller > 50).float().sum() / (images > 50).float().sum()
    assert float(area) == pytest.approx(0.25, abs=0.02)
    moved = augment(_head(50, 0.2), replace(STILL, shift=0.1))
    rows = torch.arange(SIDE) + 0.5
    down = (moved * rows[:, None]).sum(dim=(1, 2)) / moved.sum(dim=(1, 2)) - SIDE / 2
    assert 0.05 * SIDE < float(down.abs().max()) < 0.11 * SIDE


@pytest.mark.parametrize(
    ("settings", "least", "most"),
    [
        (replace(STILL, brightness=0.2), 80, 120),
        (replace(STILL, contrast=0.5), 75, 125),
        (replace(STILL, noise=5.0), 70, 130),
    ],
)
def test_grey_values_stay_within_what_is_asked_for(
    settings: AugmentationSettings, least: float, most: float
) -> None:
    torch.manual_seed(0)
    flat = torch.full((40, 16, 16), 100, dtype=torch.uint8)
    flat[:, :, 8:] = 0
    changed = augment(flat, settings)
    bright = changed[:, :, :8]
    assert least - 1e-3 <= float(bright.min())
    assert float(bright.max()) <= most + 1e-3
    assert float(bright.std()) > 1
    assert float(changed.min()) >= 0


def test_a_blur_spreads_a_point_and_loses_nothing() -> None:
    torch.manual_seed(0)
    point = torch.zeros(8, 17, 17)
    point[:, 8, 8] = 200
    blurred = augment(point, replace(STILL, blur=1.0))
    assert torch.allclose(blurred.sum(dim=(1, 2)), torch.full((8,), 200.0), atol=0.1)
    assert len({round(float(value)) for value in blurred[:, 8, 8]}) > 4


def test_the_same_random_numbers_give_the_same_image() -> None:
    augmented = []
    for _ in range(2):
        torch.manual_seed(5)
        augmented.append(augment(_head(4), CAREFUL.augmentation))
    assert torch.equal(*augmented)


def test_a_resized_crop_is_a_part_of_the_image() -> None:
    grey = np.add.outer(np.arange(120) * 2, np.zeros(80)).astype(np.uint8)
    random = np.random.default_rng(0)
    views = [resized_crop(grey, 32, (0.08, 1.0), random) for _ in range(100)]
    assert {view.shape for view in views} == {(32, 32)}
    spans = np.array([int(view.max()) - int(view.min()) for view in views])
    assert spans.min() < 90 < 180 < spans.max()
    whole = resized_crop(grey, 32, (1.0, 1.0), random)
    # No box with all of the area has a permitted aspect here: 80 wide, 107 high, in the middle.
    assert 12 <= int(whole.min()) <= 18
    assert 219 <= int(whole.max()) <= 224


def test_shrinking_keeps_the_mean() -> None:
    small = shrink(_head(2), 32)
    assert small.shape == (2, 32, 32)
    assert float(small.mean()) == pytest.approx(float(_head(2).float().mean()), rel=0.01)


def test_all_channels_of_a_colour_image_are_changed_alike() -> None:
    settings = replace(CAREFUL.augmentation, noise=0.0)
    grey = _head(4)
    torch.manual_seed(7)
    alone = augment(grey, settings)
    torch.manual_seed(7)
    coloured = augment(grey[..., None].expand(-1, -1, -1, 3), settings)
    assert coloured.shape == (4, SIDE, SIDE, 3)
    for channel in range(3):
        assert torch.allclose(coloured[..., channel], alone, atol=1e-3)
    assert torch.allclose(shrink(coloured, 32)[..., 1], shrink(alone, 32), atol=1e-3)


def test_a_resized_crop_keeps_colours() -> None:
    colours = np.zeros((40, 60, 3), dtype=np.uint8)
    colours[:] = (200, 10, 20)
    view = resized_crop(colours, 16, (0.2, 1.0), np.random.default_rng(0))
    assert view.shape == (16, 16, 3)
    assert (view == (200, 10, 20)).all()
