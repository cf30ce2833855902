"""Workers on a Ray cluster: one actor for each GPU, or for each group of cores where there is none.

Ray is an extra that the packaged program does not have; only this module imports it, when used.
The program must be installed, and the images and the model lie at the same paths, on every machine.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.engine.crew import ClusterCode, ClusterError, Files, Worker, WorkerLostError
from desktop.engine.pieces import score_piece
from desktop.engine.scoring import Scored
from desktop.resources import MODELS, resource
from imaging.errors import ImageError
from imaging.messages import Message
from imaging.sandbox.sandbox import Sandbox
from model.device import Device
from model.session import Session

CORES = 4
"""Cores of a worker without a GPU: enough to read while the network computes."""
_THREADS = 8
"""Calls that an actor works at side by side; a crew gives it fewer."""
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing about this computer is sent to anyone
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # or Ray warns of what it will change
    "RAY_DEDUP_LOGS": "0",
}


@dataclass(frozen=True)
class Share:
    """What one worker takes of the cluster."""

    cores: int
    gpus: int = 0


@dataclass(frozen=True)
class ModelFile:
    """The model file that every worker opens."""

    path: Path
    """Of one that came with the program its name alone: it lies elsewhere on other machines."""
    sha256: str
    """What its content must have."""
    device: Device
    """``cpu`` where GPUs are not to be used though there are some."""

    @property
    def there(self) -> Path:
        """Where it lies on this machine."""
        return self.path if self.path.is_absolute() else resource(MODELS) / self.path


def shares(nodes: Iterable[Mapping[str, float]], cores: int = CORES) -> list[Share]:
    """The workers that fit on machines with these resources (Ray's ``CPU`` and ``GPU``).

    One for each GPU, with its part of the machine's cores; else one for each group of ``cores``,
    and one for those that are left.
    """
    found: list[Share] = []
    for node in nodes:
        cpus, gpus = int(node.get("CPU", 0)), int(node.get("GPU", 0))
        if cpus and gpus:
            count = min(cpus, gpus)
            found += [Share(cpus // count, 1)] * count
        else:
            groups, left = divmod(cpus, cores)
            found += [Share(cores)] * groups + ([Share(left)] if left else [])
    return found


class Cluster:
    """A connection to a Ray cluster. Use it as a context manager."""

    def __init__(self, address: str, cores: int = CORES) -> None:
        """``address``: as Ray takes it: HOST:PORT, ``auto``, or ``local`` for one made here.

        Raises ClusterError.
        """
        os.environ.update(_QUIET)
        self._ray = _imported()
        try:
            self._ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            reason = type(error).__name__
            said = Message(ClusterCode.NO_CLUSTER, address=address, reason=reason)
            raise ClusterError(said) from error
        nodes = [each["Resources"] for each in self._ray.nodes() if each["Alive"]]
        self.machines = len(nodes)
        self.shares: Sequence[Share] = shares(nodes, cores)
        """Of each worker."""
        if not self.shares:
            self._ray.shutdown()
            raise ClusterError(Message(ClusterCode.NO_CORES))

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()

    @property
    def has_gpus(self) -> bool:
        """Whether workers compute on GPUs."""
        return any(share.gpus for share in self.shares)

    def hire(self, model: ModelFile) -> Callable[[int], Worker]:
        """What makes the worker of each place, for a ``Crew``."""
        actor = self._ray.remote(_Actor)

        def one(place: int) -> Worker:
            share = self.shares[place]
            options = actor.options(
                num_cpus=share.cores, num_gpus=share.gpus, max_concurrency=_THREADS
            )
            try:
                return _RayWorker(self._ray, options.remote(model, share))
            except self._ray.exceptions.RayError as error:
                raise WorkerLostError(type(error).__name__) from error

        return one


def _imported() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ClusterError(Message(ClusterCode.NO_RAY)) from error
    return ray


class _Actor:
    """Runs in a process of its own on some machine of the cluster."""

    def __init__(self, model: ModelFile, share: Share) -> None:
        self._sandbox = Sandbox(share.cores)
        self._sandbox.start()
        device: Device = "cuda" if share.gpus and model.device != "cpu" else "cpu"
        self._session = Session.open(model.there, device, share.cores, model.sha256)

    def begun(self) -> None:
        """Answer as soon as everything above is done."""

    def call(
        self, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> tuple[Any, ImageError | None]:
        """The function's value, or its ImageError: as a value it comes over as it is."""
        try:
            return self._sandbox.submit(function, *arguments).result(), None
        except ImageError as error:
            return None, error.with_traceback(None)

    def score(self, files: Files) -> list[Scored]:
        """The result of each image."""
        return score_piece(files, self._session, self._sandbox)


class _RayWorker:
    """A ``Worker`` of a crew: an actor, seen from here."""

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray, self._actor = ray, actor

    def begun(self) -> Future[None]:
        """Done as soon as the actor has opened the model."""
        return self._answer(self._actor.begun, (), lambda _: None)

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        """Call a function in the actor's sandbox."""
        return self._answer(self._actor.call, (function, arguments), _value)

    def score(self, files: Files) -> Future[list[Scored]]:
        """Have the actor score some files."""
        return self._answer(self._actor.score, (files,), lambda results: results)

    def dismiss(self) -> None:
        """End the actor, wherever it is by now."""
        with contextlib.suppress(self._ray.exceptions.RayError):
            self._ray.kill(self._actor)

    def _answer(
        self, method: Any, arguments: tuple[Any, ...], of: Callable[[Any], Any]
    ) -> Future[Any]:
        answer: Future[Any] = Future()
        errors = self._ray.exceptions

        def finish(done: Future[Any]) -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(of(done.result()))
            except errors.RayTaskError as error:  # the actor's own, of the call alone
                answer.set_exception(_own(error))
            except errors.RayError as error:
                answer.set_exception(WorkerLostError(type(error).__name__))
            except Exception as error:  # noqa: BLE001  whatever it is, the call needs an outcome
                answer.set_exception(error)

        try:
            reference = method.remote(*arguments)
        except errors.RayError as error:
            raise WorkerLostError(type(error).__name__) from error
        reference.future().add_done_callback(finish)
        return answer


def _value(told: tuple[Any, ImageError | None]) -> Any:
    value, error = told
    if error is not None:
        raise error
    return value


def _own(error: Any) -> BaseException:
    cause = error.cause
    return cause if isinstance(cause, Exception) else error
