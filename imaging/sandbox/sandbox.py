"""Sandbox: calls functions in child processes, with limits, so that no file can hurt us."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from imaging.details import Detail
from imaging.errors import Code, ImageError
from imaging.messages import Message, MessageCode, MessageError
from imaging.sandbox import child

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

SECONDS = 10.0
"""What one call may take; the slowest image of 512×512 takes a hundredth of it."""
MEMORY_BYTES = 1 << 30
"""What a child may take on top of its libraries; an image of 512×512 takes a few million."""
_STARTING = 3.0
"""Seconds in which a child has started."""
_TRIES = 2
"""How often a call is begun if the pool breaks under it."""


class SandboxCode(MessageCode):
    """Why no child process can be started."""

    NO_PROCESS = (
        "sandbox_no_process",
        "No process can be started that reads the files: {reason}.",
    )
    NO_LOCKS = (
        "sandbox_no_locks",
        "No process can be started that reads the files: {reason}. It needs a /dev/shm that may "
        "be written to.",
    )


class SandboxError(MessageError):
    """No child process can be started."""


class _Answer(Future[Any]):
    """What the caller waits for; cancelled, it cancels the pool's own future, too."""

    in_pool: Future[Any] | None = None
    """The pool's, while there is one: kept longer, the two would keep the result in a circle."""

    def cancel(self) -> bool:
        """Also end the call in the pool."""
        cancelled = super().cancel()
        in_pool, self.in_pool = self.in_pool, None
        if cancelled and in_pool is not None:
            in_pool.cancel()
        return cancelled


@dataclass(eq=False)
class _Call:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    answer: _Answer = field(default_factory=_Answer)
    tries: int = 0


class Sandbox:
    """A pool of child processes, begun at the first ``submit``. Use it as a context manager.

    A child that dies, hangs or wants too much memory costs one call; the next ones go on in a new
    child. Programs frozen by PyInstaller call ``multiprocessing.freeze_support`` first of all.
    """

    def __init__(
        self,
        workers: int | None = None,
        seconds: float = SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        niceness: int = 0,
    ) -> None:
        """``niceness``: of the children, 0 being the program's own, where processes have one."""
        self.workers = workers or os.cpu_count() or 1
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._niceness = niceness
        self._lock = threading.RLock()
        self._calls: set[_Call] = set()
        self._pool: ProcessPool | None = None
        self._started: Future[int] | None = None
        self._starting: threading.Thread | None = None
        self._endings: list[threading.Thread] = []
        self._closed = False

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin at once what the first ``submit`` would have to wait for; does not wait itself.

        Raises SandboxError.
        """
        if not child.start_server():
            self._started = self.submit(abs, 0)

    def start_children(self) -> None:
        """Begin the children in a thread, so that the first ``submit`` finds them ready.

        What stands in their way is said by that ``submit``.
        """
        if self._starting is None:
            self._starting = threading.Thread(target=self._start_children, name="sandbox-starting")
            self._starting.start()

    def _start_children(self) -> None:
        with contextlib.suppress(SandboxError, RuntimeError, EOFError):  # closed, or no server
            self._started = self.submit(abs, 0)

    def submit(
        self,
        function: Callable[Arguments, Answer],
        *arguments: Arguments.args,
        **keywords: Arguments.kwargs,
    ) -> Future[Answer]:
        """Call a top-level function in a child; it and its arguments must survive pickling.

        The future's ``result()`` raises ImageError: the function's own, DECODER_DIED, TIME_LIMIT or
        OUT_OF_MEMORY; any other error of the function becomes DAMAGED. Cancelling takes a call out
        of the queue, or stops the child that is at it. Raises SandboxError, as do the futures of
        calls that lost their pool, and RuntimeError after ``close``.
        """
        if keywords:
            raise TypeError("a sandboxed call takes positional arguments only")
        call = _Call(function, arguments)
        with self._lock:
            if self._closed:
                raise RuntimeError("the sandbox is closed")
            self._calls.add(call)
            try:
                self._begin(call)
            except SandboxError:
                self._calls.remove(call)
                raise
        return call.answer

    def close(self) -> None:
        """Kill the children at once and cancel what they had not answered."""
        if self._starting is not None:
            self._starting.join()
        if self._started is not None:
            # A child that loses its parent while it starts complains on the terminal.
            wait([self._started], timeout=_STARTING)
        with self._lock:
            self._closed = True
            calls, self._calls = self._calls, set()
            pool, self._pool = self._pool, None
        for call in calls:
            call.answer.in_pool = None  # the pool ends as a whole
            if not call.answer.cancel():
                call.answer.set_exception(CancelledError())
        if pool is not None:
            _end(pool)
        for ending in self._endings:
            ending.join()

    def _begin(self, call: _Call) -> None:
        call.tries += 1
        try:
            try:
                pool, future = self._schedule(call)
            except RuntimeError:  # it broke in between
                self._replace_pool()
                pool, future = self._schedule(call)
        except (OSError, RuntimeError) as error:
            raise SandboxError(_why_none_starts(error)) from error
        call.answer.in_pool = future
        future.add_done_callback(lambda future: self._finish(call, pool, future))

    def _schedule(self, call: _Call) -> tuple[ProcessPool, Future[Any]]:
        pool = self._pool
        if pool is None or not pool.active:
            pool = self._replace_pool()
        arguments = (call.function, call.arguments)
        return pool, pool.schedule(child.guarded, arguments, timeout=self._seconds)

    def _replace_pool(self) -> ProcessPool:
        if self._pool is not None:
            # A pool cannot be joined here: this may be one of its own threads.
            ending = threading.Thread(target=_end, args=(self._pool,), name="sandbox-ending")
            ending.start()
            self._endings.append(ending)
        self._pool = ProcessPool(
            max_workers=self.workers,
            context=child.context(),
            initializer=child.settle,
            initargs=(self._memory_bytes, self._niceness),
        )
        return self._pool

    def _finish(self, call: _Call, pool: ProcessPool, future: Future[Any]) -> None:
        """Hand a result over; after a break of the pool, begin all its calls again."""
        call.answer.in_pool = None
        error = CancelledError() if future.cancelled() else future.exception()
        with self._lock:
            if call not in self._calls:
                return
            if not isinstance(error, BrokenProcessPool):
                self._calls.remove(call)
            elif pool is self._pool:
                self._restart()
                return
            else:  # begun again already
                return
        if not call.answer.set_running_or_notify_cancel():
            return
        if error is not None:
            call.answer.set_exception(_as_image_error(error))
            return
        value, problem = future.result()
        if problem is not None:
            call.answer.set_exception(ImageError(*problem))
        else:
            call.answer.set_result(value)

    def _restart(self) -> None:
        self._replace_pool()
        for call in list(self._calls):
            error: Exception = ImageError(Code.DECODER_DIED)
            if call.tries < _TRIES:
                try:
                    self._begin(call)
                    continue
                except SandboxError as refusal:
                    error = refusal
            self._calls.remove(call)
            if call.answer.set_running_or_notify_cancel():
                call.answer.set_exception(error)


def _why_none_starts(error: OSError | RuntimeError) -> Message:
    cause = error if isinstance(error, OSError) else error.__cause__
    reason = getattr(cause, "strerror", None) or type(error).__name__
    no_locks = isinstance(error, OSError) and sys.platform == "linux"
    return Message(SandboxCode.NO_LOCKS if no_locks else SandboxCode.NO_PROCESS, reason=reason)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _as_image_error(error: BaseException) -> BaseException:
    if isinstance(error, TimeoutError):
        return ImageError(Code.TIME_LIMIT)
    if isinstance(error, ProcessExpired):
        return ImageError(Code.DECODER_DIED, _cause_of_death(error.exitcode))
    return error


def _cause_of_death(exit_code: int) -> str | Message:
    with contextlib.suppress(ValueError):
        return signal.Signals(-exit_code).name
    return Message(Detail.EXIT_CODE, number=exit_code)
