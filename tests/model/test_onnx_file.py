from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model.card import METADATA_KEY, CardError, ModelCard
from model.messages import ModelCode
from model.onnx_file import FLOAT, MOST_PARTS, UINT8, OnnxFileError, Tensor, read_onnx
from tests.make.tiny_model import tiny_card, tiny_model


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx").read_bytes()


def _changed(content: bytes, change: Callable[[onnx.ModelProto], object]) -> bytes:
    model = onnx.load_from_string(content)
    change(model)
    return bytes(model.SerializeToString())


def test_inputs_and_outputs_are_those_of_the_graph(content: bytes) -> None:
    described = read_onnx(content)
    assert described.inputs == (Tensor("scan", UINT8, (None, 32, 32)),)
    assert {each.name: each.shape for each in described.outputs} == {
        "probability": (None,),
        "logit": (None,),
        "heat_map": (None, 4, 4),
        "novelty": (None,),
    }
    assert {each.element for each in described.outputs} == {FLOAT}


def test_metadata_are_those_that_onnx_reads(content: bytes) -> None:
    described = read_onnx(content)
    expected = {each.key: each.value for each in onnx.load_from_string(content).metadata_props}
    assert described.metadata == expected
    assert ModelCard.from_metadata(described.metadata) == tiny_card()


def test_constants_listed_as_inputs_are_no_inputs(content: bytes) -> None:
    """Files of old IR versions list every constant as an input too."""
    first = onnx.load_from_string(content).graph.initializer[0]
    info = helper.make_tensor_value_info(first.name, first.data_type, list(first.dims))
    described = read_onnx(_changed(content, lambda model: model.graph.input.append(info)))
    assert [each.name for each in described.inputs] == ["scan"]


def _external(tensor: onnx.TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")


def _hidden_external(model: onnx.ModelProto) -> None:
    tensor = numpy_helper.from_array(np.zeros(1, np.float32), "x")
    _external(tensor)
    model.graph.node.append(helper.make_node("Constant", [], ["x"], value=tensor))


def _branch(model: onnx.ModelProto) -> None:
    graph = helper.make_graph([], "then", [], [])
    node = helper.make_node("If", ["is_nan"], ["y"], then_branch=graph, else_branch=graph)
    model.graph.node.append(node)


def _function(model: onnx.ModelProto) -> None:
    model.functions.append(helper.make_function("own", "f", [], [], [], []))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda model: _external(model.graph.initializer[0]), "other files"),
        (_hidden_external, "other files"),
        (_branch, "loops or branches"),
        (_function, "functions"),
        (lambda model: setattr(model.graph.node[0], "domain", "own"), "operators"),
        (lambda model: model.metadata_props.add(key=METADATA_KEY, value="{}"), "twice"),
        (lambda model: model.graph.input[0].type.ClearField("tensor_type"), "not a tensor"),
        (lambda model: model.graph.input[0].type.tensor_type.ClearField("shape"), "no shape"),
        (lambda model: model.ClearField("graph"), "not an ONNX model"),
    ],
)
def test_what_is_not_needed_is_refused(
    content: bytes, change: Callable[[onnx.ModelProto], object], words: str
) -> None:
    with pytest.raises(OnnxFileError, match=words):
        read_onnx(_changed(content, change))


def _add_nodes(model: onnx.ModelProto, count: int) -> None:
    for number in range(count - len(model.graph.node)):
        model.graph.node.append(helper.make_node("Identity", ["scan"], [f"x{number}"]))


def _add_numbers(model: onnx.ModelProto, count: int) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("many", list(range(count))))


@pytest.mark.parametrize("add", [_add_nodes, _add_numbers])
@pytest.mark.parametrize(("count", "is_read"), [(10_000, True), (10_001, False)])
def test_a_graph_of_more_parts_than_any_network_is_refused(
    content: bytes, add: Callable[[onnx.ModelProto, int], None], count: int, is_read: bool
) -> None:
    assert MOST_PARTS == 10_000
    changed = _changed(content, lambda model: add(model, count))
    if is_read:
        read_onnx(changed)
        return
    with pytest.raises(OnnxFileError) as caught:
        read_onnx(changed)
    assert caught.value.message.code is ModelCode.GRAPH_TOO_LONG


def test_a_second_graph_is_refused(content: bytes) -> None:
    """Protobuf would merge the two, so that something else runs than what was checked."""
    graph = onnx.load_from_string(content).graph.SerializeToString()
    size = len(graph)
    second = bytes([7 << 3 | 2, size & 0x7F | 0x80, size >> 7]) + graph
    assert len(onnx.load_from_string(content + second).graph.input) == 2
    with pytest.raises(OnnxFileError, match="two graphs"):
        read_onnx(content + second)


@pytest.mark.parametrize("junk", [b"", b"\x89PNG\r\n\x1a\n" + bytes(64), b"\xff" * 64, b"\x00" * 9])
def test_other_content_is_no_model(junk: bytes) -> None:
    with pytest.raises(OnnxFileError):
        read_onnx(junk)


def test_cut_at_any_place_it_is_refused_or_has_no_card(content: bytes) -> None:
    for end in range(len(content)):
        with contextlib.suppress(OnnxFileError):
            metadata = read_onnx(content[:end]).metadata
            with pytest.raises(CardError):
                ModelCard.from_metadata(metadata)


def test_changed_bytes_raise_nothing_but_the_sentence(content: bytes) -> None:
    random = np.random.default_rng(7)
    for _ in range(1500):
        mutated = bytearray(content)
        for place in random.integers(0, len(content), random.integers(1, 6)):
            mutated[place] = random.integers(256)
        with contextlib.suppress(OnnxFileError):
            read_onnx(bytes(mutated))


def test_random_bytes_raise_nothing_but_the_sentence() -> None:
    random = np.random.default_rng(8)
    for size in range(400):
        with pytest.raises(OnnxFileError):
            read_onnx(b"\x3a" + random.bytes(size))


def test_a_length_that_never_ends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OnnxFileError, match="damaged"):
        read_onnx(b"\x3a" + b"\x80" * 30)


def _with_tensor(content: bytes, fill: Callable[[TensorProto], object]) -> bytes:
    """The model with one more constant, of four numbers, that no node reads."""
    tensor = TensorProto(name="more", data_type=TensorProto.FLOAT, dims=[4])
    fill(tensor)
    return _changed(content, lambda model: model.graph.initializer.append(tensor))


@pytest.mark.parametrize(
    "field", ["float_data", "int32_data", "int64_data", "double_data", "uint64_data"]
)
def test_the_numbers_of_a_constant_may_stand_one_by_one(content: bytes, field: str) -> None:
    def fill(tensor: TensorProto) -> None:
        getattr(tensor, field).extend([1, 2, 3, 4])

    assert read_onnx(_with_tensor(content, fill)).inputs


@pytest.mark.parametrize("field", [9, 12])
def test_a_constant_without_its_numbers_is_damage(content: bytes, field: int) -> None:
    def fill(tensor: TensorProto) -> None:
        if field == 12:
            tensor.doc_string = "four numbers, it says"

    with pytest.raises(OnnxFileError):
        read_onnx(_with_tensor(content, fill))


@pytest.mark.parametrize(("count", "is_read"), [(0, True), (4, True), (5, False)])
def test_a_number_takes_half_a_byte_at_least(content: bytes, count: int, is_read: bool) -> None:
    def fill(tensor: TensorProto) -> None:
        tensor.data_type = TensorProto.INT4
        tensor.dims[0] = count
        tensor.raw_data = bytes(2)

    if is_read:
        assert read_onnx(_with_tensor(content, fill)).constants["more"].shape == (count,)
    else:
        with pytest.raises(OnnxFileError):
            read_onnx(_with_tensor(content, fill))


@pytest.mark.parametrize("number", [-(2**63), -1, 0, 2**63 - 1])
def test_whole_numbers_keep_their_sign(content: bytes, number: int) -> None:
    def fill(tensor: TensorProto) -> None:
        tensor.data_type = TensorProto.INT64
        tensor.dims[0] = 1
        tensor.int64_data.append(number)

    assert read_onnx(_with_tensor(content, fill)).constants["more"].numbers == (number,)
