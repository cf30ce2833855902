"""A network's own stages stand beside the teacher's maps that they learn to give."""

from __future__ import annotations

import torch

from trainer.learning.distillation import CHANNELS
from trainer.learning.network import Network
from trainer.learning.teacher import STRIDES


def test_the_networks_stages_fit_the_teachers_strides() -> None:
    network = Network().eval()
    images = torch.zeros(2, 64, 64)
    maps = network.stages(images)
    assert [m.shape[1] for m in maps] == list(CHANNELS)
    assert [64 // m.shape[3] for m in maps] == list(STRIDES)
    assert torch.equal(maps[2], network.features(images))
