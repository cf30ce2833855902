"""Writes the sample scans, in a job: drawing the generated heads takes some seconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def sample_folder(base: Path) -> Iterator[Path]:
    """The folder of sample scans below ``base``, written where it is not there yet; one item."""
    from imaging.samples.samples import FOLDER_NAME, write_samples

    yield write_samples(base / FOLDER_NAME)
