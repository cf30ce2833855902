"""A network that can be computed by hand, with all that an exporter measures."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from trainer.results import novelty
from trainer.results.model_graph import INTERCEPT, TEMPERATURE

SIZE, CELL = 16, 8
WIDTH = (SIZE // CELL) ** 2


def linear_model(offset: float) -> onnx.ModelProto:
    """A network by hand: the profile is the image's quarters, logit (mean grey - offset) / 16."""
    node = helper.make_node
    nodes = [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["grey", "one"], ["plane"]),
        node("AveragePool", ["plane"], ["quarters"], kernel_shape=[CELL] * 2, strides=[CELL] * 2),
        node("Reshape", ["quarters", "column"], ["features"]),
        node("Squeeze", ["features", "last"], ["profile"]),
        node("ReduceMean", ["profile", "one"], ["mean"], keepdims=0),
        node("Sub", ["mean", "offset"], ["centred"]),
        node("Div", ["centred", "slope"], ["logit"]),
        node("Div", ["logit", TEMPERATURE], ["scaled"]),
        node("Add", ["scaled", INTERCEPT], ["calibrated"]),
        node("Sigmoid", ["calibrated"], ["probability"]),
        node("Sub", ["profile", novelty.MEAN], ["moved"]),
        node("MatMul", ["moved", novelty.WHITENING], ["whitened"]),
        node("ReduceL2", ["whitened", "one"], ["novelty"], keepdims=0),
        node("Squeeze", ["quarters", "one"], ["heat_map"]),
    ]
    floats = {
        "offset": offset,
        "slope": 16.0,
        TEMPERATURE: 0.5,
        INTERCEPT: 0.5,
        novelty.MEAN: [0.5] * WIDTH,
    }
    floats[novelty.WHITENING] = np.eye(WIDTH)
    whole = {"one": [1], "last": [2, 3], "column": [-1, WIDTH, 1, 1]}
    outputs = ("probability", "logit", "heat_map", "novelty", "features", "profile")
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info("scan", TensorProto.UINT8, ["batch", SIZE, SIZE])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in floats.items()]
        + [numpy_helper.from_array(np.asarray(v, np.int64), n) for n, v in whole.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
