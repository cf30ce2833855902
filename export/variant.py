"""A variant: the exported fold at one precision, with evidence from its own outputs."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from export import check, quantize
from export.errors import ExportError
from export.evidence import Evidence, HeldOut, Material, gather, matched, settled
from export.graph import folded, rounded_to_half, to_onnx
from export.onnx_file import without_traces
from export.outputs import Graph
from model.card import INT8
from trainer.learning.network import Network
from trainer.results import metrics

FP32, FP16 = "fp32", "fp16"

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Variant:
    """What is written to one file, but for the card."""

    precision: str
    network: Network
    """The exported fold's, with the weights that the full model computes with."""
    models: Mapping[int, onnx.ModelProto]
    """Each fold's model, before its calibration and Gaussian are set."""
    model: onnx.ModelProto
    """The exported fold's, with them set; it still gives out FEATURES and PROFILE."""
    evidence: Evidence
    checks: Mapping[str, float]
    calibration: str = ""
    """Of an INT8 variant."""


def full(
    networks: Mapping[int, Network],
    material: Material,
    fold: int,
    recorded: NDArray[np.float64],
    half: bool,
    say: Say,
) -> Variant:
    """The full-precision variant, its weights rounded to fp16 where ``half``.

    Checked against torch with the same weights, measured against the weights as they were trained,
    and those against ``recorded``, the logits that training wrote for the fold's held-out images.
    Raises ExportError where a difference is above its limit.
    """
    stored: dict[int, Network] = {}
    models: dict[int, onnx.ModelProto] = {}
    for number, network in networks.items():
        say(f"Exporting the network of fold {number} ...")
        stored[number] = rounded_to_half(folded(network)) if half else folded(network)
        models[number] = without_traces(_quietly_exported(stored[number], material.shape))
    say("Running all folds' models on the images they were not trained on ...")
    evidence = gather(models, material, fold)
    model = settled(models[fold], evidence)
    held_out = material.held_out(fold)[0]
    rows = some(len(held_out))
    images = held_out[rows]
    reference = check.torch_outputs(stored[fold], evidence, images)
    trained = check.torch_outputs(networks[fold], evidence, images)
    checks = check.against(reference, model, images, "against torch")
    checks |= check.after_the_backbone(stored[fold], Graph(model).run(images))
    checks |= {
        f"against the weights as trained/{name}, reported only": value
        for name, value in check.differences(trained, reference).items()
    }
    checks["logit_against_training"] = float(np.abs(trained.logit - recorded[rows]).max())
    check.refuse(checks)
    checks |= evidence.checks()
    precision = FP16 if half else FP32
    return Variant(precision, stored[fold], models, model, evidence, checks)


def int8(whole: Variant, material: Material, fold: int, say: Say) -> Variant:
    """The INT8 variant of a full one, by the calibration that agrees with it best.

    Raises ExportError where even that one is too unlike it.
    """
    tried = []
    for calibration in quantize.RANGE_CALIBRATIONS:
        say(f"Quantising every fold's model ({calibration.name}) ...")
        models = {}
        for number, model in whole.models.items():
            chosen = quantize.calibration_images(*material.training(number))
            models[number] = quantize.quantized(model, chosen, calibration)
        evidence = matched(gather(models, material, fold), whole.evidence)
        agreement = agreement_of(whole.evidence.pooled, evidence.pooled)
        say(f"{calibration.name}: {quantize.refusal(agreement) or 'close enough.'}")
        tried.append((agreement, calibration, models, evidence))
    agreement, calibration, models, evidence = min(tried, key=lambda one: one[0].distance())
    reason = quantize.refusal(agreement)
    if reason is not None:
        raise ExportError(f"No INT8 file is written: {reason}")
    model = settled(models[fold], evidence)
    checks = _int8_checks(model, whole.network, material.held_out(fold)[0]) | agreement.measured()
    check.refuse(checks)
    checks |= evidence.checks()
    return Variant(INT8, whole.network, models, model, evidence, checks, calibration.name)


def _int8_checks(
    model: onnx.ModelProto, network: Network, images: NDArray[np.uint8]
) -> dict[str, float]:
    images = images[some(len(images))]
    outputs = Graph(model).run(images)
    checks = check.against(outputs, model, images, "against itself")
    return checks | check.after_the_backbone(network, outputs)


def agreement_of(full: HeldOut, small: HeldOut) -> quantize.Int8Agreement:
    """Compare two variants' decisions and ranking on the same held-out images."""
    flagged, flagged_small = (each.probabilities >= each.threshold for each in (full, small))
    return quantize.Int8Agreement(
        images=len(full.labels),
        changed=int((flagged != flagged_small).sum()),
        auc_full=metrics.auc(full.labels, full.logits),
        auc_int8=metrics.auc(small.labels, small.logits),
    )


def some(count: int) -> NDArray[np.int64]:
    """Indices of at most MOST_IMAGES of ``count`` images, evenly spaced."""
    places = np.linspace(0, count - 1, min(count, check.MOST_IMAGES))
    return np.asarray(places.round(), dtype=np.int64)


def _quietly_exported(network: Network, shape: Sequence[int]) -> onnx.ModelProto:
    with contextlib.redirect_stdout(io.StringIO()):
        return to_onnx(network, shape)
