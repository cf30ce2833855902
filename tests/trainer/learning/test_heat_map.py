"""Grad-CAM in closed form: cells that sum to the logit, and no guess for unknown layers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from trainer.learning.heat_map import head_with_gradient, heat_map, heat_maps
from trainer.learning.network import Network, WeightsError


def test_cells_sum_to_the_features_share_of_the_logit() -> None:
    layer = nn.Linear(4, 1, bias=False).requires_grad_(False)
    layer.weight.fill_(0.5)
    head = nn.Sequential(layer)
    features = torch.rand(1, 4, 3, 3)
    logit, gradient = head_with_gradient(head, features.mean(dim=(2, 3)))
    assert float(heat_map(features, gradient).sum()) == pytest.approx(float(logit), rel=1e-5)


def test_a_layer_without_a_known_gradient_is_refused() -> None:
    head = nn.Sequential(nn.Linear(4, 2), nn.Tanh(), nn.Linear(2, 1))
    with pytest.raises(WeightsError, match="Tanh"):
        head_with_gradient(head, torch.zeros(1, 4))


def test_a_networks_maps_have_a_cell_for_32_pixels_and_are_in_its_logits_unit() -> None:
    torch.manual_seed(0)
    network = Network(()).eval()
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64), dtype=np.uint8)
    last = network.head[-1]
    assert isinstance(last, nn.Linear)
    with torch.inference_mode():
        features = network.features(torch.from_numpy(images))
        weights = last.weight[0] / 4
        expected = torch.relu(torch.einsum("nchw,c->nhw", features, weights))
    maps = heat_maps(network, images)
    assert maps.shape == (3, 2, 2)
    np.testing.assert_allclose(maps, expected.numpy(), rtol=1e-4, atol=1e-6)
