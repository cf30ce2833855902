"""What a result stands on: the data's fingerprint and the versions of what computed it."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
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


def contents_of(labelled: Sequence[LabelledImage]) -> list[str]:
    """The SHA-256 of each image's file, in their order. Raises OSError."""
    return [sha256_of(image.path) for image in labelled]


def fingerprint(labelled: Sequence[LabelledImage], contents: Sequence[str] | None = None) -> str:
    """SHA-256 over the sorted hashes and labels of all images; names and order do not matter.

    ``contents``: what ``contents_of`` gives, where it is known already. Raises OSError.
    """
    known = contents_of(labelled) if contents is None else contents
    pairs = zip(known, labelled, strict=True)
    lines = sorted(f"{content} {image.label}\n" for content, image in pairs)
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


def hardware() -> dict[str, str]:
    """Name and value of what this computer computes with: system, processor, cores, GPUs."""
    found = {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(os.cpu_count() or "unknown"),
    }
    gpus = _gpus()
    return found | ({"GPUs": gpus} if gpus else {})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # no Linux
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _gpus() -> str:
    """The names of NVIDIA's GPUs, as their driver's own tool tells them; empty without any."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    command = [tool, "--query-gpu=name", "--format=csv,noheader"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ", ".join(told.stdout.split("\n")).strip(", ") if told.returncode == 0 else ""
