"""A peak head put into an exported model: the graph as it is, with a few more nodes at its end.

For both precisions: the head computes with the last map's values, whatever computed them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper

from model.session import HEAT_MAP, LOGIT
from trainer.results.model_graph import FEATURES, GraphError, copy_of

PREFIX = "peaks."


@dataclass(frozen=True, eq=False)
class PeakWeights:
    """What a peak head has learnt, see ``trainer.learning.peak_head``."""

    mean_weight: NDArray[np.float32]
    """(1, C)"""
    mean_bias: NDArray[np.float32]
    """(1,)"""
    cell_weight: NDArray[np.float32]
    """(1, C)"""
    cell_bias: float
    weight: float
    """Of the soft maximum in the logit."""
    sharpness: float


def linear_head(model: onnx.ModelProto) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weight (1, C) and bias (1,) of the linear head on the mean of FEATURES. Raises GraphError."""
    names = _head_names(model.graph.node)
    values = {each.name: each for each in model.graph.initializer}
    if not set(names) <= values.keys():
        raise GraphError("The model's head has no weights of its own.")
    weight, bias = (numpy_helper.to_array(values[name]) for name in names)
    return weight.astype(np.float32), bias.astype(np.float32)


def with_peaks(model: onnx.ModelProto, peaks: PeakWeights, cells: int) -> onnx.ModelProto:
    """A copy whose logit is that of the peak head, and whose heat map shows its cells' shares.

    The heat map is the gradient of the logit with respect to each value of the last map, times the
    value, summed over channels, 0 or more: in closed form, as before. ``cells``: how many the map
    has. Raises GraphError.
    """
    copy = copy_of(model)
    graph = copy.graph
    names = dict(zip(_head_names(graph.node), (peaks.mean_weight, peaks.mean_bias), strict=True))
    for tensor in graph.initializer:
        if tensor.name in names:
            values = names[tensor.name].astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(values), PREFIX + name)
        for name, values in _constants(peaks, cells).items()
    )
    nodes = list(graph.node)
    _rename_output(nodes, LOGIT, PREFIX + "of_mean")
    heat = next((at for at, node in enumerate(nodes) if list(node.output) == [HEAT_MAP]), None)
    if heat is None or nodes[heat].op_type != "Relu":
        raise GraphError("The model has no heat map that ends in a Relu.")
    before = nodes[heat].input[0]
    nodes[heat].input[0] = PREFIX + "heat"
    nodes.insert(heat, helper.make_node("Add", [before, PREFIX + "share"], [PREFIX + "heat"]))
    at = next(at for at, node in enumerate(nodes) if PREFIX + "of_mean" in node.output) + 1
    nodes[at:at] = _peak_nodes()
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(copy)
    return copy


def _constants(
    peaks: PeakWeights, cells: int
) -> dict[str, NDArray[np.float32] | NDArray[np.int64]]:
    channels = peaks.cell_weight.shape[1]
    return {
        "kernel": peaks.cell_weight.reshape(1, channels, 1, 1).astype(np.float32),
        "bias": np.array(peaks.cell_bias, np.float32),
        "weight": np.array(peaks.weight, np.float32),
        "sharpness": np.array(peaks.sharpness, np.float32),
        "log_cells": np.array(math.log(cells), np.float32),
        "flat": np.array([0, -1], np.int64),
        "last": np.array([1], np.int64),
    }


def _peak_nodes() -> list[NodeProto]:
    """From FEATURES and the mean's logit to LOGIT, and each cell's share in the soft maximum."""
    steps: list[tuple[str, Sequence[str], str, dict[str, Any]]] = [
        ("Conv", (FEATURES, "kernel"), "activation", {}),
        ("Reshape", ("activation", "flat"), "row", {}),
        ("Add", ("row", "bias"), "cells", {}),
        ("Mul", ("cells", "sharpness"), "sharp", {}),
        ("ReduceLogSumExp", ("sharp", "last"), "total", {"keepdims": 0}),
        ("Sub", ("total", "log_cells"), "above_mean", {}),
        ("Div", ("above_mean", "sharpness"), "soft_maximum", {}),
        ("Mul", ("soft_maximum", "weight"), "of_peaks", {}),
        ("Add", ("of_mean", "of_peaks"), LOGIT, {}),
        ("Softmax", ("sharp",), "attention", {"axis": 1}),
        ("Mul", ("attention", "row"), "attended", {}),
        ("Mul", ("attended", "weight"), "share_row", {}),
        ("Shape", ("activation",), "shape", {}),
        ("Reshape", ("share_row", "shape"), "share_map", {}),
        ("Squeeze", ("share_map", "last"), "share", {}),
    ]
    kept = {FEATURES, LOGIT}

    def name(short: str) -> str:
        return short if short in kept else PREFIX + short

    return [
        helper.make_node(kind, [name(each) for each in inputs], [name(output)], **more)
        for kind, inputs, output, more in steps
    ]


def _head_names(nodes: Sequence[NodeProto]) -> tuple[str, str]:
    """Names of weight and bias of the Gemm on the mean of FEATURES. Raises GraphError."""
    means = {n.output[0] for n in nodes if n.op_type == "ReduceMean" and FEATURES in n.input}
    for node in nodes:
        if node.op_type == "Gemm" and node.input[0] in means and len(node.input) == 3:
            return node.input[1], node.input[2]
    raise GraphError("The model's head is not one linear layer on the mean of its last map.")


def _rename_output(nodes: Sequence[NodeProto], name: str, new: str) -> None:
    for node in nodes:
        if name in node.output:
            outputs = [new if output == name else output for output in node.output]
            del node.output[:]
            node.output.extend(outputs)
            return
    raise GraphError(f"The model has no {name}.")
