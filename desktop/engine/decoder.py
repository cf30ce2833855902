"""Decoder: what the engine and the viewer need of an imaging.sandbox.sandbox.Sandbox."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")


class Decoder(Protocol):
    """Calls functions where a file can do no harm."""

    def submit(self, function: Callable[..., Answer], *arguments: object) -> Future[Answer]:
        """Run in a child process; the future gives the result or raises ImageError."""
        ...
