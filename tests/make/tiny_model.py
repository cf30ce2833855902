"""Builds a tiny .onnx file of the program's contract with onnx.helper alone, for fast tests.

Its answers can be worked out by hand: ``tiny_logit`` and ``tiny_novelty`` say how.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from imaging.input.recipe import InputRecipe
from model.card import KnownAnswer, ModelCard, OutOfFold
from model.confusion import Confusion
from model.operating_point import DEFAULT, SENSITIVE, SPECIFIC, YOUDEN, OperatingPoint

SIZE = 32
CELL = 8
"""The heat map has one value for each square of CELL x CELL pixels."""
NOVELTY_CUT = 100.0
WHOLE = InputRecipe(size=SIZE, crop_to_head=False)
"""Leaves an image as it is, so that the tiny model's logit is (grey - 128) / 16."""
OUTPUTS = ("probability", "logit", "heat_map", "novelty")


def tiny_logit(image: NDArray[np.uint8]) -> float:
    """What the tiny model answers for uint8 (S, S): mean grey from -8 (black) to +7.94 (white)."""
    return (float(image.mean()) - 128.0) / 16.0


def tiny_novelty(image: NDArray[np.uint8]) -> float:
    """Mean absolute step between rows of uint8 (S, S): 0 when flat, 255 for stripes."""
    return float(np.abs(np.diff(image.astype(np.float64), axis=0)).mean())


def tiny_card(size: int = SIZE, **overrides: Any) -> ModelCard:
    """A valid card for the tiny model; any field of ModelCard can be overridden."""
    ramp = np.add.outer(np.arange(size), np.arange(size))
    known = (ramp * 4 % 256).astype(np.uint8)
    rule = "Set by hand for tests."
    fields: dict[str, Any] = {
        "name": "tiny test model",
        "class_name": "hemorrhage",
        "recipe": InputRecipe(size=size),
        "operating_points": (
            OperatingPoint(DEFAULT, 0.5, rule),
            OperatingPoint(SENSITIVE, 0.3, rule),
            OperatingPoint(SPECIFIC, 0.7, rule),
            OperatingPoint(YOUDEN, 0.5, rule),
        ),
        "out_of_fold": OutOfFold(
            labels=(0,) * 20 + (1,) * 20,
            logits=tuple(np.linspace(-5, 1, 20).tolist() + np.linspace(-1, 5, 20).tolist()),
        ),
        "temperature": 1.0,
        "novelty_cut": NOVELTY_CUT,
        "fold": 1,
        "fold_reason": "The only one: this model was built by hand for tests.",
        "precision": "fp32",
        "known_answer": KnownAnswer.of(known, tiny_logit(known), tiny_novelty(known), 1e-3),
        "data_fingerprint": "none",
        "seed": 0,
        "licence": "Apache-2.0",
        "sources": ("none",),
        "intended_use": "Tests of the program; knows nothing of images.",
        "test": Confusion(9, 1, 8, 2, "Made up for tests."),
        "versions": {"onnx": onnx.__version__},
    }
    return ModelCard(**(fields | overrides))


def tiny_model(
    path: Path,
    *,
    size: int = SIZE,
    metadata: Mapping[str, str] | None = None,
    input_type: int = TensorProto.UINT8,
    without: str | None = None,
    nan_above: float | None = None,
    **overrides: Any,
) -> Path:
    """Write a valid model of the contract and return ``path``.

    ``overrides`` are fields of its ModelCard. To break it on purpose: ``metadata`` replaces the
    card's strings, ``input_type`` the input's type, ``without`` leaves an output away, and images
    with a mean grey above ``nan_above`` get NaN as logit and probability.
    """
    card = tiny_card(size, **overrides)
    cells = size // CELL
    shapes: dict[str, list[str | int | None]] = {name: ["batch"] for name in OUTPUTS}
    shapes["heat_map"] = ["batch", cells, cells]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name])
        for name in OUTPUTS
        if name != without
    ]
    numbers = {
        "middle": 128.0,
        "slope": 16.0,
        "temperature": card.temperature,
        "intercept": card.intercept,
        "nan": np.nan,
        "nan_above": 256.0 if nan_above is None else nan_above,
        "white": 255.0,
    }
    constants = [
        numpy_helper.from_array(np.asarray(value, dtype=np.float32), name)
        for name, value in numbers.items()
    ]
    indices = {"first": [0], "second": [1], "end": [size], "before_end": [size - 1], "rows": [1]}
    indices |= {"channel": [1], "image_axes": [1, 2]}
    constants += [
        numpy_helper.from_array(np.asarray(value, dtype=np.int64), name)
        for name, value in indices.items()
    ]
    graph = helper.make_graph(
        _nodes(),
        "tiny",
        [helper.make_tensor_value_info("scan", input_type, ["batch", size, size])],
        outputs,
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    helper.set_model_props(model, dict(card.to_metadata() if metadata is None else metadata))
    onnx.save(model, str(path))
    return path


def _nodes() -> list[onnx.NodeProto]:
    node = helper.make_node
    return [
        node("Cast", ["scan"], ["grey"], to=TensorProto.FLOAT),
        node("ReduceMean", ["grey", "image_axes"], ["mean"], keepdims=0),
        node("Sub", ["mean", "middle"], ["centred"]),
        node("Div", ["centred", "slope"], ["finite_logit"]),
        node("Greater", ["mean", "nan_above"], ["is_nan"]),
        node("Where", ["is_nan", "nan", "finite_logit"], ["logit"]),
        node("Div", ["logit", "temperature"], ["scaled"]),
        node("Add", ["scaled", "intercept"], ["calibrated"]),
        node("Sigmoid", ["calibrated"], ["probability"]),
        node("Slice", ["grey", "second", "end", "rows"], ["lower"]),
        node("Slice", ["grey", "first", "before_end", "rows"], ["upper"]),
        node("Sub", ["lower", "upper"], ["step"]),
        node("Abs", ["step"], ["size_of_step"]),
        node("ReduceMean", ["size_of_step", "image_axes"], ["novelty"], keepdims=0),
        node("Unsqueeze", ["grey", "channel"], ["plane"]),
        node("AveragePool", ["plane"], ["pooled"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]),
        node("Squeeze", ["pooled", "channel"], ["cells"]),
        node("Div", ["cells", "white"], ["heat_map"]),
    ]
