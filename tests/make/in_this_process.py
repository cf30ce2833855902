"""A sandbox for harmless files: nothing leaves this process."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from imaging.sandbox.sandbox import Sandbox


class InThisProcess(Sandbox):
    """Calls in a thread: a child takes a second to start."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self._executor = ThreadPoolExecutor(1)

    def start_children(self) -> None:
        pass

    def submit(self, function: Any, *arguments: Any, **_: Any) -> Future[Any]:
        return self._executor.submit(function, *arguments)

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)
