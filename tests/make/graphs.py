"""Small graphs of the kinds that a head is put on and whose last stages learn further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from model.card import KnownAnswer
from tests.make.tiny_model import CELL, OUTPUTS, SIZE, WHOLE, tiny_card
from trainer.results.model_graph import FEATURES, PROFILE, outputs

CHANNELS = 4
"""Of the pooled model's map."""
SIDE, STAGED_CHANNELS = 8, 3
"""Pixels of a side, and channels of its maps, of the staged model."""


def pooled_model(path: Path, used: dict[str, str]) -> Path:
    """A model whose map is 4 x 4 cells of 4 channels, and whose head is linear on their mean.

    It ends in a residual stage that halves the map before, so that it can be tuned.
    """
    random = np.random.default_rng(0)
    kernel = random.normal(0.0, 0.05, (CHANNELS, 1, CELL // 2, CELL // 2))
    kernel[0] = 4 / CELL**2  # half a cell's mean grey
    aside = np.zeros((CHANNELS, CHANNELS, 2, 2))
    for channel in range(CHANNELS):
        aside[channel, channel] = 1 / 4
    values: dict[str, NDArray[Any]] = {
        "kernel": kernel.astype(np.float32),
        "aside": aside.astype(np.float32),
        "through": np.zeros((CHANNELS, CHANNELS, 2, 2), np.float32),
        "head.weight": np.array([[0.5, 0.1, 0.1, 0.1]], np.float32),
        "head.bias": np.array([-0.2], np.float32),
        "temperature": np.array(1.0, np.float32),
        "novelty_mean": np.zeros(2 * CHANNELS, np.float32),
        "novelty_whitening": np.eye(2 * CHANNELS, dtype=np.float32),
        "white": np.array(255.0, np.float32),
        "count": np.array((SIZE // CELL) ** 2, np.float32),
        "places": np.array([2, 3], np.int64),
        "channel": np.array([1], np.int64),
        "first": np.array(0, np.int64),
    }
    node, half = helper.make_node, [CELL // 2, CELL // 2]
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Div", ["grey", "white"], ["share"]),
        node("Unsqueeze", ["share", "channel"], ["plane"]),
        node("Conv", ["plane", "kernel"], ["early"], strides=half),
        node("Relu", ["early"], ["given"]),
        node("Conv", ["given", "through"], ["changed"], strides=[2, 2]),
        node("Conv", ["given", "aside"], ["unchanged"], strides=[2, 2]),
        node("Add", ["changed", "unchanged"], ["before"]),
        node("Relu", ["before"], ["features"]),
        node("ReduceMean", ["features", "places"], ["mean"], keepdims=0),
        node("Gemm", ["mean", "head.weight", "head.bias"], ["linear"], transB=1),
        node("Gather", ["linear", "first"], ["logit"], axis=1),
        node("Div", ["logit", "temperature"], ["cooled"]),
        node("Sigmoid", ["cooled"], ["probability"]),
        node("ReduceMean", ["given", "places"], ["mean_1"], keepdims=0),
        node("Concat", ["mean_1", "mean"], ["profile"], axis=1),
        node("Sub", ["profile", "novelty_mean"], ["moved"]),
        node("MatMul", ["moved", "novelty_whitening"], ["whitened"]),
        node("ReduceL2", ["whitened", "channel"], ["novelty"], keepdims=0),
        node("Unsqueeze", ["head.weight", "places"], ["wide"]),
        node("Div", ["wide", "count"], ["gradient"]),
        node("Mul", ["features", "gradient"], ["product"]),
        node("ReduceSum", ["product", "channel"], ["sum"], keepdims=0),
        node("Relu", ["sum"], ["heat_map"]),
    ]
    cells = SIZE // CELL
    shapes: dict[str, list[str | int | None]] = {name: ["N"] for name in OUTPUTS}
    shapes["heat_map"] = ["N", cells, cells]
    graph = helper.make_graph(
        nodes,
        "pooled",
        [helper.make_tensor_value_info("scan", TensorProto.UINT8, ["N", SIZE, SIZE])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in shapes.items()
        ],
        [numpy_helper.from_array(each, name) for name, each in values.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    known = np.arange(SIZE * SIZE, dtype=np.uint32).astype(np.uint8).reshape(SIZE, SIZE)
    logit, novelty = outputs(model, ("logit", "novelty"))(known[None])
    answered = KnownAnswer.of(known, float(logit[0]), float(novelty[0]), 0.01)
    card = tiny_card(recipe=WHOLE, known_answer=answered, used=used)
    helper.set_model_props(model, card.to_metadata())
    onnx.save(model, str(path))
    return path


def staged_model(half: bool = False, seen: bool = False) -> onnx.ModelProto:
    """The input through a first convolution and two residual blocks of stride 2 to FEATURES.

    ``half``: weights in 16 bits. ``seen``: the novelty looks at the maps between the blocks.
    """
    random, node, around = np.random.default_rng(0), helper.make_node, [1, 1, 1, 1]
    kernels = {"stem": random.normal(0, 0.3, (STAGED_CHANNELS, 1, 3, 3))}
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["grey", "channel"], ["plane"]),
        node("Conv", ["plane", "stem"], ["before"], pads=around),
        node("Relu", ["before"], ["early"]),
    ]
    for start, end in (("early", "given"), ("given", FEATURES)):
        out = 5 if end == FEATURES else STAGED_CHANNELS
        kernels[f"{end}_1"] = random.normal(0, 0.3, (out, STAGED_CHANNELS, 3, 3))
        kernels[f"{end}_2"] = random.normal(0, 0.3, (out, out, 3, 3))
        kernels[f"{end}_3"] = random.normal(0, 0.3, (out, STAGED_CHANNELS, 1, 1))
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


def staged_inputs() -> NDArray[np.uint8]:
    """uint8 (2, SIDE, SIDE)."""
    return np.random.default_rng(1).integers(0, 255, (2, SIDE, SIDE)).astype(np.uint8)
