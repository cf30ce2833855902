"""The .onnx file: values set by name, weights in half the space, the card, writing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from export.errors import ExportError
from imaging.files.atomic import try_to_write
from model.card import ModelCard
from model.session import SessionError, check_file
from trainer.files import write_atomically

SMALLEST_STORED_AS_HALF = 4096
"""Values; below that a Cast costs more than the space it saves."""
HALF = "_fp16"


def without_outputs(model: onnx.ModelProto, *names: str) -> onnx.ModelProto:
    """A copy that doesn't give out the named tensors any more."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for output in list(copy.graph.output):
        if output.name in names:
            copy.graph.output.remove(output)
    return copy


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy without the exporter's notes on each node, paths of source files among them."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    del copy.metadata_props[:], graph.metadata_props[:], graph.value_info[:]
    for entry in (*graph.node, *graph.input, *graph.output, *graph.initializer):
        del entry.metadata_props[:]
        entry.doc_string = ""
    return copy


def stored_as_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose weights are fp16 followed by a Cast to fp32: half the file, the same numbers.

    Only weights that fp16 holds exactly are stored so; onnxruntime does the casts once, on loading.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    casts = []
    for tensor in copy.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        values = numpy_helper.to_array(tensor)
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if values.size < SMALLEST_STORED_AS_HALF or not np.array_equal(half, values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, name + HALF))
        casts.append(helper.make_node("Cast", [name + HALF], [name], name, to=TensorProto.FLOAT))
    nodes = [*casts, *copy.graph.node]
    del copy.graph.node[:]
    copy.graph.node.extend(nodes)
    return copy


def with_card(model: onnx.ModelProto, card: ModelCard) -> onnx.ModelProto:
    """A copy whose metadata are the card's strings and nothing else."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    helper.set_model_props(copy, card.to_metadata())
    return copy


def check_target(path: Path) -> None:
    """See that a model can be written there, before the work is done for it.

    What lies there is replaced only where its name is a model's: not a run's weights, not an image.
    Raises ExportError.
    """
    if path.suffix.lower() != ".onnx":
        raise ExportError(f"{path} does not end in .onnx.")
    if path.is_dir():
        raise ExportError(f"{path} is a folder.")
    folder = next(each for each in path.absolute().parents if each.exists())
    try:
        try_to_write(folder / path.name)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path} could not be written: {error.strerror or error}.")


def write(model: onnx.ModelProto, card: ModelCard, path: Path) -> int:
    """Put the card in, check the very bytes, write them to ``path``, and return their number.

    Checked: valid by onnx.checker, no external data, the card's strings and no others. The file is
    whole or absent. Raises ExportError with what is wrong.
    """
    content = with_card(model, card).SerializeToString(deterministic=True)
    verify(content, card)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise _not_written(path, error) from error
    return len(content)


def verify(content: bytes, card: ModelCard) -> None:
    """Check a file's bytes before they are written. Raises ExportError with what is wrong."""
    try:
        onnx.checker.check_model(content, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(f"The model is no valid ONNX: {str(error)[:200]}") from error
    model = onnx.load_from_string(content)
    outside = [t.name for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL]
    if outside:
        raise ExportError(f"The model keeps {outside[0]} in another file.")
    if {entry.key: entry.value for entry in model.metadata_props} != card.to_metadata():
        raise ExportError("The model carries other metadata than its card.")
    try:
        check_file(content)
    except SessionError as error:
        raise ExportError(f"The program would not open it: {error}") from error
