"""What is measured on real images before a file is written, and how much difference is refused."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from export.errors import ExportError
from export.evidence import Evidence
from export.graph import ExportGraph
from export.outputs import Graph, Outputs
from trainer.learning.network import Network

BATCHES = (1, 3, 16)
MOST_IMAGES = 32
"""Enough for two full batches of 16 and for a last batch of 2 after those of 3."""
LIMITS = {
    "probability": 1e-4,
    "heat_map_relative": 1e-4,
    "novelty_relative": 1e-4,
    "heat_map_against_autograd_relative": 1e-4,
    "head_logit_against_torch": 1e-4,
    "logit_against_training": 0.25,
}
"""Largest differences that are let through, by the last part of the check's name. The last one is
wide: training may have computed in half precision; another recipe is far outside it."""


def torch_outputs(network: Network, evidence: Evidence, images: NDArray[np.uint8]) -> Outputs:
    """What torch itself gives for uint8 (N, S, S), with the evidence's calibration and so on."""
    graph = ExportGraph(network).eval()
    graph.temperature.fill_(evidence.calibration.temperature)
    graph.intercept.fill_(evidence.calibration.intercept)
    graph.novelty_mean.copy_(torch.from_numpy(evidence.gaussian.mean))
    graph.novelty_whitening.copy_(torch.from_numpy(evidence.gaussian.whitening))
    parts = []
    with torch.inference_mode():
        for start in range(0, len(images), max(BATCHES)):
            batch = torch.from_numpy(np.array(images[start : start + max(BATCHES)]))
            parts.append([output.numpy() for output in graph(batch)])
    return Outputs(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def against(
    reference: Outputs, model: onnx.ModelProto, images: NDArray[np.uint8], name: str
) -> dict[str, float]:
    """Largest differences of onnxruntime's outputs from the reference's, at each of BATCHES.

    Probability and logit absolutely, novelty relative to the reference, heat maps relative to the
    brightest cell of them all. The keys are ``NAME/batch B/OUTPUT``.
    """
    graph = Graph(model)
    measured = {}
    for batch in BATCHES:
        for output, value in differences(reference, graph.run(images, batch)).items():
            measured[f"{name}/batch {batch}/{output}"] = value
    return measured


def differences(one: Outputs, other: Outputs) -> dict[str, float]:
    """Largest differences between two outputs for the same images, see ``against``."""
    novelty = np.abs(one.novelty - other.novelty) / np.maximum(one.novelty, 1e-6)
    return {
        "probability": _largest(one.probability - other.probability),
        "logit": _largest(one.logit - other.logit),
        "novelty_relative": _largest(novelty),
        "heat_map_relative": relative_to_peak(one.heat_map, other.heat_map),
    }


def relative_to_peak(reference: NDArray[np.float32], maps: NDArray[np.float32]) -> float:
    """Largest difference between heat maps (N, h, w), relative to the brightest reference cell.

    Not relative to each map's own maximum: where positive and negative shares cancel almost all,
    what remains is rounding in torch as well.
    """
    return _largest(reference - maps) / max(float(reference.max()), 1e-12)


def after_the_backbone(network: Network, outputs: Outputs) -> dict[str, float]:
    """The model's head and heat map against torch and autograd on the model's own features."""
    assert outputs.features is not None
    logit, maps = autograd(network.head, torch.from_numpy(outputs.features))
    return {
        "head_logit_against_torch": _largest(outputs.logit - logit),
        "heat_map_against_autograd_relative": relative_to_peak(maps, outputs.heat_map),
    }


def autograd(
    head: nn.Sequential, features: torch.Tensor
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logit (N,) and Grad-CAM (N, h, w) of features (N, C, h, w), by torch's own derivatives."""
    leaf = features.clone().requires_grad_(True)
    logit = head(leaf.mean(dim=(2, 3)))[:, 0]
    (gradient,) = torch.autograd.grad(logit.sum(), leaf)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    maps = torch.relu((leaf * weights).sum(dim=1))
    return logit.detach().numpy(), maps.detach().numpy()


def refuse(measured: Mapping[str, float]) -> None:
    """Raise ExportError naming the first difference that is above its limit, or is NaN."""
    for name, value in measured.items():
        limit = LIMITS.get(name.split("/")[-1])
        if limit is not None and not value <= limit:
            raise ExportError(f"{name}: {value:.2e} is above {limit:.0e}; nothing is written.")


def _largest(difference: NDArray[np.floating]) -> float:
    return float(np.abs(difference).max())
