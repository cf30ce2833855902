"""Files that are there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.files.atomic import write_whole


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write beside ``path``, then rename: whoever reads it meets the old or the new whole file."""
    write_whole(path, content.encode("utf-8") if isinstance(content, str) else content)


def write_array(path: Path, values: NDArray[np.generic]) -> None:
    """Keep an array as a .npy file, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, lambda file: np.save(file, values, allow_pickle=False))


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """JSON, indented for people; NaN, which JSON has not, raises ValueError."""
    write_atomically(path, json.dumps(values, indent=2, allow_nan=False) + "\n")
