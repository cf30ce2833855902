"""Writes the sample images, in a job: drawing the generated heads takes some seconds."""

from __future__ import annotations

from pathlib import Path


def sample_folder(base: Path) -> Path:
    """The folder of sample images below ``base``, written where it is not there yet."""
    from imaging.samples.samples import FOLDER_NAME, write_samples

    return write_samples(base / FOLDER_NAME)
