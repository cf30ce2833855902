"""A run's images as a table: what is known of each, and which part of the split it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from model.card import HASH_DIGITS
from trainer.data.folds import Part
from trainer.data.labels import LabelledImage

TRAIT = "trait:"
"""Before the names of the columns that hold traits; empty where nothing is known."""


CONTENT = "sha256"
"""The column of the first HASH_DIGITS of each file's SHA-256, as in the card's list of images."""


def of(
    labelled: Sequence[LabelledImage], parts: Sequence[Part], contents: Sequence[str]
) -> pd.DataFrame:
    """One row an image, in their order; ``contents`` are the SHA-256 of their files."""
    traits = list(dict.fromkeys(trait for image in labelled for trait in image.traits))
    rows = [
        {
            "image_id": s.image_id,
            "path": str(s.path),
            "source": s.source,
            "label": s.label,
            "group": s.group,
            "part": p.name,
            "fold": p.fold,
            CONTENT: content[:HASH_DIGITS],
            # Nothing where the image's own table does not say.
            **{TRAIT + trait: str(s.traits.get(trait, "")) for trait in traits},
        }
        for s, p, content in zip(labelled, parts, contents, strict=True)
    ]
    return pd.DataFrame(rows)


def read(path: Path) -> pd.DataFrame:
    """The table of a CSV that ``of`` was written to. Raises OSError, ValueError.

    Tables of earlier versions have no column CONTENT.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = {"image_id", "path", "source", "label", "group", "fold"} - set(table.columns)
    if missing:
        raise ValueError(f"{path.name} lacks {', '.join(sorted(missing))}")
    return table.astype({"label": np.int64, "fold": np.int64})


def images_of(table: pd.DataFrame) -> list[LabelledImage]:
    """The images of such a table, with the paths they had."""
    return [
        LabelledImage(
            str(row["image_id"]),
            Path(str(row["path"])),
            int(row["label"]),
            str(row["group"]),
            str(row["source"]),
            {
                str(column).removeprefix(TRAIT): int(value)
                for column, value in row.items()
                if str(column).startswith(TRAIT) and value != ""
            },
        )
        for row in table.to_dict("records")
    ]
