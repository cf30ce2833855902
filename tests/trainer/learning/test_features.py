"""A frozen backbone's features are computed once, and never taken for those of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.make.augmentation import STILL
from trainer.learning import features
from trainer.learning.dataset import input_material
from trainer.learning.network import FEATURES, Network
from trainer.recipes import ARTICLE_KEPT
from trainer.settings import Settings

CPU = torch.device("cpu")
SIDE = 32
SETTINGS = replace(ARTICLE_KEPT, recipe=replace(ARTICLE_KEPT.recipe, size=SIDE))


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(0)
    return Network()


def noise(count: int) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randint(0, 256, (count, SIDE, SIDE), dtype=torch.uint8)


def test_features_are_the_networks_own_also_of_more_images_than_a_batch(network: Network) -> None:
    images = noise(features.BATCH + 1)
    network.train()  # batch norm would look at its neighbours
    found = features.pooled(network, images, CPU)
    with torch.inference_mode():
        alone = torch.cat([network.eval().pooled(image[None]) for image in images[[0, 1, -1]]])
    assert found.shape == (features.BATCH + 1, FEATURES)
    assert torch.allclose(found[[0, 1, -1]], alone, atol=1e-4)
    assert not found.is_inference()  # or a head could not be learnt on them


def test_of_no_images_there_are_no_features(network: Network) -> None:
    assert features.pooled(network, noise(0), CPU).shape == (0, FEATURES)


def test_what_is_kept_is_not_computed_again(tmp_path: Path) -> None:
    asked: list[int] = []

    def compute() -> torch.Tensor:
        asked.append(1)
        return torch.arange(6.0).view(2, 3)

    path = tmp_path / "cache" / "features.npy"
    first, second = features.kept(path, compute), features.kept(path, compute)
    assert torch.equal(first, second)
    assert asked == [1]


def test_there_are_as_many_views_as_asked_for_each_new_and_those_of_the_seed(
    network: Network,
) -> None:
    settings = replace(SETTINGS, augmentation=replace(STILL, flip=0.5, cached_views=3))
    images = noise(12)
    material = input_material(images.numpy(), torch.zeros(12))
    rows = torch.arange(2, 12).numpy()
    views = [*features.views(network, material, rows, settings, CPU)]
    assert [view.shape for view in views] == [(10, FEATURES)] * 3
    # Of a view that is flipped or not, features are those of the image or of its mirror image.
    ways = [features.pooled(network, each[2:], CPU) for each in (images, images.flip(2))]
    for view in views:
        fits = torch.stack([(view - way).abs().amax(1) < 1e-3 for way in ways])
        assert bool(fits.any(0).all())
        assert bool(fits.any(1).all())
    assert not torch.equal(views[0], views[1])
    again = [*features.views(network, material, rows, settings, CPU)]
    assert all(torch.equal(one, other) for one, other in zip(views, again, strict=True))


def other_seed(settings: Settings) -> Settings:
    return replace(settings, seed=1)


def other_recipe(settings: Settings) -> Settings:
    return replace(settings, recipe=replace(settings.recipe, crop_to_head=True))


def other_views(settings: Settings) -> Settings:
    return replace(settings, augmentation=replace(settings.augmentation, cached_views=2))


def other_head(settings: Settings) -> Settings:
    return replace(settings, network=replace(settings.network, hidden=(3,)))


def other_rate(settings: Settings) -> Settings:
    return replace(settings, optimisation=replace(settings.optimisation, learning_rate=0.5))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (other_seed, False),
        (other_recipe, False),
        (other_views, False),
        (other_head, True),
        (other_rate, True),
    ],
)
def test_the_key_changes_with_all_that_changes_features_and_with_nothing_else(
    network: Network, change: Callable[[Settings], Settings], same: bool
) -> None:
    before = features.key(network, SETTINGS)
    assert (features.key(network, change(SETTINGS)) == before) is same


@pytest.mark.parametrize("name", ["conv1.weight", "layer4.2.bn2.running_var"])
def test_the_key_changes_with_every_number_of_the_backbone(network: Network, name: str) -> None:
    """Also with what batch norm has measured, which is no parameter."""
    before = features.key(network, SETTINGS)
    state: dict[str, Any] = network.backbone.state_dict()
    kept = state[name].clone()
    state[name].view(-1)[-1] += 1e-6
    changed = features.key(network, SETTINGS)
    state[name].copy_(kept)
    assert changed != before
    assert features.key(network, SETTINGS) == before
