"""A model's graph gives out what is asked for, and takes values where they belong."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model.session import INPUT
from trainer.results.model_graph import GraphError, outputs, set_initializer, with_outputs


def small_model() -> onnx.ModelProto:
    """An image times "gain" (1,), called "scaled", plus itself, called "sum"."""
    nodes = [
        helper.make_node("Cast", [INPUT], ["image"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["image", "gain"], ["scaled"]),
        helper.make_node("Add", ["image", "scaled"], ["sum"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["N", 2, 2])],
        [helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["N", 2, 2])],
        [numpy_helper.from_array(np.array([3.0], np.float32), "gain")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def test_a_tensor_inside_is_given_out_beside_the_outputs() -> None:
    images = np.array([[[1, 2], [3, 4]]], np.uint8)
    whole = with_outputs(small_model(), ["scaled"])
    scaled, total = outputs(whole, ["scaled", "sum"])(images)
    assert np.array_equal(scaled, 3.0 * images)
    assert np.array_equal(total, 4.0 * images)


def test_a_tensor_that_is_not_there_is_refused() -> None:
    with pytest.raises(GraphError, match="no map called features"):
        with_outputs(small_model(), ["features"])


def test_a_value_is_set_by_name() -> None:
    model = small_model()
    set_initializer(model, "gain", np.array([5.0], np.float32))
    [total] = outputs(model, ["sum"])(np.ones((1, 2, 2), np.uint8))
    assert np.array_equal(total, np.full((1, 2, 2), 6.0))


@pytest.mark.parametrize(("name", "count"), [("gain", 2), ("temperature", 1)])
def test_a_value_that_does_not_belong_is_refused(name: str, count: int) -> None:
    with pytest.raises(GraphError, match=name):
        set_initializer(small_model(), name, np.zeros(count, np.float32))
