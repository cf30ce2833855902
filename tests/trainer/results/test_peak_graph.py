"""The grafted graph answers as torch does, and its heat map is torch's own gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from trainer.learning.peak_head import SHARPNESS, PeakHead
from trainer.results.model_graph import GraphError, with_outputs
from trainer.results.peak_graph import PeakWeights, linear_head, with_peaks

CHANNELS, SIDE = 6, 5


def small_model() -> onnx.ModelProto:
    """A map of a convolution, a linear head on its mean, and the mean's Grad-CAM."""
    random = np.random.default_rng(0)
    weights = {
        "kernel": random.normal(size=(CHANNELS, 1, 3, 3)),
        "head.weight": random.normal(size=(1, CHANNELS)),
        "head.bias": random.normal(size=1),
    }
    nodes = [
        helper.make_node("Conv", ["scan", "kernel"], ["before"]),
        helper.make_node("Relu", ["before"], ["features"]),
        helper.make_node("ReduceMean", ["features", "places"], ["mean"], keepdims=0),
        helper.make_node("Gemm", ["mean", "head.weight", "head.bias"], ["linear"], transB=1),
        helper.make_node("Gather", ["linear", "first"], ["logit"], axis=1),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
        helper.make_node("Unsqueeze", ["head.weight", "places"], ["wide"]),
        helper.make_node("Div", ["wide", "cells"], ["gradient"]),
        helper.make_node("Mul", ["features", "gradient"], ["product"]),
        helper.make_node("ReduceSum", ["product", "channels"], ["sum"], keepdims=0),
        helper.make_node("Relu", ["sum"], ["heat_map"]),
    ]
    constants: dict[str, NDArray[Any]] = {
        "places": np.array([2, 3], np.int64),
        "first": np.array(0, np.int64),
        "channels": np.array([1], np.int64),
        "cells": np.array(SIDE * SIDE, np.float32),
    }
    initialisers = [
        numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()
    ] + [numpy_helper.from_array(values, name) for name, values in constants.items()]
    outputs = [
        helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["N"]),
        helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N"]),
        helper.make_tensor_value_info("heat_map", TensorProto.FLOAT, ["N", SIDE, SIDE]),
    ]
    entry = helper.make_tensor_value_info("scan", TensorProto.FLOAT, ["N", 1, SIDE + 2, SIDE + 2])
    graph = helper.make_graph(nodes, "small", [entry], outputs, initialisers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def run(model: onnx.ModelProto, images: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"scan": images}), strict=True))


def some_head(model: onnx.ModelProto) -> PeakHead:
    torch.manual_seed(0)
    weight, bias = linear_head(model)
    head = PeakHead(torch.from_numpy(weight), torch.from_numpy(bias)).eval()
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return head


def weights_of(head: PeakHead) -> PeakWeights:
    return PeakWeights(
        head.mean.weight.detach().numpy(),
        head.mean.bias.detach().numpy(),
        head.cell.weight.detach().numpy(),
        head.cell.bias.item(),
        head.weight.item(),
        SHARPNESS,
    )


def test_the_grafted_model_and_its_heat_map_are_torchs_own() -> None:
    model = small_model()
    images = np.random.default_rng(1).normal(size=(4, 1, SIDE + 2, SIDE + 2)).astype(np.float32)
    features = torch.from_numpy(
        run(with_outputs(model, ["features"]), images)["features"]
    ).requires_grad_(True)
    head = some_head(model)
    logit, _ = head(features)
    (gradient,) = torch.autograd.grad(logit.sum(), features)
    heat = torch.relu((gradient * features).sum(1)).detach().numpy()
    found = run(with_peaks(model, weights_of(head), SIDE * SIDE), images)
    assert np.allclose(found["logit"], logit.detach().numpy(), atol=1e-5)
    assert np.allclose(found["probability"], torch.sigmoid(logit).detach().numpy(), atol=1e-6)
    assert np.allclose(found["heat_map"], heat, atol=1e-5)


def test_other_graphs_are_refused() -> None:
    model = small_model()
    model.graph.node[4].output[0] = "other"
    with pytest.raises(GraphError, match="no logit"):
        with_peaks(model, weights_of(some_head(small_model())), SIDE * SIDE)
    model = small_model()
    model.graph.node[3].op_type = "MatMul"
    with pytest.raises(GraphError, match="one linear layer"):
        linear_head(model)
