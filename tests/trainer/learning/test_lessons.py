"""Lessons are views that the teacher's maps stay true to, each dealt out once before any again."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from trainer.learning.augment import augment
from trainer.learning.lessons import (
    KeptLessons,
    LessonBatches,
    LiveLessons,
    ask,
    moved,
    standard_of,
    still,
    views_of,
)
from trainer.learning.teacher import SIDE, STRIDES, Maps
from trainer.recipes import DISTIL
from trainer.settings import AugmentationSettings, DistillationSettings

STRONG = AugmentationSettings(
    flip=1.0,
    rotation=40.0,
    scale=(0.6, 0.8),
    shift=0.2,
    brightness=0.5,
    contrast=0.5,
    noise=20.0,
    blur=2.0,
    aspect=0.3,
    gamma=0.5,
    text=1.0,
)
"""Everything that happens to an image on its device, so that it can be seen."""


class Mean:
    """A teacher whose maps are the images' own means."""

    def to(self, device: torch.device) -> None:
        """It is wherever the images are."""

    def maps(self, images: torch.Tensor, side: int = SIDE) -> Maps:
        self.side = side
        mean = images.float().mean(dim=(1, 2))[:, None, None, None]
        return tuple(mean.expand(-1, 2, 2, 2) * (stride / 8) for stride in STRIDES)


def blocks(count: int) -> torch.Tensor:
    images = torch.zeros(count, 32, 32, dtype=torch.uint8)
    for number in range(count):
        images[number, 8:24, 8:24] = 40 + number
    return images


def test_the_first_view_is_the_image_and_the_others_are_moved() -> None:
    settings = replace(DISTIL, distillation=DistillationSettings("x", views=3))
    images = blocks(4)
    views = views_of(images, settings)
    assert views.shape == (12, 32, 32)
    assert views.dtype == torch.uint8
    assert torch.equal(views[:4], images)
    assert not torch.equal(views[4:8], images)
    assert torch.equal(views, views_of(images, settings))


def test_the_teachers_maps_have_mean_0_and_deviation_1() -> None:
    said: list[str] = []
    lessons = ask(Mean(), blocks(50), said.append)
    assert len(lessons) == 50
    for maps in lessons.maps:
        assert maps.dtype == torch.float16
        assert float(maps.float().mean()) == pytest.approx(0.0, abs=1e-3)
        assert float(maps.float().std(correction=0)) == pytest.approx(1.0, abs=1e-3)


def test_a_live_teacher_answers_for_the_views_that_are_learnt_from() -> None:
    mean = Mean()
    settings = replace(DISTIL, distillation=DistillationSettings("x", views=0, mixing=1.0))
    lessons = LiveLessons(blocks(40), mean, settings, torch.device("cpu"))
    assert len(lessons) == 40
    assert lessons.widths == [2, 2, 2]
    batch = lessons.take(torch.arange(20, 40))
    torch.manual_seed(1)
    views, maps = lessons.pair(batch, side=160)
    assert mean.side == 192
    assert not torch.equal(views, lessons.pair(batch, side=224)[0])
    assert mean.side == 256
    told = torch.stack([each.mean(dim=(1, 2, 3)) for each in maps])
    assert torch.allclose(told[0], told[1], atol=1e-4)
    # The order of the teacher's answers is that of the views' own means, blended or not.
    assert torch.equal(told[0].argsort(), views.mean(dim=(1, 2)).argsort())
    assert float(views.mean(dim=(1, 2)).std()) > 0


def test_kept_maps_flip_with_their_views() -> None:
    views = torch.arange(8, dtype=torch.uint8).view(1, 2, 4)
    maps = (torch.arange(8.0).view(1, 1, 2, 4),)
    lessons = KeptLessons(views, maps, flip=1.0)
    seen, said = lessons.pair(lessons.take(torch.tensor([0])), side=4)
    assert torch.equal(seen.float(), said[0][0])
    assert torch.equal(seen, views.flip(2))


def test_every_view_comes_once_before_any_comes_again() -> None:
    views = torch.arange(10, dtype=torch.uint8)[:, None, None].expand(-1, 2, 2)
    lessons = KeptLessons(views, ())
    batches = LessonBatches(lessons, size=3, epoch_size=5, seed=0, rank=0, processes=1)
    seen: list[list[int]] = []
    for epoch in range(4):
        batches.epoch = epoch
        seen.append([int(v) for images, *_ in batches for v in images[:, 0, 0]])
    assert len(batches) == 2
    assert sorted(seen[0] + seen[1]) == list(range(10))
    assert sorted(seen[2] + seen[3]) == list(range(10))
    assert seen[0] + seen[1] != seen[2] + seen[3]


def test_every_augmentation_either_moves_or_does_not() -> None:
    """But for the flip, which kept maps follow, and what happens elsewhere than on the device."""
    elsewhere = {"flip", "resized_crop", "drawn_bleeds", "thin_bleeds", "cached_views"}
    for each in (part.name for part in fields(STRONG) if part.name not in elsewhere):
        kept = [getattr(of(STRONG), each) == getattr(STRONG, each) for of in (moved, still)]
        assert sorted(kept) == [False, True], each


def test_what_does_not_move_leaves_every_edge_where_it_is() -> None:
    torch.manual_seed(0)
    inside = torch.zeros(48, 48)
    inside[4:14, 20:44] = 1.0  # in a corner, and longer than high
    images = (60 + 140 * inside).repeat(16, 1, 1)
    plain = replace(STRONG, text=0.0, noise=5.0, blur=1.0)
    likeness = {
        of.__name__: [
            float(torch.corrcoef(torch.stack([image.flatten(), inside.flatten()]))[0, 1])
            for image in augment(images, of(plain))
        ]
        for of in (still, moved)
    }
    assert min(likeness["still"]) > 0.8
    assert max(likeness["moved"]) < 0.8


def test_what_only_moves_changes_no_grey() -> None:
    torch.manual_seed(0)
    images = torch.zeros(16, 48, 48)
    images[:, 12:36, 12:36] = 180.0
    middle = augment(images, moved(STRONG))
    assert float(middle.max()) <= 180.0 + 1e-3
    assert all(180.0 - float(image.max()) < 1e-3 for image in middle)


def test_a_channel_that_never_changes_has_a_deviation_to_divide_by() -> None:
    random = np.random.default_rng(0)
    maps = random.normal(3.0, 2.0, (6, 2, 4, 4)).astype(np.float32)
    maps[:, 1] = 7.0
    mean, deviation = standard_of(torch.from_numpy(maps))
    assert mean.shape == deviation.shape == (1, 2, 1, 1)
    assert mean.flatten().tolist() == pytest.approx([maps[:, 0].mean(), 7.0], abs=1e-5)
    assert deviation.flatten().tolist() == pytest.approx([maps[:, 0].std(), 1e-3], rel=1e-4)


@pytest.mark.parametrize("epoch", [0, 1, 2, 3])
def test_processes_share_an_epoch_and_no_two_get_the_same_view(epoch: int) -> None:
    """Twelve of twenty views an epoch, over three processes: two epochs meet in the middle."""
    views = torch.arange(20, dtype=torch.uint8)[:, None, None].expand(-1, 2, 2)
    dealt: list[list[int]] = []
    for number in (epoch, epoch + 1):
        shares = []
        for rank in range(3):
            batches = LessonBatches(KeptLessons(views, ()), 2, 12, 0, rank, 3)
            batches.epoch = number
            found = [batch[0][:, 0, 0].tolist() for batch in batches]
            assert len(found) == len(batches)
            shares.append([view for part in found for view in part])
        assert [len(share) for share in shares] == [4, 4, 4]
        dealt.append([share[at] for at in range(4) for share in shares])
    # The course of all epochs is one round of all views after the other.
    start = epoch * 12 % 20
    course = dealt[0] + dealt[1]
    whole = course[(20 - start) % 20 :][:20]
    assert len(set(course[: 20 - start])) == min(20 - start, len(course))
    assert len(set(whole)) == len(whole)


def test_an_epochs_order_is_that_of_its_seed() -> None:
    views = torch.arange(20, dtype=torch.uint8)[:, None, None].expand(-1, 2, 2)

    def order(seed: int) -> list[int]:
        batches = LessonBatches(KeptLessons(views, ()), 20, 20, seed, 0, 1)
        return [int(view) for (part,) in batches for view in part[:, 0, 0]]

    assert order(1) == order(1)
    assert order(1) != order(2)
