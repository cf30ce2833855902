"""The exported graph in torch: closed-form Grad-CAM, folding, rounding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from export.check import autograd, relative_to_peak
from export.errors import ExportError
from export.graph import ExportGraph, folded, rounded_to_half
from trainer.learning.heat_map import head_with_gradient, heat_map
from trainer.learning.network import Network

HEADS: dict[str, tuple[int, ...]] = {"linear": (), "one layer": (32,), "article": (256, 64)}


@pytest.fixture(scope="module")
def network() -> Network:
    """Random weights, and batch-norm statistics that are not those of a fresh layer."""
    torch.manual_seed(3)
    made = Network((8,))
    for module in made.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean = torch.empty(module.num_features).uniform_(-0.1, 0.1)
            module.running_var = torch.empty(module.num_features).uniform_(0.5, 1.5)
            nn.init.uniform_(module.weight, 0.2, 0.6)
    return made.eval()


def some_images(count: int = 2, size: int = 32) -> torch.Tensor:
    random = np.random.default_rng(5)
    return torch.from_numpy(random.integers(0, 256, (count, size, size), dtype=np.uint8))


@pytest.mark.parametrize("hidden", HEADS.values(), ids=HEADS)
def test_the_heat_map_is_autograds_grad_cam(hidden: tuple[int, ...]) -> None:
    torch.manual_seed(7)
    head = Network(hidden).head.eval()
    features = torch.randn(6, 512, 5, 4).relu()
    with torch.inference_mode():
        logit, gradient = head_with_gradient(head, features.mean(dim=(2, 3)))
        maps = heat_map(features, gradient)
    expected_logit, expected_maps = autograd(head, features)
    assert expected_maps.max() > 0
    assert relative_to_peak(expected_maps, maps.numpy()) < 1e-5
    np.testing.assert_allclose(logit.numpy(), expected_logit, rtol=1e-5, atol=1e-6)


def test_folding_batch_norm_changes_no_answer(network: Network) -> None:
    lean, images = folded(network), some_images()
    assert not [m for m in lean.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.inference_mode():
        features, expected = lean.features(images), network.features(images)
    assert float((features - expected).abs().max() / expected.abs().max()) < 1e-5


def test_folding_leaves_the_given_network_alone(network: Network) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    folded(network)
    after = network.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_rounding_makes_weights_exact_in_half_precision(network: Network) -> None:
    for name, weight in rounded_to_half(network).named_parameters():
        if weight.dim() > 1:
            assert torch.equal(weight, weight.half().float()), name


def test_a_weight_too_large_for_half_precision_is_refused(network: Network) -> None:
    large = folded(network)
    with torch.no_grad():
        large.get_parameter("head.0.weight")[0, 0] = 1e6
    with pytest.raises(ExportError, match=r"head\.0\.weight is too large for fp16"):
        rounded_to_half(large)


def test_the_calibration_is_in_the_graph_and_novelty_is_a_distance(network: Network) -> None:
    graph, images = ExportGraph(network).eval(), some_images()
    graph.temperature.fill_(4.0)
    graph.intercept.fill_(-0.5)
    graph.novelty_mean.zero_()
    graph.novelty_whitening.copy_(2.0 * torch.eye(640))
    with torch.inference_mode():
        probability, logit, maps, novelty, _, profile = graph(images)
    assert torch.allclose(probability, torch.sigmoid(logit / 4.0 - 0.5))
    assert torch.allclose(logit, network(images), rtol=1e-4)
    assert torch.allclose(novelty, 2.0 * profile.norm(dim=1), rtol=1e-4)
    assert maps.shape == (2, 1, 1)


def test_the_profile_holds_textures_beside_what_the_answer_is_computed_from(
    network: Network,
) -> None:
    graph, images = ExportGraph(network).eval(), some_images(3, 64)
    with torch.inference_mode():
        *_, features, profile = graph(images)
        early, _, late = network.stages(images)
    assert torch.equal(features, late)
    assert profile.shape == (3, 640)
    assert torch.allclose(profile[:, :128], early.mean(dim=(2, 3)))
    assert torch.allclose(profile[:, 128:], late.mean(dim=(2, 3)))
