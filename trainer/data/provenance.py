"""What a result stands on: the data's fingerprint and the versions of what computed it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from trainer.data.labels import LabelledImage

PACKAGES = (
    "cranioscope",
    "torch",
    "torchvision",
    "lightning",
    "scikit-learn",
    "numpy",
    "pandas",
    "Pillow",
    "pydicom",
)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(labelled: Sequence[LabelledImage]) -> str:
    """SHA-256 over the sorted hashes and labels of all pictures; names and order do not matter."""
    lines = sorted(f"{sha256_of(image.path)} {image.label}\n" for image in labelled)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()


def versions() -> dict[str, str]:
    """Name and version of Python and of every package that decides the numbers."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found
