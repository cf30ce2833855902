"""Exact Grad-CAM: which regions of an image raised the logit, without automatic differentiation."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.learning.network import Network, WeightsError


def head_with_gradient(head: nn.Sequential, pooled: Tensor) -> tuple[Tensor, Tensor]:
    """The head's logit (N,) and its gradient (N, C) with respect to the pooled features (N, C).

    The gradient in closed form: a Linear multiplies by its weight, a ReLU by 1 where its input is
    positive, a Dropout does nothing after training. Raises WeightsError for any other layer.
    """
    value, open_gates = pooled, []
    for layer in head:
        if isinstance(layer, nn.ReLU):
            open_gates.append((value > 0).to(value.dtype))
        elif not isinstance(layer, nn.Linear | nn.Dropout):
            raise WeightsError(
                f"The head has a {type(layer).__name__}; no gradient is known for it."
            )
        value = layer(value)
    gradient = torch.ones_like(value)
    for layer in reversed(list(head)):
        if isinstance(layer, nn.Linear):
            gradient = gradient @ layer.weight
        elif isinstance(layer, nn.ReLU):
            gradient = gradient * open_gates.pop()
    return value[:, 0], gradient


def heat_map(features: Tensor, gradient: Tensor) -> Tensor:
    """Exact Grad-CAM (Selvaraju 2017): float (N, h, w), 0 or more, in the unit of the logit.

    The head sees the mean over h x w cells, so each cell's gradient is ``gradient`` / (h * w).
    Before the negative cells are cut off, the cells sum to gradient x pooled features: the
    first-order share of the image in the logit. Not scaled to the image's own maximum, so that
    the maps of two images can be compared.
    """
    cells = features.shape[2] * features.shape[3]
    weights = gradient / cells
    return torch.relu((features * weights[:, :, None, None]).sum(dim=1))


def heat_maps(network: Network, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The maps (N, h, w) of network inputs (N, S, S), by a network in evaluation mode."""
    with torch.inference_mode():
        features = network.features(torch.from_numpy(images))
        _, gradient = head_with_gradient(network.head, features.mean(dim=(2, 3)))
        maps: NDArray[np.float32] = heat_map(features, gradient).numpy()
    return maps
