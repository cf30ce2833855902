"""Learning that can be stopped at any moment: its state after a step, in one file."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from trainer.files import write_atomically


@dataclass(frozen=True)
class KeptSteps:
    """Where the state is kept, and of what. The file is there whole or not at all."""

    path: Path
    identity: str
    """Of data and settings: steps of others are not gone on with."""
    pause: float = 60.0
    """Least seconds between two writes. A state has four times the size of the weights."""

    def beside(self, name: str) -> KeptSteps:
        """Those of another part of the same learning, in a file of its own."""
        path = self.path.with_name(f"{self.path.stem}-{name}{self.path.suffix}")
        return KeptSteps(path, f"{self.identity}/{name}", self.pause)

    def state(self) -> dict[str, Any] | None:
        """What was kept last under this identity."""
        if not self.path.exists():
            return None
        values: dict[str, Any] = torch.load(self.path, weights_only=True)
        return values if values["identity"] == self.identity else None


class Decks:
    """Rows of several kinds, each shown once before any of its kind is shown again."""

    def __init__(self, kinds: Sequence[tuple[NDArray[np.int64], float]], seed: int) -> None:
        """``kinds``: rows, with their share in what is shown; the shares make 1."""
        self._kinds = kinds
        self._random = np.random.default_rng(seed)
        self._left: list[list[int]] = [[] for _ in kinds]

    def draw(self, count: int) -> NDArray[np.int64]:
        """The next rows (count,), each of a kind drawn by the kinds' shares."""
        shares = [share for _, share in self._kinds]
        drawn = []
        for kind in self._random.choice(len(self._kinds), count, p=shares):
            if not self._left[kind]:
                self._left[kind] = self._random.permutation(self._kinds[kind][0]).tolist()
            drawn.append(self._left[kind].pop())
        return np.array(drawn)

    def to_json(self) -> str:
        """What is left to be shown, and the state of the random numbers."""
        return json.dumps([self._random.bit_generator.state, self._left])

    def resume(self, text: str) -> None:
        """Go on from ``to_json``."""
        self._random.bit_generator.state, self._left = json.loads(text)


class Steps:
    """All that learning changes, counted by steps and kept from time to time."""

    def __init__(
        self,
        kept: KeptSteps | None,
        modules: Sequence[nn.Module],
        optimiser: torch.optim.Optimizer,
        decks: Decks,
    ) -> None:
        """Goes on from what was kept, torch's global random numbers included; None: keeps none."""
        self._kept, self._modules, self._optimiser, self._decks = kept, modules, optimiser, decks
        self.done = 0
        state = kept.state() if kept else None
        if state is not None:
            self._resume(state)
        self._written = time.monotonic()

    def count(self) -> None:
        """One more step is done; written where the last writing is long enough ago."""
        self.done += 1
        now = time.monotonic()
        if self._kept is None or now - self._written < self._kept.pause:
            return
        content = io.BytesIO()
        values = {
            "identity": self._kept.identity,
            "done": self.done,
            "modules": [module.state_dict() for module in self._modules],
            "optimiser": self._optimiser.state_dict(),
            "decks": self._decks.to_json(),
            "random": torch.get_rng_state(),
        }
        torch.save(values, content)
        self._kept.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._kept.path, content.getvalue())
        self._written = now

    def _resume(self, values: dict[str, Any]) -> None:
        for module, state in zip(self._modules, values["modules"], strict=True):
            module.load_state_dict(state)
        self._optimiser.load_state_dict(values["optimiser"])
        self._decks.resume(values["decks"])
        torch.set_rng_state(values["random"])
        self.done = values["done"]
