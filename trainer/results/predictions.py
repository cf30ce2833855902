"""Logits with the truth beside them, and the tables they are kept in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TEXT_COLUMNS = {"image_id": str, "group": str, "path": str}
"""Read as text whatever they look like: 007 is no number."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """One row for each image and network."""

    image_ids: tuple[str, ...]
    groups: tuple[str, ...]
    folds: NDArray[np.int64]
    """(N,) the fold whose network gave the logit."""
    labels: NDArray[np.int64]
    """(N,) 0 or 1."""
    logits: NDArray[np.float64]
    """(N,) before any temperature."""

    def __len__(self) -> int:
        return len(self.image_ids)

    def of_fold(self, fold: int) -> Predictions:
        """The rows of one fold's network."""
        return self.rows(np.flatnonzero(self.folds == fold))

    def rows(self, indices: NDArray[np.int64]) -> Predictions:
        """The rows at those indices (n,)."""
        return Predictions(
            tuple(self.image_ids[index] for index in indices),
            tuple(self.groups[index] for index in indices),
            self.folds[indices],
            self.labels[indices],
            self.logits[indices],
        )

    def mean_of_networks(self) -> Predictions | None:
        """One row an image: the mean of several networks' logits, as of fold 0; None of one.

        Raises ValueError where the networks were not given the same images in the same order.
        """
        each = [self.of_fold(int(fold)) for fold in np.unique(self.folds)]
        if len(each) < 2:
            return None
        first = each[0]
        if any(other.image_ids != first.image_ids for other in each):
            raise ValueError("the networks were not given the same images")
        logits = np.mean([other.logits for other in each], axis=0)
        folds = np.zeros(len(first), dtype=np.int64)
        return Predictions(first.image_ids, first.groups, folds, first.labels, logits)

    def to_csv(self) -> str:
        """The table ``image_id,group,label,fold,logit``."""
        table = {
            "image_id": self.image_ids,
            "group": self.groups,
            "label": self.labels,
            "fold": self.folds,
            "logit": self.logits,
        }
        return str(pd.DataFrame(table).to_csv(index=False))

    @classmethod
    def from_csv(cls, *paths: Path) -> Predictions:
        """Read such tables, one after the other. Raises OSError, ValueError, KeyError."""
        tables = [pd.read_csv(path, dtype=TEXT_COLUMNS, keep_default_na=False) for path in paths]
        table = pd.concat([t for t in tables if len(t)] or tables[:1])
        return cls(
            tuple(table["image_id"]),
            tuple(table["group"]),
            table["fold"].to_numpy(np.int64),
            table["label"].to_numpy(np.int64),
            table["logit"].to_numpy(np.float64),
        )
