"""The graph that the program runs: the network with its normalisation, heat map and novelty."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from export.errors import ExportError
from export.outputs import OUTPUTS
from model.session import INPUT
from trainer.learning.heat_map import head_with_gradient, heat_map
from trainer.learning.network import EARLY, Network
from trainer.learning.network import FEATURES as LATE
from trainer.results.model_graph import FEATURES, INTERCEPT, PROFILE, TEMPERATURE
from trainer.results.novelty import MEAN, WHITENING

OPSET = 20
UNSET, UNSET_INTERCEPT = 0.5, 0.375
"""Fill the buffers, found again by name in the .onnx file, until they are set. Not 0 or 1, whose
arithmetic the exporter removes; and not the same number in both single ones, for it makes one
constant of two that are equal."""

GraphOutputs = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]


class ExportGraph(nn.Module):
    """Images, uint8 (N, S, S[, 3]), to the outputs of the contract, the features and the profile.

    ``probability`` (N,) = sigmoid(logit / temperature + intercept); ``logit`` (N,); ``heat_map``
    (N, h, w), see ``heat_map``; ``novelty`` (N,), the Mahalanobis distance of the profile;
    ``features`` (N, C, h, w); ``profile`` (N, P), the means of the maps of layer2 and of the
    features.

    Features alone answer for what a bleed looks like; what else is in an image they have learnt
    to overlook. Edges and textures, which layer2 still holds, tell a phantom or noise from a head.
    """

    temperature: Tensor
    intercept: Tensor
    novelty_mean: Tensor
    novelty_whitening: Tensor

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        width = EARLY + LATE
        self.register_buffer(TEMPERATURE, torch.tensor(UNSET))
        self.register_buffer(INTERCEPT, torch.tensor(UNSET_INTERCEPT))
        self.register_buffer(MEAN, torch.full((width,), UNSET))
        self.register_buffer(WHITENING, UNSET * torch.eye(width))

    def forward(self, image: Tensor) -> GraphOutputs:
        """Outputs for a batch; in the order of OUTPUTS, then the features and the profile."""
        early, _, features = self.network.stages(image)
        pooled = features.mean(dim=(2, 3))
        logit, gradient = head_with_gradient(self.network.head, pooled)
        profile = torch.cat([early.mean(dim=(2, 3)), pooled], dim=1)
        whitened = (profile - self.novelty_mean) @ self.novelty_whitening
        novelty = whitened.square().sum(dim=1).sqrt()
        probability = torch.sigmoid(logit / self.temperature + self.intercept)
        return probability, logit, heat_map(features, gradient), novelty, features, profile


def folded(network: Network) -> Network:
    """A copy in eval mode whose batch norms are folded into the convolutions before them.

    The same function with fewer operations. The exporter would do it anyway; done here, the
    weights that are rounded and stored are the weights that torch can be asked about.
    """
    network = copy.deepcopy(network).eval()
    for module in list(network.modules()):
        before: tuple[str, nn.Conv2d] | None = None
        for name, child in list(module.named_children()):
            if isinstance(child, nn.BatchNorm2d) and before is not None:
                setattr(module, before[0], fuse_conv_bn_eval(before[1], child))
                setattr(module, name, nn.Identity())
            before = (name, child) if isinstance(child, nn.Conv2d) else None
    return network


def rounded_to_half(network: Network) -> Network:
    """A copy whose weight matrices are rounded to what fp16 can hold; biases stay.

    Raises ExportError where a weight is too large for fp16.
    """
    network = copy.deepcopy(network).eval()
    for name, weight in network.named_parameters():
        if weight.dim() > 1:
            weight.data = weight.data.half().float()
            if not bool(torch.isfinite(weight.data).all()):
                raise ExportError(f"The weight {name} is too large for fp16; store fp32.")
    return network


def to_onnx(network: Network, shape: Sequence[int]) -> onnx.ModelProto:
    """Export to ONNX: OUTPUTS, FEATURES and PROFILE, dynamic batch, no external data.

    ``shape`` is one input's: (S, S) or (S, S, 3). TEMPERATURE, INTERCEPT, MEAN and WHITENING are
    still to be set.
    """
    graph = ExportGraph(network).eval()
    count = 2 * math.prod(shape)
    example = torch.from_numpy(np.arange(count, dtype=np.uint32).astype(np.uint8))
    program = torch.onnx.export(
        graph,
        (example.reshape(2, *shape),),
        dynamo=True,
        external_data=False,
        opset_version=OPSET,
        input_names=[INPUT],
        output_names=[*OUTPUTS, FEATURES, PROFILE],
        dynamic_shapes=({0: torch.export.Dim("batch", min=1)},),
        verbose=False,
    )
    if program is None:
        raise ExportError("torch gave no ONNX program.")
    model: onnx.ModelProto = program.model_proto
    return model
