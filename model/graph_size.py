"""How much memory the graph of a model file can need, worked out before any session is made.

Shapes follow from the input's through every node, as the operators are defined (ONNX opset 20). A
file of 142 bytes can ask for 4 GB, by one constant that is to be filled; onnxruntime would obey. An
operator that is not known here, or a shape that depends on pixels, refuses the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LARGEST_TENSOR = 2**24
"""Values of one tensor, per image: what 64 channels at half of 1024 pixels have."""
WEIGHTS, PER_PIXEL = 2**26, 512
"""Values of all tensors together, per image: so many for weights that are unpacked, and so many for
each pixel of the input. A ResNet-34 needs 40 million and 200."""
MOST_NUMBERS = 64
"""Whole numbers that a tensor may hold to be followed: shapes, axes and indices are short."""

Shape = tuple[int, ...]


class GraphSizeError(ValueError):
    """The graph can need more memory than it may, or nobody knows how much."""


@dataclass(frozen=True)
class Value:
    """A tensor: its shape, and its whole numbers where they are known and few."""

    shape: Shape
    numbers: tuple[int, ...] | None = None

    @property
    def size(self) -> int:
        """How many values it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Attribute:
    """An attribute of a node, as far as sizes depend on it."""

    integer: int | None = None
    integers: tuple[int, ...] = ()
    text: str = ""
    tensor: Value | None = None


@dataclass(frozen=True)
class Node:
    """An operation: names of inputs (empty: left out) and outputs."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]

    def integer(self, name: str, default: int) -> int:
        """The whole number of that name."""
        found = self.attributes.get(name)
        return default if found is None or found.integer is None else found.integer

    def integers(self, name: str, default: Sequence[int]) -> tuple[int, ...]:
        """The whole numbers of that name."""
        found = self.attributes.get(name)
        return tuple(default) if found is None or not found.integers else found.integers


def check_size(nodes: Sequence[Node], known: Mapping[str, Value], pixels: int) -> dict[str, Value]:
    """Follow the shapes from inputs and constants, ``known`` by name, through nodes in order.

    ``pixels``: of one input image. Returns every tensor by name. Raises GraphSizeError.
    """
    values = dict(known)
    total, most = 0, WEIGHTS + PER_PIXEL * pixels
    for node in nodes:
        found = _outputs(node, values)
        for name, value in zip(node.outputs, found, strict=False):  # some outputs are left out
            total += value.size
            if value.size > LARGEST_TENSOR or total > most:
                raise GraphSizeError(f"{name} {value.shape}")
            values[name] = value
    return values


def _outputs(node: Node, values: Mapping[str, Value]) -> list[Value]:
    try:
        inputs = [values[name] if name else Value(()) for name in node.inputs]
        rule = _RULES[node.operator]
        found = rule(node, inputs)
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        raise GraphSizeError(f"{node.operator}: {error}") from error
    if any(size < 0 for value in found for size in value.shape):
        raise GraphSizeError(f"{node.operator}: {found}")
    return found


_Rule = Callable[[Node, list[Value]], list[Value]]


def _broadcast(*shapes: Shape) -> Shape:
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(0 if 0 in sizes else max(sizes) for sizes in zip(*padded, strict=True))


def _numbers(value: Value) -> tuple[int, ...]:
    if value.numbers is None:
        raise ValueError("depends on values that are not known")
    return value.numbers


def _elementwise(node: Node, inputs: list[Value]) -> list[Value]:
    shape = _broadcast(*(value.shape for value in inputs))
    return [Value(shape, _computed(node.operator, inputs, math.prod(shape)))]


def _computed(operator: str, inputs: list[Value], size: int) -> tuple[int, ...] | None:
    """Arithmetic on shapes, which graphs do to reshape and expand."""
    compute: Callable[[int, int], int] | None = {
        "Add": lambda a, b: a + b,
        "Sub": lambda a, b: a - b,
        "Mul": lambda a, b: a * b,
        "Div": lambda a, b: int(a / b),
    }.get(operator)
    if compute is None or size > MOST_NUMBERS or len(inputs) != 2:
        return None
    pair = [value.numbers for value in inputs]
    if pair[0] is None or pair[1] is None or 0 in (len(pair[0]), len(pair[1])):
        return None
    if not (len(pair[0]) in (1, size) and len(pair[1]) in (1, size)):
        return None
    one, other = (numbers * (size // len(numbers)) for numbers in (pair[0], pair[1]))
    return tuple(compute(a, b) for a, b in zip(one, other, strict=True))


def _same(_node: Node, inputs: list[Value]) -> list[Value]:
    return [Value(inputs[0].shape)]


def _kept(_node: Node, inputs: list[Value]) -> list[Value]:
    return [inputs[0]]


def _window(node: Node, shape: Shape, kernel: Sequence[int]) -> Shape:
    """What a kernel that slides over (N, C, spatial ...) leaves of the spatial sizes."""
    rank = len(shape) - 2
    strides = node.integers("strides", [1] * rank)
    dilations = node.integers("dilations", [1] * rank)
    pads = node.integers("pads", [0] * 2 * rank)
    given = node.attributes.get("auto_pad", Attribute()).text
    up = node.integer("ceil_mode", 0) == 1
    sizes = []
    for axis in range(rank):
        size, stride = shape[2 + axis], strides[axis]
        if given.startswith("SAME"):
            sizes.append(-(-size // stride))
            continue
        left = size + pads[axis] + pads[axis + rank] - dilations[axis] * (kernel[axis] - 1) - 1
        sizes.append((-(-left // stride) if up else left // stride) + 1)
    if any(pad < 0 for pad in pads):
        raise ValueError("negative padding")
    return tuple(sizes)


def _convolved(node: Node, inputs: list[Value]) -> list[Value]:
    image, weight = inputs[0].shape, inputs[1].shape
    return [Value((image[0], weight[0], *_window(node, image, weight[2:])))]


def _pooled(node: Node, inputs: list[Value]) -> list[Value]:
    shape = inputs[0].shape
    pooled = Value((*shape[:2], *_window(node, shape, node.integers("kernel_shape", ()))))
    return [pooled, pooled]


def _global(_node: Node, inputs: list[Value]) -> list[Value]:
    shape = inputs[0].shape
    return [Value((*shape[:2], *(1 for _ in shape[2:])))]


def _axes(node: Node, inputs: list[Value], rank: int) -> set[int]:
    axes = node.integers("axes", ())
    if len(inputs) > 1 and node.inputs[1]:
        axes = _numbers(inputs[1])
    return {axis % rank for axis in axes} if rank else set()


def _reduced(node: Node, inputs: list[Value]) -> list[Value]:
    shape = inputs[0].shape
    axes = _axes(node, inputs, len(shape))
    if not axes and node.integer("noop_with_empty_axes", 0) == 0:
        axes = set(range(len(shape)))
    keep = node.integer("keepdims", 1) == 1
    left = [1 if i in axes else n for i, n in enumerate(shape) if keep or i not in axes]
    return [Value(tuple(left))]


def _multiplied(_node: Node, inputs: list[Value]) -> list[Value]:
    one, other = inputs[0].shape, inputs[1].shape
    if min(len(one), len(other)) < 2:
        raise ValueError("a matrix is a row of numbers")
    return [Value((*_broadcast(one[:-2], other[:-2]), one[-2], other[-1]))]


def _gemm(node: Node, inputs: list[Value]) -> list[Value]:
    one, other = inputs[0].shape, inputs[1].shape
    rows = one[1] if node.integer("transA", 0) else one[0]
    return [Value((rows, other[0] if node.integer("transB", 0) else other[1]))]


def _unsqueezed(node: Node, inputs: list[Value]) -> list[Value]:
    axes = node.integers("axes", ()) or _numbers(inputs[1])
    rank = len(inputs[0].shape) + len(axes)
    rest, new = iter(inputs[0].shape), {axis % rank for axis in axes}
    shape = tuple(1 if axis in new else next(rest) for axis in range(rank))
    return [Value(shape, inputs[0].numbers)]


def _squeezed(node: Node, inputs: list[Value]) -> list[Value]:
    shape = inputs[0].shape
    axes = _axes(node, inputs, len(shape)) or {i for i, size in enumerate(shape) if size == 1}
    return [Value(tuple(n for i, n in enumerate(shape) if i not in axes), inputs[0].numbers)]


def _reshaped(_node: Node, inputs: list[Value]) -> list[Value]:
    shape, wanted = inputs[0].shape, list(_numbers(inputs[1]))
    sizes = [shape[i] if size == 0 else size for i, size in enumerate(wanted)]
    if -1 in sizes:
        rest = math.prod(size for size in sizes if size != -1)
        sizes[sizes.index(-1)] = inputs[0].size // rest
    if math.prod(sizes) != inputs[0].size:
        raise ValueError("another number of values")
    return [Value(tuple(sizes), inputs[0].numbers)]


def _flattened(node: Node, inputs: list[Value]) -> list[Value]:
    shape, axis = inputs[0].shape, node.integer("axis", 1)
    return [Value((math.prod(shape[:axis]), math.prod(shape[axis:])))]


def _transposed(node: Node, inputs: list[Value]) -> list[Value]:
    shape = inputs[0].shape
    order = node.integers("perm", range(len(shape))[::-1])
    return [Value(tuple(shape[axis] for axis in order))]


def _joined(node: Node, inputs: list[Value]) -> list[Value]:
    axis = node.integer("axis", 0) % len(inputs[0].shape)
    shape = list(inputs[0].shape)
    shape[axis] = sum(value.shape[axis] for value in inputs)
    parts = [value.numbers for value in inputs]
    known = [numbers for numbers in parts if numbers is not None]
    whole = sum(known, ()) if len(known) == len(parts) and len(shape) == 1 else None
    return [Value(tuple(shape), whole)]


def _gathered(node: Node, inputs: list[Value]) -> list[Value]:
    data, indices = inputs[0], inputs[1]
    axis = node.integer("axis", 0) % len(data.shape)
    shape = (*data.shape[:axis], *indices.shape, *data.shape[axis + 1 :])
    if data.numbers is None or indices.numbers is None or len(data.shape) != 1:
        return [Value(shape)]
    return [Value(shape, tuple(data.numbers[index] for index in indices.numbers))]


def _sliced(_node: Node, inputs: list[Value]) -> list[Value]:
    shape, (starts, ends) = list(inputs[0].shape), map(_numbers, inputs[1:3])
    axes = _numbers(inputs[3]) if len(inputs) > 3 and inputs[3].shape else range(len(starts))
    steps = _numbers(inputs[4]) if len(inputs) > 4 and inputs[4].shape else [1] * len(starts)
    numbers = inputs[0].numbers if len(shape) == 1 else None
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        places = range(*slice(start, end, step).indices(shape[axis]))
        shape[axis] = len(places)
        numbers = None if numbers is None else tuple(numbers[place] for place in places)
    return [Value(tuple(shape), numbers)]


def _shape_of(node: Node, inputs: list[Value]) -> list[Value]:
    end = node.attributes.get("end", Attribute()).integer
    shape = inputs[0].shape[node.integer("start", 0) : end]
    return [Value((len(shape),), shape)]


def _expanded(_node: Node, inputs: list[Value]) -> list[Value]:
    return [Value(_broadcast(inputs[0].shape, _numbers(inputs[1])))]


def _filled(_node: Node, inputs: list[Value]) -> list[Value]:
    return [Value(_numbers(inputs[0]))]


def _constant(node: Node, _inputs: list[Value]) -> list[Value]:
    tensor = node.attributes.get("value", Attribute()).tensor
    if tensor is not None:
        return [tensor]
    numbers = node.integers("value_ints", ())
    if numbers:
        return [Value((len(numbers),), numbers)]
    return [Value((), (node.integer("value_int", 0),))]


def _padded(_node: Node, inputs: list[Value]) -> list[Value]:
    shape, pads = inputs[0].shape, _numbers(inputs[1])
    rank = len(shape)
    return [Value(tuple(n + pads[i] + pads[i + rank] for i, n in enumerate(shape)))]


def _split(node: Node, inputs: list[Value]) -> list[Value]:
    return [Value(inputs[0].shape) for _ in node.outputs]  # at most


_RULES: dict[str, _Rule] = {
    **dict.fromkeys(
        [
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Max",
            "Min",
            "Mean",
            "Sum",
            "Where",
            "Greater",
            "Less",
            "GreaterOrEqual",
            "LessOrEqual",
            "Equal",
            "And",
            "Or",
            "Mod",
            "PRelu",
        ],
        _elementwise,
    ),
    **dict.fromkeys(
        [
            "Relu",
            "LeakyRelu",
            "Sigmoid",
            "Tanh",
            "Sqrt",
            "Exp",
            "Log",
            "Abs",
            "Neg",
            "Reciprocal",
            "Erf",
            "Softplus",
            "Softmax",
            "LogSoftmax",
            "Clip",
            "Floor",
            "Ceil",
            "Round",
            "Sin",
            "Cos",
            "Not",
            "Sign",
            "HardSigmoid",
            "HardSwish",
            "Elu",
            "Gelu",
            "QuantizeLinear",
            "DequantizeLinear",
            "BatchNormalization",
            "InstanceNormalization",
            "LayerNormalization",
            "IsNaN",
            "IsInf",
            "LRN",
            "CumSum",
        ],
        _same,
    ),
    **dict.fromkeys(["Cast", "Identity", "Dropout"], _kept),
    **dict.fromkeys(["MaxPool", "AveragePool", "LpPool"], _pooled),
    **dict.fromkeys(["GlobalAveragePool", "GlobalMaxPool"], _global),
    **dict.fromkeys(
        [
            "ReduceMean",
            "ReduceSum",
            "ReduceMax",
            "ReduceMin",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSumExp",
            "ReduceLogSum",
            "ReduceProd",
            "ReduceSumSquare",
        ],
        _reduced,
    ),
    "Conv": _convolved,
    "MatMul": _multiplied,
    "Gemm": _gemm,
    "Unsqueeze": _unsqueezed,
    "Squeeze": _squeezed,
    "Reshape": _reshaped,
    "Flatten": _flattened,
    "Transpose": _transposed,
    "Concat": _joined,
    "Gather": _gathered,
    "Slice": _sliced,
    "Shape": _shape_of,
    "Expand": _expanded,
    "ConstantOfShape": _filled,
    "Constant": _constant,
    "Pad": _padded,
    "Split": _split,
}
