"""Where the program keeps its own files on each system."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_HOME = "Cranioscope/Cranioscope"
"""Organisation and name, as Qt joins them: the readings of version 0.1 lie there."""


def data_folder() -> Path:
    """The folder of what is the user's own: readings and sample images.

    Raises RuntimeError where nobody knows the user's home.
    """
    return _absolute(platformdirs.user_data_path(_HOME, appauthor=False))


def log_folder() -> Path:
    """The folder of the log. Raises RuntimeError where nobody knows the user's home."""
    return _absolute(platformdirs.user_log_path("cranioscope", appauthor=False))


def _absolute(folder: Path) -> Path:
    if not folder.is_absolute():  # "~" that could not be expanded
        raise RuntimeError("nobody knows where the user's home is")
    return folder
