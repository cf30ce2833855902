"""Where the program keeps its own files, and what it calls itself."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

MODELS = "weights"
"""The resource folder with the .onnx files that ship."""


def resource(name: str) -> Path:
    """A file or folder below ``resources/``, in a checkout and in a frozen program alike.

    PyInstaller unpacks the folder at ``sys._MEIPASS``, at the same place as in the checkout.
    """
    unpacked = getattr(sys, "_MEIPASS", None)
    root = Path(__file__).resolve().parent.parent if unpacked is None else Path(unpacked)
    return root / "resources" / name


def app_version() -> str:
    """The version of the installed program."""
    return metadata.version("cranioscope")
