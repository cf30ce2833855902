"""Reads what an .onnx file says about itself, without onnxruntime and before any session.

Only the protobuf wire format is parsed, with the field numbers of onnx.proto3. Whatever breaks the
format or leaves room for two readings is refused: what is checked here must be what runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from imaging.messages import Message, MessageError
from model.graph_size import MOST_NUMBERS, Attribute, Node, Value
from model.messages import ModelCode

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
FLOAT, UINT8, _INT64 = 1, 2, 7
"""Numbers of TensorProto.DataType."""
_DATA = (4, 5, 7, 10, 11)
"""Fields of TensorProto that hold numbers one by one: float, int32, int64, double, uint64."""
MOST_PARTS = 10_000
"""Operators of a graph, and whole numbers of an attribute; a ResNet-34 has some hundred."""
_EXTERNAL = 1
_NAMESPACES = frozenset({"", "ai.onnx", "com.microsoft"})
_LONGEST_VARINT = 10

Field = int | memoryview


class OnnxFileError(MessageError):
    """The bytes are no .onnx file that this program opens."""

    def __init__(self, code: ModelCode) -> None:
        super().__init__(Message(code))


@dataclass(frozen=True)
class Tensor:
    """An input or output of the graph."""

    name: str
    element: int
    """Number of its type in TensorProto.DataType."""
    shape: tuple[int | None, ...]
    """None where a dimension is free."""


@dataclass(frozen=True)
class OnnxFile:
    """What the file says about itself."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    metadata: dict[str, str]
    nodes: tuple[Node, ...] = ()
    """In the order in which they are computed."""
    constants: Mapping[str, Value] = field(default_factory=dict)


def read_onnx(content: bytes) -> OnnxFile:
    """Parse a model. Raises OnnxFileError.

    Refused as well: data outside the file, graphs inside a node (loops, branches), functions,
    operators of unknown origin, and a key of the metadata that stands there twice.
    """
    graph: memoryview | None = None
    metadata: dict[str, str] = {}
    for number, value in _fields(memoryview(content)):
        if number == 7:
            if graph is not None:
                raise OnnxFileError(ModelCode.TWO_GRAPHS)
            graph = _bytes(value)
        elif number == 14:
            key, text = _text(_first(_bytes(value), 1)), _text(_first(_bytes(value), 2))
            if key in metadata:
                raise OnnxFileError(ModelCode.SAID_TWICE)
            metadata[key] = text
        elif number in (20, 25):
            raise OnnxFileError(ModelCode.FUNCTIONS)
    if graph is None:
        raise OnnxFileError(ModelCode.NO_ONNX)
    return _graph(graph, metadata)


def _graph(graph: memoryview, metadata: dict[str, str]) -> OnnxFile:
    inputs: list[Tensor] = []
    outputs: list[Tensor] = []
    nodes: list[Node] = []
    constants: dict[str, Value] = {}
    for number, value in _fields(graph):
        if number == 1:
            nodes.append(_node(_bytes(value)))
            if len(nodes) > MOST_PARTS:
                raise OnnxFileError(ModelCode.GRAPH_TOO_LONG)
        elif number == 5:
            name, constant = _constant(_bytes(value))
            constants[name] = constant
        elif number == 11:
            inputs.append(_tensor(_bytes(value)))
        elif number == 12:
            outputs.append(_tensor(_bytes(value)))
        elif number == 15:
            raise OnnxFileError(ModelCode.SPARSE)
    own = tuple(each for each in inputs if each.name not in constants)
    return OnnxFile(own, tuple(outputs), metadata, tuple(nodes), constants)


def _node(node: memoryview) -> Node:
    inputs: list[str] = []
    outputs: list[str] = []
    operator = ""
    attributes: dict[str, Attribute] = {}
    for number, value in _fields(node):
        if number == 1:
            inputs.append(_text(value))
        elif number == 2:
            outputs.append(_text(value))
        elif number == 4:
            operator = _text(value)
        elif number == 7:
            _check_namespace(value)
        elif number == 5:
            name, attribute = _attribute(_bytes(value))
            attributes[name] = attribute
    return Node(operator, tuple(inputs), tuple(outputs), attributes)


def _attribute(attribute: memoryview) -> tuple[str, Attribute]:
    name, text = "", ""
    integer: int | None = None
    integers: list[int] = []
    tensor: Value | None = None
    for number, value in _fields(attribute):
        if number == 1:
            name = _text(value)
        elif number == 3 and isinstance(value, int):
            integer = _signed(value)
        elif number == 4:
            text = str(_bytes(value), "utf-8", "replace")
        elif number == 8:
            integers += map(_signed, islice(_varints(value), MOST_PARTS + 1))
            if len(integers) > MOST_PARTS:
                raise OnnxFileError(ModelCode.GRAPH_TOO_LONG)
        elif number in (5, 10):
            _, tensor = _constant(_bytes(value))
        elif number in (6, 11):
            raise OnnxFileError(ModelCode.LOOPS)
    return name, Attribute(integer, tuple(integers), text, tensor)


def _constant(tensor: memoryview) -> tuple[str, Value]:
    """Name, shape, and whole numbers if there are few. Its data must be in the file, all of them.

    Raises OnnxFileError.
    """
    name, element, held = "", 0, 0
    shape: list[int] = []
    whole: list[int] = []
    raw = memoryview(b"")
    for number, value in _fields(tensor):
        if number == 13 or (number == 14 and value == _EXTERNAL):
            raise OnnxFileError(ModelCode.EXTERNAL_DATA)
        if number == 1:
            shape += map(_signed, _varints(value))
        elif number == 2 and isinstance(value, int):
            element = value
        elif number == 8:
            name = _text(value)
        elif number == 9:
            raw = _bytes(value)
        elif number in _DATA:
            held += 1 if isinstance(value, int) else 8 * len(value)
            if number == 7 and len(whole) <= MOST_NUMBERS:
                whole += map(_signed, _varints(value))
    size = math.prod(shape)
    # A value takes half a byte at least.
    if min(shape, default=1) < 0 or size > 2 * len(raw) + held:
        raise OnnxFileError(ModelCode.MODEL_DAMAGED)
    if element == _INT64 and size <= MOST_NUMBERS:
        numbers = tuple(whole) or tuple(raw.cast("q") if len(raw) == 8 * size else ())
        return name, Value(tuple(shape), numbers if len(numbers) == size else None)
    return name, Value(tuple(shape))


def _varints(value: Field) -> Iterator[int]:
    """The whole numbers of a repeated field, which may be packed."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number


def _signed(value: int) -> int:
    """A 64-bit whole number, two's complement."""
    return value - 2**64 if value >= 2**63 else value


def _check_namespace(value: Field | None) -> None:
    if _text(value) not in _NAMESPACES:
        raise OnnxFileError(ModelCode.FOREIGN_OPERATOR)


def _tensor(value_info: memoryview) -> Tensor:
    name = _text(_first(value_info, 1))
    tensor_type = _first(_bytes(_first(value_info, 2) or memoryview(b"")), 1)
    if tensor_type is None:
        raise OnnxFileError(ModelCode.NO_TENSOR)
    element = _first(_bytes(tensor_type), 1)
    shape = _first(_bytes(tensor_type), 2)
    if shape is None or not isinstance(element, int):
        raise OnnxFileError(ModelCode.NO_SHAPE)
    sizes = [_first(_bytes(value), 1) for number, value in _fields(_bytes(shape)) if number == 1]
    return Tensor(name, element, tuple(size if isinstance(size, int) else None for size in sizes))


def _first(message: memoryview, wanted: int) -> Field | None:
    """The only value of a field, None without any."""
    values = [value for number, value in _fields(message) if number == wanted]
    if len(values) > 1:
        raise OnnxFileError(ModelCode.SAID_TWICE)
    return values[0] if values else None


def _text(value: Field | None) -> str:
    if value is None:
        return ""
    try:
        return str(_bytes(value), "utf-8")
    except UnicodeDecodeError as error:
        raise OnnxFileError(ModelCode.MODEL_DAMAGED) from error


def _bytes(value: Field) -> memoryview:
    if isinstance(value, int):
        raise OnnxFileError(ModelCode.MODEL_DAMAGED)
    return value


def _fields(message: memoryview) -> Iterator[tuple[int, Field]]:
    """The fields of one message: number and value, a view where it is bytes."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        length = {EIGHT_BYTES: 8, FOUR_BYTES: 4}.get(kind)
        if kind == BYTES:
            length, at = _varint(message, at)
        if number == 0 or length is None or length > end - at:
            raise OnnxFileError(ModelCode.MODEL_DAMAGED)
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise OnnxFileError(ModelCode.MODEL_DAMAGED)
