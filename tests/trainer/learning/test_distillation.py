"""A network learns a teacher's maps, from views that stay true to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from trainer.learning import teacher
from trainer.learning.averaging import follow
from trainer.learning.distillation import CHANNELS
from trainer.learning.lessons import (
    KeptLessons,
    LessonBatches,
    LiveLessons,
    ask,
    moved,
    still,
    views_of,
)
from trainer.learning.network import Network, WeightsError
from trainer.learning.teacher import SIDE, STRIDES, Maps
from trainer.recipes import DISTIL
from trainer.settings import DistillationSettings


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


def test_what_moves_and_what_does_not_are_apart() -> None:
    moving, standing = moved(DISTIL.augmentation), still(DISTIL.augmentation)
    assert (moving.brightness, moving.contrast, moving.noise, moving.blur, moving.text) == (0,) * 5
    assert moving.rotation == DISTIL.augmentation.rotation
    assert (standing.flip, standing.rotation, standing.shift) == (0, 0, 0)
    assert standing.noise == DISTIL.augmentation.noise


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


def test_the_networks_stages_fit_the_teachers_strides() -> None:
    network = Network().eval()
    images = torch.zeros(2, 64, 64)
    maps = network.stages(images)
    assert [m.shape[1] for m in maps] == list(CHANNELS)
    assert [64 // m.shape[3] for m in maps] == list(STRIDES)
    assert torch.equal(maps[2], network.features(images))


def test_the_real_teacher_tells_images_apart_at_any_size() -> None:
    known = teacher.load(teacher.NAME)
    noise = np.random.default_rng(0).integers(0, 256, (1, 96, 96), dtype=np.uint8)
    images = torch.cat([torch.zeros(1, 96, 96, dtype=torch.uint8), torch.from_numpy(noise)])
    maps = known.maps(images)
    assert [m.shape[1:] for m in maps] == [(48, 28, 28), (120, 14, 14), (352, 7, 7)]
    assert all(float((m[0] - m[1]).abs().mean()) > 0.1 for m in maps)
    assert [m.shape[2] for m in known.maps(images, 96)] == [12, 6, 3]
    larger = known.maps(torch.zeros(1, 200, 200, dtype=torch.uint8))
    assert torch.allclose(larger[2], maps[2][:1], atol=1e-4)


def test_an_unknown_teacher_is_a_sentence() -> None:
    with pytest.raises(WeightsError, match="There is no teacher vgg"):
        teacher.load("vgg")


def test_an_average_follows_young_weights_fast_and_old_ones_slowly() -> None:
    average, network = torch.nn.Linear(1, 1, bias=False), torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.zeros_(average.weight)
    torch.nn.init.ones_(network.weight)
    follow(average, network, decay=0.99, step=0)
    assert float(average.weight.detach()) == pytest.approx(0.9)
    torch.nn.init.zeros_(average.weight)
    follow(average, network, decay=0.99, step=10_000)
    assert float(average.weight.detach()) == pytest.approx(0.01)
