"""The size of a graph is that of its tensors, worked out from the file alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper, shape_inference

from model.graph_size import (
    GraphSizeError,
    Value,
    check_size,
)
from model.onnx_file import OnnxFileError, read_onnx

SIDE = 32
WEIGHT_FILES = Path(__file__).resolve().parents[2] / "resources" / "weights"


def model(nodes: Sequence[onnx.NodeProto], *constants: onnx.TensorProto) -> onnx.ModelProto:
    """A graph that reads uint8 (N, 32, 32) by the name of scan and gives the last node's output."""
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("scan", TensorProto.UINT8, ["N", SIDE, SIDE])],
        [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, ["?"])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def sizes(made: onnx.ModelProto, side: int = SIDE) -> dict[str, Value]:
    described = read_onnx(made.SerializeToString())
    known = {**described.constants, "scan": Value((1, side, side))}
    return check_size(described.nodes, known, side * side)


def ints(name: str, *values: int) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=np.int64), name)


def inferred(made: onnx.ModelProto, side: int) -> dict[str, tuple[int, ...]]:
    """What onnx itself says of every tensor whose whole shape it finds, for one image."""
    made.graph.input[0].type.tensor_type.shape.CopyFrom(
        helper.make_tensor_type_proto(1, [1, side, side]).tensor_type.shape
    )
    for output in made.graph.output:
        output.type.tensor_type.ClearField("shape")
    whole = shape_inference.infer_shapes(made, data_prop=True)
    found = {}
    for value in (*whole.graph.value_info, *whole.graph.output):
        sizes_of = value.type.tensor_type.shape.dim
        if all(size.HasField("dim_value") for size in sizes_of):
            found[value.name] = tuple(size.dim_value for size in sizes_of)
    return found


@pytest.mark.parametrize("name", ["head-ct-fp16.onnx", "head-ct-int8.onnx"])
def test_the_shapes_of_the_built_in_models_are_those_that_onnx_finds(name: str) -> None:
    made = onnx.load(WEIGHT_FILES / name)
    ours = sizes(made, 320)
    theirs = inferred(made, 320)
    assert len(theirs) > 100
    assert {each: ours[each].shape for each in theirs} == theirs


GREY = helper.make_node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT)
PLANE = helper.make_node("Unsqueeze", ["grey", "one"], ["plane"])


@pytest.mark.parametrize(
    ("operator", "more", "attributes"),
    [
        ("Transpose", [], {"perm": [0, 3, 1, 2]}),
        ("Flatten", [], {"axis": 2}),
        ("Reshape", ["shape"], {}),
        ("Slice", ["starts", "ends", "axes", "steps"], {}),
        ("Slice", ["starts", "ends", "axes"], {}),
        ("Slice", ["starts", "ends"], {}),
        ("Pad", ["pads"], {}),
        ("Concat", ["plane"], {"axis": 1}),
        ("MatMul", ["plane"], {}),
        ("Gather", ["starts"], {"axis": 3}),
        ("ReduceMax", ["axes"], {"keepdims": 0}),
        ("ReduceMean", [], {}),
        ("MaxPool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}),
        ("AveragePool", [], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
        ("LpPool", [], {"kernel_shape": [5, 5], "dilations": [2, 2], "pads": [1, 2, 3, 4]}),
        ("GlobalMaxPool", [], {}),
        ("Expand", ["wide"], {}),
        ("Where", [], {}),
    ],
)
def test_a_shape_is_the_one_that_onnx_finds(
    operator: str, more: list[str], attributes: dict[str, Any]
) -> None:
    nodes = [GREY, PLANE, helper.make_node("Greater", ["plane", "plane"], ["is"])]
    inputs = ["is", "plane", "grey"] if operator == "Where" else ["plane", *more]
    nodes.append(helper.make_node(operator, inputs, ["made"], **attributes))
    constants = [
        *(
            ints("one", 1),
            ints("shape", 0, 4, -1, 16),
            ints("starts", -1, 3),
            ints("wide", 7, 1, 1),
        ),
        *(ints("ends", -(2**63), 9), ints("axes", 3, 2), ints("steps", -2, 1)),
        ints("pads", 0, 0, 1, 2, 0, 0, 3, 4),
    ]
    made = model(nodes, *constants)
    ours = sizes(made)["made"].shape
    assert ours == inferred(made, SIDE)["made"]


def filled(values: int) -> onnx.ModelProto:
    return model([helper.make_node("ConstantOfShape", ["shape"], ["made"])], ints("shape", values))


def test_the_largest_tensor_is_let_through_and_no_larger() -> None:
    assert sizes(filled(2**24))["made"].size == 2**24
    with pytest.raises(GraphSizeError):
        sizes(filled(2**24 + 1))


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_so_many_values_together_are_let_through_and_no_more(more: int, refused: bool) -> None:
    most = 2**26 + 512 * SIDE * SIDE
    parts = [2**24] * (most // 2**24)
    parts.append(most - sum(parts) + more)
    nodes = [helper.make_node("ConstantOfShape", [f"n{i}"], [f"o{i}"]) for i in range(len(parts))]
    made = model(nodes, *(ints(f"n{i}", part) for i, part in enumerate(parts)))
    if refused:
        with pytest.raises(GraphSizeError):
            sizes(made)
    else:
        assert len(sizes(made)) == 1 + 2 * len(parts)


@pytest.mark.parametrize(
    "nodes",
    [
        [helper.make_node("ConstantOfShape", ["shape"], ["made"])],
        [GREY, helper.make_node("Expand", ["grey", "shape"], ["made"])],
        [GREY, helper.make_node("Tile", ["grey", "shape"], ["made"])],
        [helper.make_node("Range", ["shape", "shape", "shape"], ["made"])],
        [GREY, PLANE, helper.make_node("Conv", ["plane", "kernel"], ["made"], pads=[30_000] * 4)],
        [
            helper.make_node("Mul", ["shape", "shape"], ["product"]),
            helper.make_node("ConstantOfShape", ["product"], ["made"]),
        ],
        [GREY, helper.make_node("NoSuchOperator", ["grey"], ["made"])],
        [helper.make_node("Relu", ["nowhere"], ["made"])],
    ],
)
def test_a_graph_that_may_need_too_much_or_nobody_knows_how_much_is_refused(
    nodes: list[onnx.NodeProto],
) -> None:
    kernel = numpy_helper.from_array(np.ones((64, 1, 1, 1), np.float32), "kernel")
    made = model(nodes, ints("shape", 40_000, 40_000, 1), ints("one", 1), kernel)
    with pytest.raises(GraphSizeError):
        sizes(made)


def test_a_shape_that_depends_on_pixels_is_refused() -> None:
    whole = helper.make_node("Cast", ["scan"], ["whole"], to=TensorProto.INT64)
    with pytest.raises(GraphSizeError):
        sizes(model([whole, helper.make_node("ConstantOfShape", ["whole"], ["made"])]))


def test_a_constant_that_announces_more_than_it_holds_is_refused() -> None:
    made = model([GREY], ints("kept", 1, 2, 3))
    made.graph.initializer[0].dims[0] = 10**9
    with pytest.raises(OnnxFileError):
        read_onnx(made.SerializeToString())


def test_a_constant_that_holds_what_it_announces_is_taken() -> None:
    made = model([GREY])
    made.graph.initializer.append(
        helper.make_tensor("typed", TensorProto.FLOAT, [3], [1.0, 2.0, 3.0])
    )
    made.graph.initializer.append(helper.make_tensor("whole", TensorProto.INT64, [2], [-1, 5]))
    constants = read_onnx(made.SerializeToString()).constants
    assert constants == {"typed": Value((3,)), "whole": Value((2,), (-1, 5))}


@pytest.mark.parametrize(("count", "followed"), [(64, True), (65, False)])
def test_tensors_of_so_many_whole_numbers_are_followed(count: int, followed: bool) -> None:
    nodes = [
        helper.make_node("Gather", ["many", "first"], ["shape"]),
        helper.make_node("ConstantOfShape", ["shape"], ["made"]),
    ]
    made = model(nodes, ints("many", *[2] * count), ints("first", 0, 1))
    if followed:
        assert sizes(made)["made"].shape == (2, 2)
    else:
        with pytest.raises(GraphSizeError):
            sizes(made)


@pytest.mark.parametrize(("count", "followed"), [(64, True), (65, False)])
def test_arithmetic_on_so_many_whole_numbers_is_followed(count: int, followed: bool) -> None:
    nodes = [
        helper.make_node("Concat", ["many", "one more"], ["all"], axis=0),
        helper.make_node("Mul", ["all", "two"], ["twice"]),
        helper.make_node("Gather", ["twice", "first"], ["shape"]),
        helper.make_node("ConstantOfShape", ["shape"], ["made"]),
    ]
    many = ints("many", *[2] * (count - 1))
    made = model(nodes, many, ints("one more", 2), ints("two", 2), ints("first", 0, 1))
    if followed:
        assert sizes(made)["made"].shape == (4, 4)
    else:
        with pytest.raises(GraphSizeError):
            sizes(made)


def test_a_tensor_of_nothing_is_let_through() -> None:
    made = model([helper.make_node("Identity", ["none"], ["made"])], ints("none"))
    assert sizes(made)["made"].shape == (0,)
