"""Reads what an .onnx file says about itself, without onnxruntime and before any session.

Only the protobuf wire format is parsed, with the field numbers of onnx.proto3. Whatever breaks the
format or leaves room for two readings is refused: what is checked here must be what runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from imaging.messages import Message, MessageError
from model.messages import ModelCode

VARINT, EIGHT_BYTES, BYTES, FOUR_BYTES = 0, 1, 2, 5
FLOAT, UINT8 = 1, 2
"""Numbers of TensorProto.DataType."""
_EXTERNAL = 1
_NAMESPACES = frozenset({"", "ai.onnx", "com.microsoft"})
_LONGEST_VARINT = 10

Value = int | memoryview


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
    inputs, outputs = _graph(graph)
    return OnnxFile(inputs, outputs, metadata)


def _graph(graph: memoryview) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    inputs: list[Tensor] = []
    outputs: list[Tensor] = []
    constants: set[str] = set()
    for number, value in _fields(graph):
        if number == 1:
            _check_node(_bytes(value))
        elif number == 5:
            constants.add(_check_constant(_bytes(value)))
        elif number == 11:
            inputs.append(_tensor(_bytes(value)))
        elif number == 12:
            outputs.append(_tensor(_bytes(value)))
        elif number == 15:
            raise OnnxFileError(ModelCode.SPARSE)
    return tuple(each for each in inputs if each.name not in constants), tuple(outputs)


def _check_node(node: memoryview) -> None:
    for number, value in _fields(node):
        if number == 7:
            _check_namespace(value)
        elif number == 5:
            for part, held in _fields(_bytes(value)):
                if part in (5, 10):
                    _check_constant(_bytes(held))
                elif part in (6, 11):
                    raise OnnxFileError(ModelCode.LOOPS)


def _check_constant(tensor: memoryview) -> str:
    name = ""
    for number, value in _fields(tensor):
        if number == 13 or (number == 14 and value == _EXTERNAL):
            raise OnnxFileError(ModelCode.EXTERNAL_DATA)
        if number == 8:
            name = _text(value)
    return name


def _check_namespace(value: Value | None) -> None:
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


def _first(message: memoryview, wanted: int) -> Value | None:
    """The only value of a field, None without any."""
    values = [value for number, value in _fields(message) if number == wanted]
    if len(values) > 1:
        raise OnnxFileError(ModelCode.SAID_TWICE)
    return values[0] if values else None


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    try:
        return str(_bytes(value), "utf-8")
    except UnicodeDecodeError as error:
        raise OnnxFileError(ModelCode.MODEL_DAMAGED) from error


def _bytes(value: Value) -> memoryview:
    if isinstance(value, int):
        raise OnnxFileError(ModelCode.MODEL_DAMAGED)
    return value


def _fields(message: memoryview) -> Iterator[tuple[int, Value]]:
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
