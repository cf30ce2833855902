"""The CPU variant: static INT8 (QDQ, U8S8, per channel), and when it is too unlike the full one."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from model.session import INPUT
from trainer.results.model_graph import FEATURES

CALIBRATION_IMAGES = 64
MOST_CHANGED = 0.01
"""Share of out-of-fold images whose decision may differ from the full model's."""
MOST_AUC_LOST = 0.005
ROUNDING = 1e-12
"""Two AUCs that differ by exactly the limit do not differ by more."""
KINDS = ("Conv", "Add", "Relu", "MaxPool")
"""Operations of the backbone; normalisation, head, heat map and novelty stay in float."""


@dataclass(frozen=True)
class RangeCalibration:
    """One way to choose the ranges of activations."""

    name: str
    method: CalibrationMethod


RANGE_CALIBRATIONS = (
    RangeCalibration("minmax", CalibrationMethod.MinMax),
    RangeCalibration("percentile 99.999", CalibrationMethod.Percentile),
)
"""Tried in turn; the one that agrees best out of fold is taken. (onnxruntime's entropy method has
as many bins as levels, so that it can only choose what minmax does.)"""


class _Images(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, images: NDArray[np.uint8]) -> None:
        self._batches: Iterator[NDArray[np.uint8]] = iter(np.split(images, len(images)))

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: batch}


def calibration_images(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> NDArray[np.uint8]:
    """At most CALIBRATION_IMAGES of a fold's training images, evenly spaced within each class."""
    chosen: list[int] = []
    for label in (0, 1):
        of_class = np.flatnonzero(labels == label)
        count = min(len(of_class), CALIBRATION_IMAGES // 2)
        chosen += of_class[np.linspace(0, len(of_class) - 1, count).round().astype(int)].tolist()
    return images[sorted(chosen)]


def quantized(
    model: onnx.ModelProto, images: NDArray[np.uint8], calibration: RangeCalibration
) -> onnx.ModelProto:
    """The model with an INT8 backbone, calibrated on uint8 (N, S, S); what follows stays float."""
    with tempfile.TemporaryDirectory() as folder:
        given, prepared, done = (str(Path(folder) / f"{n}.onnx") for n in ("in", "pre", "out"))
        onnx.save(model, given)
        quant_pre_process(given, prepared, skip_symbolic_shape=True)
        _quantize(prepared, done, _Images(images), calibration)
        return onnx.load(done)


def _quantize(
    source: str, target: str, reader: CalibrationDataReader, calibration: RangeCalibration
) -> None:
    options: dict[str, Any] = {"ActivationSymmetric": False, "WeightSymmetric": True}
    backbone = _above(onnx.load(source), FEATURES)
    with _silent():
        quantize_static(
            source,
            target,
            reader,
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(KINDS),
            nodes_to_quantize=backbone,
            per_channel=True,
            # 7-bit weights: sums of products with 8-bit ones saturate on x86 without VNNI, where
            # the same file then gives other scores (measured: twice as far from the full one).
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=calibration.method,
            extra_options=options,
        )


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep back what the quantiser prints, and its advice to preprocess what was preprocessed."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        root.setLevel(level)


def _above(model: onnx.ModelProto, output: str) -> list[str]:
    """Names of the nodes of KINDS that the named tensor is computed from."""
    maker = {name: node for node in model.graph.node for name in node.output}
    wanted, names = [output], set()
    while wanted:
        node = maker.get(wanted.pop())
        if node is not None and node.name not in names:
            wanted += node.input
            names.add(node.name)
    return [n.name for n in model.graph.node if n.name in names and n.op_type in KINDS]


@dataclass(frozen=True)
class Int8Agreement:
    """INT8 beside the full model on the same out-of-fold images, each at its own threshold."""

    images: int
    changed: int
    """Decisions that differ."""
    auc_full: float
    auc_int8: float

    @property
    def share_changed(self) -> float:
        """Decisions that differ, as a share of the images."""
        return self.changed / self.images

    def distance(self) -> tuple[bool, int, float]:
        """Less is better: refused or not, then decisions that differ, then AUC lost."""
        return refusal(self) is not None, self.changed, self.auc_full - self.auc_int8

    def measured(self) -> dict[str, float]:
        """The numbers for the card's checks."""
        return {
            "against full, out of fold/decisions_changed": float(self.changed),
            "against full, out of fold/share_changed": self.share_changed,
            "against full, out of fold/auc_full": self.auc_full,
            "against full, out of fold/auc_int8": self.auc_int8,
        }


def refusal(agreement: Int8Agreement) -> str | None:
    """Why the INT8 model must not be written, as a sentence; None where it may."""
    if agreement.share_changed > MOST_CHANGED:
        return (
            f"INT8 changes the decision on {agreement.changed} of {agreement.images} out-of-fold "
            f"images; more than {MOST_CHANGED:.0%} are refused."
        )
    lost = agreement.auc_full - agreement.auc_int8
    if not lost <= MOST_AUC_LOST + ROUNDING:
        return (
            f"INT8 lowers the out-of-fold AUC from {agreement.auc_full:.4f} to "
            f"{agreement.auc_int8:.4f}; more than {MOST_AUC_LOST} is refused."
        )
    return None
