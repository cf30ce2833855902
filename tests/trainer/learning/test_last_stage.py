"""A residual stage of a graph computes in torch as in onnxruntime, and is put back as it learnt."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from trainer.learning.last_stage import LastStage
from trainer.results.peak_graph import FEATURES, GraphError, outputs, with_outputs

SIDE, CHANNELS = 8, 3


def staged_model(half: bool = False) -> onnx.ModelProto:
    """The input through a first convolution and one residual block of stride 2 to FEATURES."""
    random = np.random.default_rng(0)
    shapes = {"stem": (CHANNELS, 1, 3, 3), "conv1": (5, CHANNELS, 3, 3), "conv2": (5, 5, 3, 3)}
    kernels = {name: random.normal(0, 0.3, shape) for name, shape in shapes.items()}
    kernels["short"] = random.normal(0, 0.3, (5, CHANNELS, 1, 1))
    node, around = helper.make_node, [1, 1, 1, 1]
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["grey", "channel"], ["plane"]),
        node("Conv", ["plane", "stem"], ["before"], pads=around),
        node("Relu", ["before"], ["given"]),
        node("Conv", ["given", "conv1", "bias"], ["first"], strides=[2, 2], pads=around),
        node("Relu", ["first"], ["between"]),
        node("Conv", ["between", "conv2"], ["second"], pads=around),
        node("Conv", ["given", "short"], ["aside"], strides=[2, 2]),
        node("Add", ["second", "aside"], ["sum"]),
        node("Relu", ["sum"], [FEATURES]),
        node("ReduceMean", [FEATURES], ["logit"], keepdims=0),
    ]
    tensors = [numpy_helper.from_array(np.array([1], np.int64), "channel")]
    tensors.append(numpy_helper.from_array(np.full(5, 0.1, np.float32), "bias"))
    for name, values in kernels.items():
        stored = values.astype(np.float16 if half else np.float32)
        if half:
            nodes.insert(0, node("Cast", [f"{name}_fp16"], [name], to=TensorProto.FLOAT))
        tensors.append(numpy_helper.from_array(stored, f"{name}_fp16" if half else name))
    entry = helper.make_tensor_value_info("scan", TensorProto.UINT8, ["N", SIDE, SIDE])
    logit = helper.make_tensor_value_info("logit", TensorProto.FLOAT, [])
    graph = helper.make_graph(nodes, "staged", [entry], [logit], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def images() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 255, (2, SIDE, SIDE)).astype(np.uint8)


@pytest.mark.parametrize("half", [False, True])
def test_it_computes_as_the_graph_does(half: bool) -> None:
    model = staged_model(half)
    stage = LastStage(model)
    assert stage.start == "given"
    given, wanted = outputs(with_outputs(model, ["given", FEATURES]), ["given", FEATURES])(images())
    found = stage(torch.from_numpy(given)).detach().numpy()
    assert found.shape == (2, 5, SIDE // 2, SIDE // 2)
    assert np.allclose(found, wanted, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("half", [False, True])
def test_what_it_learnt_is_put_back(half: bool) -> None:
    model = staged_model(half)
    stage = LastStage(model)
    with torch.no_grad():
        for kernel in stage.parameters():
            kernel.mul_(2.0)
    given = outputs(with_outputs(model, ["given"]), ["given"])(images())[0]
    wanted = stage(torch.from_numpy(given)).detach().numpy()
    tuned = outputs(with_outputs(stage.put_into(model), [FEATURES]), [FEATURES])(images())[0]
    assert np.allclose(tuned, wanted, rtol=1e-3, atol=1e-2)
    kinds = {t.name: t.data_type for t in stage.put_into(model).graph.initializer}
    assert kinds == {t.name: t.data_type for t in model.graph.initializer}


def test_a_network_that_ends_otherwise_is_refused() -> None:
    model = staged_model()
    for node in model.graph.node:
        if node.output[0] == "aside":
            node.input[0] = "before"
    with pytest.raises(GraphError, match="residual stage"):
        LastStage(model)
