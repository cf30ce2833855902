"""Crew: workers on other machines or processes, any of which may be lost while it works.

Nothing here knows how workers are reached. A call that was lost with its worker is made again on
another one, so that each call has one outcome, and a lost worker is replaced.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from desktop.engine.scoring import FileToScore, Scored
from imaging.errors import Code, ImageError
from imaging.messages import Message, MessageCode, MessageError
from imaging.sandbox.sandbox import SandboxError

Answer = TypeVar("Answer")

AT_ONCE = 2
"""Calls that one worker is given at a time: with one alone it would be idle between two."""
TRIES = 3
"""How often a call is made whose worker is lost: it may be the call that kills them."""
MOST_LOST = 8
"""Workers lost one after the other at one place, without any call answered there in between, after
which the place stays empty."""
LONGEST_WITHOUT_WORKERS = 600.0
"""Seconds without any worker that can work, after which no more is waited for one. Where all
machines are gone, a new worker is neither begun nor lost; machines of a cloud take minutes."""

Files = tuple[tuple[int, FileToScore], ...]
"""Files with their numbers in a run."""


class ClusterCode(MessageCode):
    """What is said of a cluster."""

    NO_RAY = "cluster_no_ray", "Ray is not installed: pip install 'cranioscope[cluster]'."
    NO_CLUSTER = "cluster_not_reached", "No Ray cluster answers at {address}: {reason}."
    NO_CORES = "cluster_no_cores", "The Ray cluster has no processor cores."
    NO_WORKERS = "cluster_no_workers", "No worker of the cluster can go on: {reason}."
    NO_MACHINES = (
        "cluster_no_machines",
        "No machine of the cluster has worked for {minutes:.0f} minutes.",
    )


class WorkerLostError(Exception):
    """The process or machine that was at a call is gone, or could not begin."""


class ClusterError(SandboxError):
    """No worker is left that reads or scores."""


class Worker(Protocol):
    """Someone who reads and scores; each call returns at once.

    Futures raise WorkerLostError where the worker is gone. Any other error is the call's own.
    """

    def begun(self) -> Future[None]:
        """Done as soon as it can work."""
        ...

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        """Call a function in a sandbox there."""
        ...

    def score(self, files: Files) -> Future[list[Scored]]:
        """The result of each image of some files."""
        ...

    def dismiss(self) -> None:
        """End it, whether or not it is still there."""
        ...


@dataclass(eq=False)
class _Call:
    begin: Callable[[Worker], Future[Any]]
    given_up: Exception
    """Its outcome where ``TRIES`` workers were lost at it."""
    answer: Future[Any] = field(default_factory=Future)
    tries: int = 0


@dataclass(eq=False)
class _Member:
    worker: Worker
    at: list[_Call] = field(default_factory=list)
    has_begun: bool = False


class Crew:
    """Keeps ``count`` workers busy. Use it as a context manager; ``submit`` from any thread.

    A thread of its own does all that follows from an outcome: futures of a cluster are answered in
    threads that must not wait for the cluster.
    """

    def __init__(
        self,
        hire: Callable[[int], Worker],
        count: int,
        patience: float = LONGEST_WITHOUT_WORKERS,
    ) -> None:
        """``hire``: makes the worker for one of ``count`` places, at the start and after a loss.

        ``patience``: seconds without any worker after which every call is given up.
        """
        self.count = count
        self._hire = hire
        self._patience = patience
        self._without_since = time.monotonic()
        """When the last worker that could work was lost, or the crew began."""
        self._steps: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="crew")
        self._members: dict[int, _Member] = {}
        self._waiting: deque[_Call] = deque()
        self._lost: Counter[int] = Counter()
        """Of each place, the workers lost since a call was answered there."""
        self._end: ClusterError | None = None

    def __enter__(self) -> Crew:
        self._thread.start()
        for place in range(self.count):
            self._steps.put(partial(self._take_on, place))
        return self

    def __exit__(self, *_: object) -> None:
        self._steps.put(None)
        self._thread.join()
        for member in self._members.values():
            member.worker.dismiss()
        for call in [
            *self._waiting,
            *(call for each in self._members.values() for call in each.at),
        ]:
            _set(call.answer, CancelledError())

    def submit(self, function: Callable[..., Answer], *arguments: object) -> Future[Answer]:
        """Call a function in the sandbox of a worker: the crew is a ``Decoder``.

        The future raises ImageError; DECODER_DIED where ``TRIES`` workers were lost at it, and
        ClusterError where none is left.
        """
        died = ImageError(Code.DECODER_DIED)
        return self._submit(_Call(lambda worker: worker.call(function, arguments), died))

    def score(self, files: Files) -> Future[list[Scored]]:
        """Have some files scored; WorkerLostError where ``TRIES`` workers were lost at them."""
        return self._submit(_Call(lambda worker: worker.score(files), WorkerLostError()))

    def _submit(self, call: _Call) -> Future[Any]:
        def step() -> None:
            self._waiting.append(call)
            self._hand_out()

        self._steps.put(step)
        return call.answer

    def _work(self) -> None:
        while True:
            try:
                step = self._steps.get(timeout=self._time_left())
            except queue.Empty:
                minutes = self._patience / 60
                self._end = ClusterError(Message(ClusterCode.NO_MACHINES, minutes=minutes))
                step = self._hand_out
            if step is None:
                return
            step()

    def _time_left(self) -> float | None:
        """Seconds that a worker is still waited for; None where there is one, or all is over."""
        if self._end is not None or any(each.has_begun for each in self._members.values()):
            return None
        return max(0.0, self._without_since + self._patience - time.monotonic())

    def _take_on(self, place: int) -> None:
        try:
            member = self._members[place] = _Member(self._hire(place))
        except WorkerLostError as error:
            self._replace(place, error)
            return

        def begun(done: Future[None]) -> None:
            self._steps.put(partial(self._begun, place, member, done))

        member.worker.begun().add_done_callback(begun)

    def _begun(self, place: int, member: _Member, done: Future[None]) -> None:
        if (error := _error_of(done)) is not None:
            self._lose(place, member, error)
            return
        member.has_begun = True
        self._hand_out()

    def _hand_out(self) -> None:
        """Give waiting calls to the workers that are at the fewest."""
        while self._waiting and self._end is None:
            free = [
                (len(member.at), place)
                for place, member in self._members.items()
                if member.has_begun and len(member.at) < AT_ONCE
            ]
            if not free:
                return
            call = self._waiting.popleft()
            if not call.answer.cancelled():
                self._begin(min(free)[1], call)
        while self._waiting and self._end is not None:
            _set(self._waiting.popleft().answer, self._end)

    def _begin(self, place: int, call: _Call) -> None:
        member = self._members[place]
        member.at.append(call)
        call.tries += 1

        def finish(done: Future[Any]) -> None:
            self._steps.put(partial(self._finish, place, member, call, done))

        try:
            call.begin(member.worker).add_done_callback(finish)
        except WorkerLostError as error:
            self._lose(place, member, error)

    def _finish(self, place: int, member: _Member, call: _Call, done: Future[Any]) -> None:
        error = _error_of(done)
        if isinstance(error, WorkerLostError):
            self._lose(place, member, error)
            return
        if call not in member.at:
            return  # made again since, for its worker was thought to be lost
        member.at.remove(call)
        self._lost[place] = 0
        if error is not None:
            _set(call.answer, error)
        elif call.answer.set_running_or_notify_cancel():
            call.answer.set_result(done.result())
        self._hand_out()

    def _lose(self, place: int, member: _Member, error: BaseException) -> None:
        """Replace a worker, and let what it was at be done by another one."""
        if self._members.get(place) is not member:
            return  # already known
        del self._members[place]
        if member.has_begun:
            self._without_since = time.monotonic()
        member.worker.dismiss()
        calls, member.at = member.at, []
        self._waiting.extendleft(call for call in calls if call.tries < TRIES)
        for call in calls:
            if call.tries >= TRIES:
                _set(call.answer, call.given_up)
        self._replace(place, error)
        self._hand_out()

    def _replace(self, place: int, error: BaseException) -> None:
        """Have another worker at a place, unless too many were lost there."""
        self._lost[place] += 1
        if self._lost[place] < MOST_LOST:
            self._steps.put(partial(self._take_on, place))
        elif all(self._lost[each] >= MOST_LOST for each in range(self.count)):
            self._end = ClusterError(_no_workers(error))
            self._steps.put(self._hand_out)


def _error_of(done: Future[Any]) -> BaseException | None:
    return CancelledError() if done.cancelled() else done.exception()


def _set(answer: Future[Any], error: BaseException) -> None:
    """Give a future an error, unless who waits for it has cancelled it."""
    if answer.set_running_or_notify_cancel():
        answer.set_exception(error)


def _no_workers(error: BaseException) -> Message:
    if isinstance(error, MessageError):
        return Message(ClusterCode.NO_WORKERS, reason=error.message)
    return Message(ClusterCode.NO_WORKERS, reason=str(error) or type(error).__name__)
