"""Runs a graph that is being made, with two outputs more than the contract has.

They are for the exporter's own measurements, and are taken away before writing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from model.providers import CPU, open_session, usable_cores
from model.session import HEAT_MAP, INPUT, LOGIT, NOVELTY, PROBABILITY
from trainer.results.model_graph import FEATURES, PROFILE

OUTPUTS = (PROBABILITY, LOGIT, HEAT_MAP, NOVELTY)
BATCH = 16


@dataclass(frozen=True, eq=False)
class Outputs:
    """What a graph gives for N images; the last two only where it still gives them out."""

    probability: NDArray[np.float32]
    logit: NDArray[np.float32]
    heat_map: NDArray[np.float32]
    """(N, h, w)"""
    novelty: NDArray[np.float32]
    features: NDArray[np.float32] | None = None
    """(N, C, h, w)"""
    profile: NDArray[np.float32] | None = None
    """(N, P), what novelty is the distance of."""


class Graph:
    """A graph on the CPU, run as the program runs it: one core a batch."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self._session = open_session(model.SerializeToString(), CPU)
        given = {output.name for output in model.graph.output}
        self._names = [name for name in (*OUTPUTS, FEATURES, PROFILE) if name in given]

    def run(self, images: NDArray[np.uint8], batch: int = BATCH) -> Outputs:
        """Outputs for uint8 (N, S, S), N at least 1, computed ``batch`` at a time."""
        starts = range(0, len(images), batch)
        with ThreadPoolExecutor(usable_cores()) as cores:
            parts = list(
                cores.map(
                    lambda start: self._session.run(
                        self._names, {INPUT: images[start : start + batch]}
                    ),
                    starts,
                )
            )
        values = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
        given = dict(zip(self._names, values, strict=True))
        probability, logit, heat_map, novelty = (given[name] for name in OUTPUTS)
        return Outputs(
            probability, logit, heat_map, novelty, given.get(FEATURES), given.get(PROFILE)
        )
