"""Decoder: what the engine and the viewer need of an imaging.sandbox.sandbox.Sandbox."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, Protocol, TypeVar

Answer = TypeVar("Answer")
_POLL_SECONDS = 0.02
"""Seconds between two looks at whether nobody waits for an answer any more."""


class Decoder(Protocol):
    """Calls functions where a file can do no harm."""

    def submit(self, function: Callable[..., Answer], *arguments: object) -> Future[Answer]:
        """Run in a child process; the future gives the result or raises ImageError."""
        ...


def is_done(future: Future[Any], stop: Callable[[], bool]) -> bool:
    """Wait for an answer; False where ``stop`` came first. The call goes on all the same."""
    while not stop():
        if wait([future], timeout=_POLL_SECONDS).done:
            return True
    return False
