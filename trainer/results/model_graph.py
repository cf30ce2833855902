"""A model's graph in training and export: its tensors beside the contract's, changed and run.

The contract itself, what the program asks for, is in ``model.session``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from model.card import KnownAnswer, ModelCard
from model.providers import CPU, open_session
from model.session import INPUT, LOGIT, NOVELTY
from trainer.results.novelty import MEAN, WHITENING, Gaussian

FEATURES, PROFILE = "features", "profile"
"""The last map, and what novelty is the distance of; neither is an output of a finished file."""
TEMPERATURE, INTERCEPT = "temperature", "intercept"
"""Initialisers of the calibration."""
_A_THREAD_A_CORE = 0


class GraphError(ValueError):
    """The model has not the graph that is wanted; the message is a sentence."""


def with_outputs(model: onnx.ModelProto, names: Sequence[str]) -> onnx.ModelProto:
    """A copy that gives out the named tensors, too. Raises GraphError where one is not there."""
    copy = copy_of(model)
    for name in names:
        if not any(name in node.output for node in copy.graph.node):
            raise GraphError(f"The model has no map called {name}.")
        copy.graph.output.append(helper.make_empty_tensor_value_info(name))
    return copy


def with_gaussian(model: onnx.ModelProto, gaussian: Gaussian) -> onnx.ModelProto:
    """A copy whose novelty is the distance from another Gaussian. Raises GraphError."""
    copy = copy_of(model)
    set_initializer(copy, MEAN, gaussian.mean)
    set_initializer(copy, WHITENING, gaussian.whitening)
    return copy


def set_initializer(model: onnx.ModelProto, name: str, values: NDArray[np.float32]) -> None:
    """Replace the values of the named initialiser, in place. Raises GraphError without it."""
    for tensor in model.graph.initializer:
        if tensor.name == name:
            if tuple(tensor.dims) != values.shape:
                raise GraphError(f"{name} has shape {tuple(tensor.dims)}, not {values.shape}.")
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float32), name))
            return
    raise GraphError(f"The model's graph has no {name}.")


def outputs(
    model: onnx.ModelProto, names: Sequence[str]
) -> Callable[[NDArray[np.uint8]], list[NDArray[np.float32]]]:
    """From inputs (N, S, S) to the named outputs, on the CPU, each run on all cores."""
    session = open_session(model.SerializeToString(), CPU, _A_THREAD_A_CORE)

    def run(images: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        return session.run(list(names), {INPUT: images})

    return run


def known_answer(model: onnx.ModelProto, card: ModelCard) -> KnownAnswer:
    """What the model answers for the image of the card's known answer."""
    known = card.known_answer
    image = known.input(*card.recipe.shape)
    logit, novelty = outputs(model, (LOGIT, NOVELTY))(image[np.newaxis])
    return KnownAnswer.of(image, float(logit[0]), float(novelty[0]), known.tolerance)


def copy_of(model: onnx.ModelProto) -> onnx.ModelProto:
    """One that may be changed."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy
