"""prepare: what the program wants of one frame, small enough to leave a child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scans.eligibility import refusal
from scans.errors import Code, Problem
from scans.reading import decode
from scans.recipe import InputRecipe, to_network_input
from scans.scan import Scan, ScanHeader, Unit, Window
from scans.source import read_source
from scans.window import opening_window, to_grey

THUMBNAIL = 96
"""Longest side of a thumbnail in pixels."""
_BLANK_TOLERANCE = 8
"""Grey levels around the most frequent one that still count as it."""
_BLANK_SHARE = 0.005
"""A picture with fewer other pixels than this share shows nothing."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """One frame as the program needs it: header, network input, thumbnail, hash of the file."""

    header: ScanHeader
    refusal: Problem | None
    """Why there is no network input; the picture can be viewed all the same."""
    network_input: NDArray[np.uint8] | None
    """uint8 (size, size) by the recipe."""
    thumbnail: NDArray[np.uint8]
    """uint8, no side longer than ``THUMBNAIL``, in the window a viewer opens with."""
    sha256: str
    """Of the whole file, in hexadecimal."""


def prepare(path: Path, frame: int, recipe: InputRecipe) -> Prepared:
    """Read one frame and make its network input and thumbnail. Raises ScanError."""
    source = read_source(path)
    scan = decode(source, frame)
    small = reduced(scan)
    problem = refusal(scan.header)
    if problem is None and is_blank(to_grey(small, _window_of(scan.header, recipe))):
        problem = Problem(Code.BLANK)
    network_input = None if problem else to_network_input(scan, recipe)
    thumbnail = to_grey(small, opening_window(scan))
    return Prepared(scan.header, problem, network_input, thumbnail, source.sha256)


def is_blank(grey: NDArray[np.uint8]) -> bool:
    """Whether (nearly) all pixels of a grey picture have (nearly) one value."""
    counts = np.bincount(grey.ravel(), minlength=256)
    commonest = int(counts.argmax())
    low, high = max(0, commonest - _BLANK_TOLERANCE), commonest + _BLANK_TOLERANCE + 1
    others = grey.size - int(counts[low:high].sum())
    return others < _BLANK_SHARE * grey.size


def reduced(scan: Scan) -> Scan:
    """The scan at no more than ``THUMBNAIL`` pixels a side; its header tells the whole size."""
    rows, columns = scan.pixels.shape
    step = -(-max(rows, columns) // THUMBNAIL)
    return Scan(scan.header, np.asarray(Image.fromarray(scan.pixels).reduce(step)))


def _window_of(header: ScanHeader, recipe: InputRecipe) -> Window:
    return recipe.window if header.unit is Unit.HOUNSFIELD else Window(255.0, 127.5)
