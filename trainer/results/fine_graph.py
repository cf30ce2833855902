"""A fine heat map put into an exported model. Its score stays as it is.

See ``trainer.learning.fine_map`` for what the map says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from imaging.input.head import TISSUE
from model.session import HEAT_MAP, INPUT
from trainer.results.fine_places import Places
from trainer.results.model_graph import GraphError, copy_of

PREFIX = "fine."
LIMIT = 5.0
"""Of the logarithm of a cell's weight, so that no quotient overflows."""
AIR = 1e-6
"""What a cell of air weighs beside one of tissue: where there is nothing else, the map stays."""


@dataclass(frozen=True, eq=False)
class FineWeights:
    """What a fine map has learnt."""

    maps: str
    """Name of the tensor (N, C, 2 h, 2 w) that it looks at."""
    kernel: NDArray[np.float32]
    """(1, C, 1, 1)"""
    places: Places


def with_fine_map(model: onnx.ModelProto, fine: FineWeights) -> onnx.ModelProto:
    """A copy whose heat map has 4 h x 4 h cells, as ``FineMap`` makes them; the rest as it is.

    Full and INT8 files of one network take the same weights. Raises GraphError.
    """
    copy = copy_of(model)
    graph = copy.graph
    heat = next((each for each in graph.output if each.name == HEAT_MAP), None)
    maker = next((node for node in graph.node if HEAT_MAP in node.output), None)
    if heat is None or maker is None:
        raise GraphError("The model has no heat map.")
    if has_fine_map(model):
        raise GraphError("The model has a fine heat map already.")
    cells = heat.type.tensor_type.shape.dim[1:]
    if [each.dim_value for each in cells] != [fine.places.reach.shape[1]] * 2:
        raise GraphError("The model's heat map has another number of cells.")
    maker.output[:] = [PREFIX + "coarse"]
    graph.initializer.extend(
        numpy_helper.from_array(values, PREFIX + name) for name, values in _constants(fine).items()
    )
    graph.node.extend(_nodes(_as_seen(graph.node, fine.maps)))
    for each in cells:
        each.dim_value = len(fine.places.drawn)
    onnx.checker.check_model(copy)
    return copy


def has_fine_map(model: onnx.ModelProto) -> bool:
    """Whether its heat map was made finer already."""
    return any(node.name.startswith(PREFIX) for node in model.graph.node)


def _constants(fine: FineWeights) -> dict[str, NDArray[Any]]:
    places = fine.places
    both = {"reach": places.reach, "seen": places.seen, "drawn": places.drawn}
    return {
        **{name: np.asarray(values, np.float32) for name, values in both.items()},
        **{f"{name}_t": np.ascontiguousarray(values.T) for name, values in both.items()},
        "kernel": fine.kernel.astype(np.float32),
        "least": np.array(-LIMIT, np.float32),
        "most": np.array(LIMIT, np.float32),
        "tissue_from": np.array(TISSUE, np.float32),
        "air": np.array(AIR, np.float32),
        "one": np.array([1], np.int64),
    }


def _nodes(maps: str) -> list[NodeProto]:
    """From the tensor ``maps``, INPUT and the coarse map to HEAT_MAP."""
    steps: list[tuple[str, Sequence[str], str, dict[str, Any]]] = [
        ("Cast", (INPUT,), "grey", {"to": TensorProto.FLOAT}),
        ("GreaterOrEqual", ("grey", "tissue_from"), "is_tissue", {}),
        ("Cast", ("is_tissue",), "tissue", {"to": TensorProto.FLOAT}),
        ("MatMul", ("seen", "tissue"), "tissue_rows", {}),
        ("MatMul", ("tissue_rows", "seen_t"), "share", {}),
        ("Add", ("share", "air"), "room", {}),
        ("Conv", (maps, "kernel"), "found_plane", {}),
        ("Squeeze", ("found_plane", "one"), "found", {}),
        ("Clip", ("found", "least", "most"), "bounded", {}),
        ("Exp", ("bounded",), "weight", {}),
        ("Mul", ("weight", "room"), "part", {}),
        ("MatMul", ("reach_t", "part"), "part_rows", {}),
        ("MatMul", ("part_rows", "reach"), "total", {}),
        ("Div", ("coarse", "total"), "rate", {}),
        ("MatMul", ("reach", "rate"), "rate_rows", {}),
        ("MatMul", ("rate_rows", "reach_t"), "rate_fine", {}),
        ("Mul", ("part", "rate_fine"), "placed", {}),
        ("MatMul", ("drawn", "placed"), "placed_rows", {}),
        ("MatMul", ("placed_rows", "drawn_t"), HEAT_MAP, {}),
    ]
    kept = {INPUT, HEAT_MAP, maps}

    def name(short: str) -> str:
        return short if short in kept else PREFIX + short

    return [
        helper.make_node(
            kind, [name(each) for each in inputs], [name(output)], PREFIX + output, **more
        )
        for kind, inputs, output, more in steps
    ]


def _as_seen(nodes: Sequence[NodeProto], name: str) -> str:
    """What other nodes are given of a tensor: in an INT8 file, what it is after rounding."""
    rounded = f"{name}_DequantizeLinear_Output"
    made = {output for node in nodes for output in node.output}
    if rounded in made:
        return rounded
    if name not in made:
        raise GraphError(f"The model has no map called {name}.")
    return name
