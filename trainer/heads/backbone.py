"""The network that a peak head is learnt for, as an exported file holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from model.card import ModelCard
from trainer.learning.last_stages import LastStages
from trainer.learning.peak_head import PeakHead
from trainer.learning.tuning import Tuned
from trainer.results import fine_graph, peak_graph
from trainer.results.fine_places import Grid, grid_of
from trainer.results.model_graph import FEATURES, PROFILE, GraphError, outputs, with_outputs
from trainer.results.peak_graph import linear_head


@dataclass(frozen=True, eq=False)
class Backbone:
    """A network as it was: what is asked of it, and what is learnt further."""

    model: onnx.ModelProto
    start: tuple[NDArray[np.float32], NDArray[np.float32]]
    """Weight (1, C) and bias (1,) of its linear head."""
    stages: LastStages | None
    """Those that learn further; None where it stays as it is."""
    ask: Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]
    """From inputs (N, S, S) to the maps that are learnt from, and profiles (N, P)."""

    @classmethod
    def of(cls, model: onnx.ModelProto, count: int) -> Backbone:
        """``count``: stages that learn further. Raises GraphError for a network of another kind.

        One that has a peak head or a fine heat map already is told of before anything is learnt.
        """
        made = [name for node in model.graph.node for name in node.output]
        if any(name.startswith((peak_graph.PREFIX, fine_graph.PREFIX)) for name in made):
            raise GraphError("The model has a peak head or a fine heat map already.")
        start = linear_head(model)
        stages = LastStages(model, count) if count else None
        names = (FEATURES,) if stages is None else (stages.start, PROFILE)
        given = outputs(with_outputs(model, names), names)

        def ask(inputs: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            maps, *profiles = given(inputs)
            return maps, profiles[0] if profiles else np.empty((len(maps), 0), np.float32)

        return cls(model, start, stages, ask)

    @property
    def maps(self) -> str:
        """Name of the maps that are learnt from."""
        return FEATURES if self.stages is None else self.stages.start

    def grid(self, card: ModelCard) -> Grid:
        """Where the cells of the last map lie, along rows and columns. Raises GraphError."""
        blank = np.zeros((1, card.recipe.size, card.recipe.size), np.uint8)
        side: int = outputs(with_outputs(self.model, (FEATURES,)), (FEATURES,))(blank)[0].shape[2]
        return grid_of(self.model, FEATURES, side)

    def with_stages(self, learnt: PeakHead | Tuned) -> onnx.ModelProto:
        """The model with what was tuned of it."""
        return learnt.stages.put_into(self.model) if isinstance(learnt, Tuned) else self.model
