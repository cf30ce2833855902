"""Where the program keeps its own files on each system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs

from desktop.reasons import SystemCode
from imaging.messages import Message, MessageError

_HOME = "Cranioscope/Cranioscope"
"""Organisation and name, as Qt joins them: the readings of version 0.1 lie there."""


class NoHomeError(MessageError):
    """The system does not say where the user's home is."""

    def __init__(self) -> None:
        super().__init__(Message(SystemCode.NO_HOME))


def data_folder() -> Path:
    """The folder of what is the user's own: readings and sample images. Raises NoHomeError."""
    return _absolute(lambda: platformdirs.user_data_path(_HOME, appauthor=False))


def log_folder() -> Path:
    """The folder of the log. Raises NoHomeError."""
    return _absolute(lambda: platformdirs.user_log_path("cranioscope", appauthor=False))


def _absolute(asked: Callable[[], Path]) -> Path:
    try:
        folder = asked()
    except RuntimeError as error:  # how pathlib and platformdirs say it
        raise NoHomeError from error
    if not folder.is_absolute():  # "~" that could not be expanded
        raise NoHomeError
    return folder
