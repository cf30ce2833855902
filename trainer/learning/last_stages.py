"""The last stages of an exported network as a torch module: to be tuned, and put back.

Most of a network stays as it is when it meets another hospital's images. Tuning its last stage
alone, on maps that are computed once, costs a fifth of tuning the whole; the last two cost half.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as functional
from onnx import NodeProto, helper, numpy_helper
from torch import Tensor, nn

from trainer.results.model_graph import FEATURES, PROFILE, GraphError

KINDS = ("Conv", "Relu", "Add")
"""Operations of a residual stage whose batch norms were folded into its convolutions."""


class LastStages(nn.Module):
    """From the maps that the first of the last stages is given, ``start``, to FEATURES."""

    def __init__(self, model: onnx.ModelProto, count: int = 1) -> None:
        """``count`` stages with the model's weights. A stage begins where maps are halved.

        Raises GraphError where the model does not end in so many residual stages, or where its
        novelty looks into one of them: only the means of FEATURES are computed anew.
        """
        super().__init__()
        self.start, last = _stage(model, FEATURES)
        names = set(last)
        for _ in range(count - 1):
            self.start, found = _stage(model, self.start)
            names |= found
        if names & _made_for(model, PROFILE, but=FEATURES):
            raise GraphError(f"The model's novelty looks into its last {count} stages.")
        self._nodes = tuple(n for n in model.graph.node if n.output and n.output[0] in names)
        stored = _stored(model)
        self.kernels, self._last = nn.ParameterDict(), set[str]()
        for node in self._nodes:
            for name in node.input[1:] if node.op_type == "Conv" else ():
                if name not in stored:
                    raise GraphError(f"The convolution of {node.output[0]} has no weights.")
                values = numpy_helper.to_array(stored[name]).astype(np.float32)
                self.kernels[_key(name)] = nn.Parameter(torch.from_numpy(np.array(values)))
                if node.output[0] in last:
                    self._last.add(_key(name))

    @property
    def has_several(self) -> bool:
        """Whether there is a stage before the last one."""
        return len(self._last) < len(self.kernels)

    def let_learn(self, *, last_alone: bool) -> None:
        """Let all weights learn, or those of the last stage alone."""
        for name, kernel in self.kernels.items():
            kernel.requires_grad_(name in self._last or not last_alone)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, k h, k w) to FEATURES (N, C', h, w); each stage halves: k is 2 ** count."""
        values = {self.start: maps}
        for node in self._nodes:
            values[node.output[0]] = self._computed(node, values)
        return values[FEATURES]

    def _computed(self, node: NodeProto, values: Mapping[str, Tensor]) -> Tensor:
        if node.op_type == "Relu":
            return functional.relu(values[node.input[0]])
        if node.op_type == "Add":
            return values[node.input[0]] + values[node.input[1]]
        weight, *bias = (self.kernels[_key(name)] for name in node.input[1:])
        given = _attributes(node)
        return functional.conv2d(
            values[node.input[0]],
            weight,
            bias[0] if bias else None,
            given.get("strides", 1),
            given.get("pads", [0, 0, 0, 0])[:2],
            given.get("dilations", 1),
            given.get("group", 1),
        )

    def put_into(self, model: onnx.ModelProto) -> onnx.ModelProto:
        """A copy of the model with these stages' weights, stored as precisely as they were.

        Weights stored in 16 bits are rounded to them.
        """
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        stored = _stored(copy)
        for node in self._nodes:
            for name in node.input[1:] if node.op_type == "Conv" else ():
                tensor = stored[name]
                kind = numpy_helper.to_array(tensor).dtype
                values = self.kernels[_key(name)].detach().numpy().astype(kind)
                tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
        return copy


def _stage(model: onnx.ModelProto, end: str) -> tuple[str, set[str]]:
    """What the stage that makes ``end`` is given, and what its nodes make. Raises GraphError."""
    makers = {output: node for node in model.graph.node for output in node.output}
    wanted, strided = [end], set()
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        node = makers.get(name)
        if node is None or node.op_type not in KINDS or name in found:
            continue
        found.add(name)
        halves = node.op_type == "Conv" and max(_attributes(node).get("strides", [1])) > 1
        if halves:
            strided.add(node.input[0])
        else:
            wanted += node.input[:1] if node.op_type == "Conv" else node.input
    if len(strided) != 1:
        raise GraphError(f"No residual stage that halves its maps makes {end}.")
    return strided.pop(), found


def _made_for(model: onnx.ModelProto, end: str, but: str) -> set[str]:
    """Names of all that ``end`` is computed from, itself included, not looking behind ``but``."""
    makers = {output: node for node in model.graph.node for output in node.output}
    wanted, found = [end], set[str]()
    while wanted:
        name = wanted.pop()
        if name != but and name in makers and name not in found:
            found.add(name)
            wanted += makers[name].input
    return found


def _stored(model: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    """Stored tensors by the name that they are used under, through a Cast where there is one."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    casts = {
        node.output[0]: stored[node.input[0]]
        for node in model.graph.node
        if node.op_type == "Cast" and node.input[0] in stored
    }
    return {**stored, **casts}


def _attributes(node: NodeProto) -> dict[str, Any]:
    return {each.name: helper.get_attribute_value(each) for each in node.attribute}


def _key(name: str) -> str:
    """Torch allows no dots in the name of a parameter."""
    return name.replace(".", "/")
