"""Running: the one job of the workspace, and those that were told to end and have not yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs.job import INTERVAL, Items, Job


class Running(QObject):
    """Runs at most one job that is listened to.

    ``ended`` follows the job's last chunk, with the text of what broke it or an empty one.
    """

    ended = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._leaving: list[Job] = []
        """Jobs that were told to end and may be in the middle of a batch; nobody listens."""
        self.stopping = False
        """Whether the job was asked to end early."""

    @property
    def busy(self) -> bool:
        """Whether there is a job that is listened to."""
        return self._job is not None

    def begin(
        self, items: Items, take: Callable[[list[Any]], None], *, interval: int = INTERVAL
    ) -> None:
        """Run ``items``, handing what they yield to ``take``, once in ``interval`` ms."""
        self._job, self.stopping = Job(items, interval=interval, parent=self), False
        self._job.chunk.connect(take)
        self._job.ended.connect(self._on_ended)
        self._job.start()

    def stop(self) -> None:
        """Ask the job to end soon; ``ended`` follows."""
        if self._job is not None:
            self.stopping = True
            self._job.requestInterruption()

    def leave(self) -> None:
        """Have the job end, without waiting for it and without hearing of it again."""
        job, self._job = self._job, None
        if job is not None:
            job.chunk.disconnect()
            job.ended.disconnect()
            self._leaving.append(job)
            job.ended.connect(lambda _: self._forget(job))
            job.requestInterruption()

    def wait(self) -> None:
        """Wait until no job that was left runs any more: less than a second."""
        for job in list(self._leaving):
            job.stop()

    def close(self) -> None:
        """Leave the job, and wait until nothing runs."""
        self.leave()
        self.wait()

    @Slot(str)
    def _on_ended(self, error: str) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()
            self.ended.emit(error)

    def _forget(self, job: Job) -> None:
        self._leaving.remove(job)
        job.deleteLater()
