"""Where the cells of a network's maps lie on its input, and how cells of two sizes overlap.

A cell is no square that the input was cut into. It is what a chain of convolutions saw around one
point, and in a ResNet that point is the upper left corner of the square that it is counted for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, helper

from model.session import INPUT
from trainer.results.model_graph import GraphError

SLIDING = ("Conv", "MaxPool", "AveragePool")
"""Operations whose kernel slides over the image."""

Overlaps = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """A row of cells: cell i is as wide as their distance, around ``centre + i * stride`` pixels.

    Pixel 0 reaches from 0 to 1.
    """

    stride: float
    centre: float
    count: int

    @classmethod
    def even(cls, count: int, size: int) -> Grid:
        """``size`` pixels cut into so many cells."""
        return cls(size / count, size / count / 2, count)

    def overlaps(self, other: Grid) -> Overlaps:
        """The share of each cell here (rows) that lies in each of ``other`` (columns)."""
        own, theirs = self._starts()[:, None], other._starts()[None]
        ends = np.minimum(own + self.stride, theirs + other.stride)
        shared = np.clip(ends - np.maximum(own, theirs), 0, None) / self.stride
        return np.asarray(shared, np.float32)

    def _starts(self) -> NDArray[np.float64]:
        return np.asarray(self.centre + (np.arange(self.count) - 0.5) * self.stride, np.float64)


@dataclass(frozen=True, eq=False)
class Places:
    """What a fine map asks of the grids of coarse cells, of fine ones, and of what is given out."""

    reach: Overlaps
    """(2 h, h): the share of each fine cell in each coarse one."""
    seen: Overlaps
    """(2 h, S): the share of each fine cell that each pixel makes up."""
    drawn: Overlaps
    """(4 h, 2 h): the share of each fine cell that each cell of the map is given. Columns make 1:
    what lies over the edge of the input is drawn at the edge."""

    @classmethod
    def of(cls, model: onnx.ModelProto, fine: str, coarse: str, h: int, size: int) -> Places:
        """Of the maps of those names, 2 h and h cells a side, of inputs of ``size`` pixels.

        Raises GraphError where a coarse cell is not twice as wide as a fine one.
        """
        of_fine, of_coarse = grid_of(model, fine, 2 * h), grid_of(model, coarse, h)
        if of_coarse.stride != 2 * of_fine.stride:
            raise GraphError("The last stage does not halve its maps.")
        seen = of_fine.overlaps(Grid.even(size, size))
        drawn = of_fine.overlaps(Grid.even(4 * h, size)).T
        return cls(
            of_fine.overlaps(of_coarse),
            seen / seen.sum(1, keepdims=True),
            np.ascontiguousarray(drawn / drawn.sum(0, keepdims=True)),
        )


def grid_of(model: onnx.ModelProto, name: str, count: int) -> Grid:
    """The cells of a map, from what slides over the input until it is there.

    Raises GraphError where that is not known, or is not the same along rows and columns.
    """
    makers = {output: node for node in model.graph.node for output in node.output}
    chain: list[NodeProto] = []
    while name != INPUT:
        if name not in makers:
            raise GraphError(f"{name} is not made of the input.")
        node = makers[name]
        if node.op_type in SLIDING:
            chain.append(node)
        name = node.input[0]
    stride, centre = 1, 0.5
    for node in reversed(chain):
        given = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        pads, steps = given.get("pads", [0] * 4), given.get("strides", [1, 1])
        kernel = _kernel(model, node, given.get("kernel_shape"))
        if len({*pads}) > 1 or len({*steps}) > 1 or len({*kernel}) > 1:
            raise GraphError(f"{node.output[0]} is not the same along rows and columns.")
        wide = given.get("dilations", [1])[0] * (kernel[0] - 1)
        centre += (wide / 2 - pads[0]) * stride
        stride *= steps[0]
    return Grid(stride, centre, count)


def _kernel(model: onnx.ModelProto, node: NodeProto, given: list[int] | None) -> list[int]:
    """Its sides, from the attribute or else from the stored weights."""
    if given is not None:
        return given
    sizes = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    casts = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Cast"}
    name = casts.get(node.input[1], node.input[1])
    if name not in sizes:
        raise GraphError(f"The convolution of {node.output[0]} has no weights.")
    return sizes[name][2:]
