"""Runs an exported model in onnxruntime, as the program will. Needs no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

INPUT = "scan"
OUTPUTS = ("probability", "logit", "heat_map", "novelty")
FEATURES, PROFILE = "features", "profile"
"""Two more outputs, for the exporter's own measurements; they are taken away before writing."""
BATCH = 16


class Model(Protocol):
    """An ``onnx.ModelProto``, named by what is needed of it: onnx itself is not."""

    def SerializeToString(self) -> bytes:  # noqa: N802
        """The content of its file."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model answers for N scans; the last two only where it still gives them out."""

    probability: NDArray[np.float32]
    logit: NDArray[np.float32]
    heat_map: NDArray[np.float32]
    """(N, h, w)"""
    novelty: NDArray[np.float32]
    features: NDArray[np.float32] | None = None
    """(N, C, h, w)"""
    profile: NDArray[np.float32] | None = None
    """(N, P), what novelty is the distance of."""


class Session:
    """An onnxruntime session on the CPU over a model in memory or the content of a file."""

    def __init__(self, model: Model | bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        content = model if isinstance(model, bytes) else model.SerializeToString()
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        self.metadata: Mapping[str, str] = self._session.get_modelmeta().custom_metadata_map
        given = {output.name for output in self._session.get_outputs()}
        self._names = [name for name in (*OUTPUTS, FEATURES, PROFILE) if name in given]

    def answer(self, images: NDArray[np.uint8], batch: int = BATCH) -> Answers:
        """Answers for uint8 (N, S, S), N at least 1, asked ``batch`` at a time."""
        parts = [
            self._session.run(self._names, {INPUT: images[start : start + batch]})
            for start in range(0, len(images), batch)
        ]
        values = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
        given = dict(zip(self._names, values, strict=True))
        probability, logit, heat_map, novelty = (given[name] for name in OUTPUTS)
        more = given.get(FEATURES), given.get(PROFILE)
        return Answers(probability, logit, heat_map, novelty, *more)
