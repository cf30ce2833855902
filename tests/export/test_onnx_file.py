"""The .onnx file: values set by name, half the space, the card, all or nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from export import onnx_file
from export.errors import ExportError
from tests.make.tiny_model import tiny_card, tiny_model

EXACT = np.random.default_rng(1).normal(size=(64, 64)).astype(np.float16).astype(np.float32)


def product(weights: np.ndarray) -> onnx.ModelProto:
    """A model that multiplies by ``weights``."""
    shape = [None, weights.shape[0]]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"], "product")],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(weights, "weights")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def answer(model: onnx.ModelProto) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    x = np.linspace(-1, 1, 128, dtype=np.float32).reshape(2, 64)
    return np.asarray(session.run(["y"], {"x": x})[0])


@pytest.fixture
def tiny(tmp_path: Path) -> onnx.ModelProto:
    return onnx.load(str(tiny_model(tmp_path / "tiny.onnx")))


def test_exact_weights_take_half_the_space_and_answer_the_same() -> None:
    model = product(EXACT)
    small = onnx_file.stored_as_half(model)
    onnx.checker.check_model(small, full_check=True)
    assert small.ByteSize() < 0.55 * model.ByteSize()
    np.testing.assert_array_equal(answer(small), answer(model))


@pytest.mark.parametrize(
    "weights",
    [EXACT + np.float32(1e-5), EXACT * np.float32(1e6)],
    ids=["finer than fp16", "beyond fp16"],
)
def test_weights_that_half_precision_cannot_hold_stay(weights: np.ndarray) -> None:
    assert onnx_file.stored_as_half(product(weights)) == product(weights)


def test_an_output_is_taken_away_from_a_copy_only(tiny: onnx.ModelProto) -> None:
    fewer = onnx_file.without_outputs(tiny, "heat_map", "novelty")
    assert [output.name for output in fewer.graph.output] == ["probability", "logit"]
    assert len(tiny.graph.output) == 4


def test_notes_about_source_files_are_removed() -> None:
    model = product(EXACT)
    model.graph.node[0].metadata_props.add(key="stack_trace", value="/home/me/secret.py")
    model.graph.node[0].doc_string = "/home/me/secret.py"
    assert b"secret" not in onnx_file.without_traces(model).SerializeToString()


def test_a_written_file_carries_the_card_and_nothing_else(
    tiny: onnx.ModelProto, tmp_path: Path
) -> None:
    card, path = tiny_card(name="another"), tmp_path / "new folder" / "model.onnx"
    helper.set_model_props(tiny, {"left": "over"})
    size = onnx_file.write(tiny, card, path)
    assert size == path.stat().st_size
    metadata = {entry.key: entry.value for entry in onnx.load(str(path)).metadata_props}
    assert metadata == card.to_metadata()
    assert list(path.parent.iterdir()) == [path]


def external(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL


def without_nodes(model: onnx.ModelProto) -> None:
    del model.graph.node[:]


@pytest.mark.parametrize("break_it", [external, without_nodes])
def test_a_broken_model_is_not_written(
    tiny: onnx.ModelProto, tmp_path: Path, break_it: object
) -> None:
    assert callable(break_it)
    break_it(tiny)
    with pytest.raises(ExportError, match="The model"):
        onnx_file.write(tiny, tiny_card(), tmp_path / "broken.onnx")
    assert not (tmp_path / "broken.onnx").exists()


def test_other_metadata_than_the_cards_is_refused(tiny: onnx.ModelProto) -> None:
    with pytest.raises(ExportError, match="other metadata"):
        onnx_file.verify(tiny.SerializeToString(), tiny_card(name="another"))


@pytest.mark.parametrize("name", ["weights.pt", "model", "model.onnx.png", ".onnx"])
def test_only_what_is_named_a_model_is_replaced(tmp_path: Path, name: str) -> None:
    """Such as a run's own weights, by a slip of the keys."""
    (tmp_path / name).write_text("mine")
    with pytest.raises(ExportError, match=r"does not end in \.onnx"):
        onnx_file.check_target(tmp_path / name)


@pytest.mark.parametrize("name", ["model.onnx", "model.ONNX", "new/folder/model.onnx"])
def test_a_place_that_can_be_written_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    onnx_file.check_target(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "model.onnx").write_text("before")
    onnx_file.check_target(tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").read_text() == "before"


def test_a_place_that_cannot_be_written_is_a_sentence(
    tiny: onnx.ModelProto, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.onnx").mkdir()
    for path, why in (("folder.onnx", "is a folder"), ("file/a/model.onnx", "Not a directory")):
        with pytest.raises(ExportError, match=why):
            onnx_file.check_target(tmp_path / path)
    with pytest.raises(ExportError, match="could not be written"):
        onnx_file.write(tiny, tiny_card(), tmp_path / "file" / "model.onnx")
