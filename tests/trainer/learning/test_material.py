"""What a run learns from: rows that belong to their labels, and nothing of the test set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from imaging.input.recipe import network_input
from imaging.reading import read_image
from trainer.data.labels import LabelledImage
from trainer.learning import features
from trainer.learning.material import Sources, gather
from trainer.learning.network import FEATURES, Network
from trainer.recipes import ARTICLE, ARTICLE_KEPT, CAREFUL
from trainer.settings import Settings

SIDE = 32
LABELS = (0, 1, 1, 0, 1)


def tiny(settings: Settings) -> Settings:
    return replace(settings, recipe=replace(settings.recipe, size=SIDE))


@pytest.fixture
def images(tmp_path: Path) -> list[LabelledImage]:
    """Upright images, each brighter than the one before; of two, traits are known."""
    random = np.random.default_rng(0)
    made = []
    for number, label in enumerate(LABELS):
        path = tmp_path / f"{number}.png"
        grey = random.integers(0, 40, (60, 44)) + 40 * number
        Image.fromarray(grey.astype(np.uint8)).save(path)
        traits = {1: {"deep": 1, "old": 0}, 4: {"old": 1}}.get(number, {})
        made.append(LabelledImage(str(number), path, label, str(number), traits=traits))
    return made


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(0)
    return Network()


def test_rows_are_the_images_in_their_order_with_their_labels_and_traits(
    images: list[LabelledImage], network: Network, tmp_path: Path
) -> None:
    settings = tiny(CAREFUL)
    material = gather(Sources(images, [0, 1], tmp_path / "cache"), network, settings, print)
    expected = [network_input(read_image(i.path), settings.recipe).pixels for i in images]
    assert np.array_equal(material.assessed.numpy(), np.stack(expected))
    assert np.array_equal(material.learnt(np.array([3, 0])), np.stack([expected[3], expected[0]]))
    labels, traits = material.truth(torch.arange(5))
    assert labels.tolist() == [*LABELS]
    assert labels.dtype == torch.float32
    nothing = torch.nan
    wanted = torch.tensor([[nothing] * 2, [1, 0], [nothing] * 2, [nothing] * 2, [nothing, 1]])
    assert torch.equal(traits.nan_to_num(-1), wanted.nan_to_num(-1))


def test_without_traits_there_is_no_column_of_them(
    images: list[LabelledImage], network: Network, tmp_path: Path
) -> None:
    bare = [replace(image, traits={}) for image in images]
    material = gather(Sources(bare, [0], tmp_path / "cache"), network, tiny(CAREFUL), print)
    assert material.truth(torch.tensor([2]))[1].shape == (1, 0)


def test_a_random_crop_is_cut_from_the_whole_image_and_only_to_learn_from(
    images: list[LabelledImage], network: Network, tmp_path: Path
) -> None:
    settings = tiny(replace(ARTICLE, network=replace(ARTICLE.network, frozen_backbone=False)))
    material = gather(Sources(images, [0, 1], tmp_path / "cache"), network, settings, print)
    assert material.assessed.shape == (5, SIDE, SIDE)
    torch.manual_seed(0)
    first, second = (material.learnt(np.array([4, 4])).float() for _ in range(2))
    assert not torch.equal(first, second)
    assert not torch.equal(first[0], first[1])
    assert float(first.min()) >= 4 * 40  # row 4 it is


def test_of_kept_features_the_test_images_have_none_to_learn_from(
    images: list[LabelledImage], network: Network, tmp_path: Path
) -> None:
    settings = tiny(ARTICLE_KEPT)
    settings = replace(settings, augmentation=replace(settings.augmentation, cached_views=2))
    said: list[str] = []
    sources = Sources(images, [0, 2, 3], tmp_path / "cache")
    material = gather(sources, network, settings, said.append)
    assert said == ["Features of view 1 of 2 stand.", "Features of view 2 of 2 stand."]
    whole = np.stack([network_input(read_image(i.path), settings.recipe).pixels for i in images])
    expected = features.pooled(network, torch.from_numpy(whole), torch.device("cpu"))
    assert torch.allclose(material.assessed, expected, atol=1e-4)
    torch.manual_seed(0)
    drawn = torch.stack([material.learnt(np.arange(5)) for _ in range(20)])
    assert drawn.shape == (20, 5, FEATURES)
    assert drawn.isnan().all(2).any(0).tolist() == [False, True, False, False, True]
    assert drawn.isnan().any(2).all(0).tolist() == [False, True, False, False, True]
    assert len(torch.unique(drawn[:, 0], dim=0)) == 2  # both views are drawn
    again = gather(sources, network, settings, said.append)
    assert len(said) == 2
    assert torch.equal(again.assessed, material.assessed)
