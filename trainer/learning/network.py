"""The network: a ResNet-34 without its classifier, and a small head that gives one logit."""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

import torch
from torch import Tensor, nn
from torchvision.models import ResNet34_Weights, resnet34

from imaging.input.recipe import InputRecipe
from trainer.files import write_atomically
from trainer.results.run_folder import RunError
from trainer.settings import IMAGENET, RANDOM

FORMAT = 1
EARLY, FEATURES = 128, 512
"""Channels of layer2 and of the last layer of a ResNet-34."""
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue: what torchvision's weights were trained with."""
_STAGES = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")


class WeightsError(RunError):
    """Weights cannot be had or used; the message is a sentence."""


class Network(nn.Module):
    """Images in, grey or coloured, one logit each out.

    Normalisation is inside, so that no caller forgets it.
    """

    def __init__(self, hidden: tuple[int, ...] = (), dropout: float = 0.3) -> None:
        """``hidden``: widths of the head's layers; without any, the head is Dropout, Linear."""
        super().__init__()
        whole = resnet34(weights=None)
        stages = OrderedDict((name, getattr(whole, name)) for name in _STAGES)
        self.backbone = nn.Sequential(stages)
        self.hidden, self.dropout = tuple(hidden), dropout
        self.head = _head(self.hidden, dropout)
        self.frozen = False
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("mean", torch.tensor(MEAN))
        self.register_buffer("std", torch.tensor(STD))

    def features(self, images: Tensor) -> Tensor:
        """Maps (N, 512, h, w), before pooling, of images (N, S, S[, 3]) from 0 to 255."""
        maps: Tensor = self.backbone(self._colour(images))
        return maps

    def stages(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Maps of layer2, layer3 and layer4 (N, C, h, w), at strides 8, 16 and 32."""
        maps, found = self._colour(images), []
        for name, stage in self.backbone.named_children():
            maps = stage(maps)
            if name in ("layer2", "layer3", "layer4"):
                found.append(maps)
        return found[0], found[1], found[2]

    def pooled(self, images: Tensor) -> Tensor:
        """Features (N, 512): the mean of each map."""
        return self.features(images).mean(dim=(2, 3))

    def _colour(self, images: Tensor) -> Tensor:
        given = images.permute(0, 3, 1, 2) if images.ndim == 4 else images.unsqueeze(1)
        scaled = given.to(self.mean.dtype) / 255
        colour = (scaled - self.mean[:, None, None]) / self.std[:, None, None]
        return colour.contiguous(memory_format=torch.channels_last)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N,) of images (N, S, S[, 3]), uint8 or float from 0 to 255."""
        logits: Tensor = self.head(self.pooled(images)).squeeze(1)
        return logits

    def freeze(self) -> None:
        """Let only the head learn: convolutions and batch-norm statistics stay as they are."""
        self.frozen = True
        self.backbone.requires_grad_(False)
        self.backbone.eval()

    def train(self, mode: bool = True) -> Network:
        """As in torch; a frozen backbone stays in evaluation mode, for batch norm's sake."""
        super().train(mode)
        if self.frozen:
            self.backbone.eval()
        return self


def _head(hidden: tuple[int, ...], dropout: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    width = FEATURES
    for wide in hidden:
        layers += [nn.Linear(width, wide), nn.ReLU(), nn.Dropout(dropout)]
        width = wide
    if not hidden:
        layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, nn.Linear(width, 1))


@dataclass(frozen=True)
class Loaded:
    """What a weights file holds."""

    network: Network
    """In evaluation mode, on the CPU."""
    recipe: InputRecipe
    class_name: str


def save(network: Network, path: Path, recipe: InputRecipe, class_name: str) -> None:
    """Write the weights with what belongs to them, whole or not at all. Raises OSError."""
    content = {
        "format": FORMAT,
        "state_dict": {k: v.detach().cpu().contiguous() for k, v in network.state_dict().items()},
        # Through JSON, because ``weights_only`` refuses everything but plain values.
        "recipe": json.loads(json.dumps(recipe.to_dict())),
        "class_name": class_name,
        "head": {"hidden": list(network.hidden), "dropout": network.dropout},
    }
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_atomically(path, buffer.getvalue())


def load(path: Path) -> Loaded:
    """Read a file that ``save`` wrote. Raises WeightsError."""
    content = _read(path)
    try:
        if content["format"] != FORMAT:
            raise WeightsError(f"{path}: weights of format {content['format']} are not known here.")
        head = content["head"]
        network = Network(tuple(head["hidden"]), float(head["dropout"]))
        network.load_state_dict(content["state_dict"])
        recipe = InputRecipe.from_dict(content["recipe"])
        class_name = str(content["class_name"])
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise WeightsError(f"{path}: these are no weights that this trainer wrote.") from error
    return Loaded(network.eval(), recipe, class_name)


def initialise(network: Network, init: str, class_name: str) -> None:
    """Give a new network its first weights: ``imagenet``, ``none`` or the path of a file.

    The file is one of ours or any ResNet-34 in torchvision's names, bare or under ``state_dict``,
    as training programs write it. The head starts anew, unless the file is ours, of the same class
    and of the same shape. Raises WeightsError.
    """
    if init == RANDOM:
        return
    if init == IMAGENET:
        _load_backbone(network, _imagenet(), "torchvision's ImageNet weights")
        return
    content = _read(Path(init))
    state = content.get("state_dict", content)
    if not isinstance(state, Mapping):
        raise WeightsError(f"{init}: these are not the weights of a ResNet-34.")
    _load_backbone(network, _of_backbone(state), init)
    head = {k.removeprefix("head."): v for k, v in state.items() if k.startswith("head.")}
    shapes = {k: v.shape for k, v in network.head.state_dict().items()}
    if content.get("class_name") == class_name and shapes == {k: v.shape for k, v in head.items()}:
        network.head.load_state_dict(head)


def _of_backbone(state: Mapping[str, Any]) -> dict[str, Any]:
    """The weights of the convolutions, by torchvision's names, whatever stands before these."""
    inside = {k.rpartition("backbone.")[2]: v for k, v in state.items() if "backbone." in k}
    if inside:
        return inside
    (first, *_) = [k for k in state if k.endswith("conv1.weight") and "layer" not in k] or [""]
    before = first.removesuffix("conv1.weight")
    return {k.removeprefix(before): v for k, v in state.items() if k.startswith(before)}


def _load_backbone(network: Network, state: Mapping[str, Any], name: str) -> None:
    wanted = {k: v for k, v in state.items() if not k.startswith("fc.")}
    try:
        network.backbone.load_state_dict(wanted)
    except (RuntimeError, AttributeError) as error:
        raise WeightsError(f"{name}: these are not the weights of a ResNet-34.") from error


def _imagenet() -> Mapping[str, Any]:
    weights = ResNet34_Weights.IMAGENET1K_V1
    try:
        state: Mapping[str, Any] = weights.get_state_dict(progress=False, check_hash=True)
    except (URLError, OSError, RuntimeError) as error:
        folder = Path(torch.hub.get_dir()) / "checkpoints"
        raise WeightsError(
            f"The ImageNet weights could not be fetched ({error}). Fetch {weights.url} where there "
            f"is internet and put it into {folder}, or name the file with --init."
        ) from error
    return state


def _read(path: Path) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"{path}: the weights cannot be read ({error.strerror}).") from error
    except Exception as error:  # torch.load raises anything on files that are not its own
        raise WeightsError(f"{path}: this is no file of weights.") from error
    if not isinstance(content, dict):
        raise WeightsError(f"{path}: this is no file of weights.")
    return content
