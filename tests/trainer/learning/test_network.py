"""Weights come from files that hold nothing but weights, and go back whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.error import URLError

import pytest
import torch
from torch import nn
from torchvision.models import resnet34

from imaging.input.recipe import InputRecipe
from trainer.learning import network as module
from trainer.learning.network import Network, WeightsError, initialise, load, save

RECIPE = InputRecipe(size=32)
DEEP, MEAN = "backbone.layer4.2.conv2.weight", "backbone.bn1.running_mean"


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(3)
    return Network((8, 4), 0.5).eval()


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8)


def test_grey_is_normalised_inside_like_imagenet(network: Network, images: torch.Tensor) -> None:
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    grey = images.float()[:, None].expand(-1, 3, -1, -1) / 255
    colour = (grey - mean[:, None, None]) / std[:, None, None]
    with torch.inference_mode():
        assert network.features(images).shape == (3, 512, 1, 1)
        assert torch.allclose(network.features(images), network.backbone(colour), rtol=1e-3)
        assert network(images).shape == (3,)


def test_a_grey_image_in_colour_gives_what_it_gives_in_grey(
    network: Network, images: torch.Tensor
) -> None:
    coloured = images[..., None].expand(-1, -1, -1, 3)
    with torch.inference_mode():
        assert torch.allclose(network(coloured), network(images), atol=1e-5)
        red = coloured * torch.tensor([1, 0, 0], dtype=torch.uint8)
        assert not torch.allclose(network(red), network(images), atol=1e-5)


def test_saved_weights_come_back_with_what_belongs_to_them(
    network: Network, images: torch.Tensor, tmp_path: Path
) -> None:
    save(network, tmp_path / "weights.pt", RECIPE, "crack")
    loaded = load(tmp_path / "weights.pt")
    assert (loaded.recipe, loaded.class_name) == (RECIPE, "crack")
    assert loaded.network.hidden == (8, 4)
    assert not loaded.network.training
    with torch.inference_mode():
        assert torch.equal(loaded.network(images), network(images))


def test_a_frozen_backbone_keeps_its_batch_norm_statistics(images: torch.Tensor) -> None:
    frozen = Network()
    frozen.freeze()
    before = frozen.state_dict()[MEAN].clone()
    frozen.train()
    frozen.forward(images)
    assert torch.equal(frozen.state_dict()[MEAN], before)
    assert frozen.head.training
    assert [name for name, p in frozen.named_parameters() if p.requires_grad] == [
        "head.1.weight",
        "head.1.bias",
    ]


@pytest.mark.parametrize(
    ("class_name", "hidden", "same_head"),
    [("crack", (8, 4), True), ("rust", (8, 4), False), ("crack", (8,), False)],
)
def test_our_own_file_gives_its_backbone_and_a_head_that_fits(
    network: Network, tmp_path: Path, class_name: str, hidden: tuple[int, ...], same_head: bool
) -> None:
    save(network, tmp_path / "weights.pt", RECIPE, "crack")
    other = Network(hidden, 0.5)
    initialise(other, str(tmp_path / "weights.pt"), class_name)
    assert torch.equal(other.state_dict()[DEEP], network.state_dict()[DEEP])
    first, its = network.head[0], other.head[0]
    assert isinstance(first, nn.Linear)
    assert isinstance(its, nn.Linear)
    assert torch.equal(its.weight, first.weight) is same_head


def test_a_state_dict_of_torchvision_gives_the_backbone(network: Network, tmp_path: Path) -> None:
    whole = resnet34(weights=None)
    torch.save(whole.state_dict(), tmp_path / "resnet34.pth")
    initialise(network, str(tmp_path / "resnet34.pth"), "crack")
    assert torch.equal(network.state_dict()[DEEP], whole.state_dict()["layer4.2.conv2.weight"])


def test_without_internet_a_sentence_names_the_file_and_its_place(
    network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fetch(*_: object, **__: object) -> NoReturn:
        raise URLError("no route to host")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", fetch)
    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", fetch)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(WeightsError) as caught:
        initialise(network, "imagenet", "crack")
    assert "resnet34-b627a593.pth" in str(caught.value)
    assert str(tmp_path / "checkpoints") in str(caught.value)


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x80\x02garbage")


def _whole_module(path: Path) -> None:
    torch.save(nn.Linear(2, 2), path)  # pickled code: what ``weights_only`` is there to refuse


def _other_network(path: Path) -> None:
    torch.save(nn.Linear(2, 2).state_dict(), path)


def _tensor(path: Path) -> None:
    torch.save(torch.zeros(3), path)


def _later_format(path: Path) -> None:
    torch.save({"format": module.FORMAT + 1, "state_dict": {}}, path)


@pytest.mark.parametrize("write", [_garbage, _whole_module, _other_network, _tensor, _later_format])
def test_a_file_of_something_else_is_refused_with_its_name(
    network: Network, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "weights.pt"
    write(path)
    with pytest.raises(WeightsError, match=r"weights\.pt: "):
        initialise(network, str(path), "crack")
    with pytest.raises(WeightsError, match=r"weights\.pt: "):
        load(path)


@pytest.mark.parametrize("before", ["", "module.", "model.", "network.backbone."])
def test_a_state_dict_of_another_program_is_read_under_its_key(before: str, tmp_path: Path) -> None:
    torch.manual_seed(5)
    whole = resnet34(weights=None)
    state = {f"{before}{name}": value for name, value in whole.state_dict().items()}
    torch.save({"epoch": 3, "state_dict": state}, tmp_path / "other.pt")
    network = Network()
    initialise(network, str(tmp_path / "other.pt"), "crack")
    wanted = whole.state_dict()["layer4.2.conv2.weight"]
    assert torch.equal(network.state_dict()[DEEP], wanted)


def test_a_state_dict_that_is_none_is_refused(tmp_path: Path) -> None:
    torch.save({"state_dict": [1, 2]}, tmp_path / "other.pt")
    with pytest.raises(WeightsError, match="not the weights of a ResNet-34"):
        initialise(Network(), str(tmp_path / "other.pt"), "crack")
