"""Files that are there whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write beside ``path``, then rename: whoever reads it meets the old or the new whole file."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    _replace(path, lambda file: file.write(raw))


def write_array(path: Path, values: NDArray[np.generic]) -> None:
    """Keep an array as a .npy file, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, lambda file: np.save(file, values, allow_pickle=False))


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """JSON, indented for people; NaN, which JSON has not, raises ValueError."""
    write_atomically(path, json.dumps(values, indent=2, allow_nan=False) + "\n")
