"""A call's outcome as a future, without any child process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from imaging.errors import ImageError


def called(function: Callable[..., Any], *arguments: object) -> Future[Any]:
    """The value of the function, called here and now, or its ImageError."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*arguments))
    except ImageError as error:
        future.set_exception(error)
    return future
