"""Residual stages of a graph compute in torch as in onnxruntime, and are put back as learnt."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from trainer.learning.last_stages import LastStages
from trainer.results.model_graph import FEATURES, PROFILE, GraphError, outputs, with_outputs

SIDE, CHANNELS = 8, 3


def staged_model(half: bool = False, seen: bool = False) -> onnx.ModelProto:
    """The input through a first convolution and two residual blocks of stride 2 to FEATURES.

    ``half``: weights in 16 bits. ``seen``: the novelty looks at the maps between the blocks.
    """
    random, node, around = np.random.default_rng(0), helper.make_node, [1, 1, 1, 1]
    kernels = {"stem": random.normal(0, 0.3, (CHANNELS, 1, 3, 3))}
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["grey", "channel"], ["plane"]),
        node("Conv", ["plane", "stem"], ["before"], pads=around),
        node("Relu", ["before"], ["early"]),
    ]
    for start, end in (("early", "given"), ("given", FEATURES)):
        out = 5 if end == FEATURES else CHANNELS
        kernels[f"{end}_1"] = random.normal(0, 0.3, (out, CHANNELS, 3, 3))
        kernels[f"{end}_2"] = random.normal(0, 0.3, (out, out, 3, 3))
        kernels[f"{end}_3"] = random.normal(0, 0.3, (out, CHANNELS, 1, 1))
        first = [start, f"{end}_1", *(["bias"] if end == FEATURES else [])]
        nodes += [
            node("Conv", first, [f"{end}_first"], strides=[2, 2], pads=around),
            node("Relu", [f"{end}_first"], [f"{end}_between"]),
            node("Conv", [f"{end}_between", f"{end}_2"], [f"{end}_second"], pads=around),
            node("Conv", [start, f"{end}_3"], [f"{end}_aside"], strides=[2, 2]),
            node("Add", [f"{end}_second", f"{end}_aside"], [f"{end}_sum"]),
            node("Relu", [f"{end}_sum"], [end]),
        ]
    nodes += [
        node("ReduceMean", [FEATURES, "places"], ["mean"], keepdims=0),
        node("ReduceMean", ["given" if seen else "early", "places"], ["mean_1"], keepdims=0),
        node("Concat", ["mean_1", "mean"], [PROFILE], axis=1),
        node("ReduceMean", [FEATURES], ["logit"], keepdims=0),
    ]
    tensors = [numpy_helper.from_array(np.array([1], np.int64), "channel")]
    tensors.append(numpy_helper.from_array(np.array([2, 3], np.int64), "places"))
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


STARTS = {1: "given", 2: "early"}
"""What the first of so many last stages is given."""


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("count", STARTS)
def test_they_compute_as_the_graph_does(half: bool, count: int) -> None:
    model = staged_model(half)
    stages = LastStages(model, count)
    assert stages.start == STARTS[count]
    names = [stages.start, FEATURES]
    given, wanted = outputs(with_outputs(model, names), names)(images())
    found = stages(torch.from_numpy(given)).detach().numpy()
    assert found.shape == (2, 5, given.shape[2] // 2**count, given.shape[3] // 2**count)
    assert np.allclose(found, wanted, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("count", STARTS)
def test_what_they_learnt_is_put_back(half: bool, count: int) -> None:
    model = staged_model(half)
    stages = LastStages(model, count)
    with torch.no_grad():
        for kernel in stages.parameters():
            kernel.mul_(2.0)
    given = outputs(with_outputs(model, [stages.start]), [stages.start])(images())[0]
    wanted = stages(torch.from_numpy(given)).detach().numpy()
    tuned = outputs(with_outputs(stages.put_into(model), [FEATURES]), [FEATURES])(images())[0]
    assert np.allclose(tuned, wanted, rtol=1e-3, atol=1e-2)
    kinds = {t.name: t.data_type for t in stages.put_into(model).graph.initializer}
    assert kinds == {t.name: t.data_type for t in model.graph.initializer}


def test_two_stages_hold_the_last_one_and_more() -> None:
    one, two = (set(LastStages(staged_model(), count).kernels) for count in (1, 2))
    assert one < two
    assert len(two) == len(one) + 3


def test_more_stages_than_there_are_are_refused() -> None:
    with pytest.raises(GraphError, match="residual stage"):
        LastStages(staged_model(), 3)


def test_a_network_that_ends_otherwise_is_refused() -> None:
    model = staged_model()
    for node in model.graph.node:
        if node.output[0] == "features_aside":
            node.input[0] = "early"
    with pytest.raises(GraphError, match="residual stage"):
        LastStages(model)


def test_stages_that_the_novelty_looks_into_are_refused() -> None:
    model = staged_model(seen=True)
    assert LastStages(model, 1).start == "given"
    with pytest.raises(GraphError, match="novelty"):
        LastStages(model, 2)
