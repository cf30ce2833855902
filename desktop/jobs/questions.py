"""Questions that are answered in a thread: only the latest of many, or each in its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs.job import Job, Stopping

Question = Callable[[Stopping], Any]
"""Answers in a thread, looking at ``stopping`` several times a second; None where it gave up."""


class Questions(QObject):
    """Runs one job at a time; which question comes next is for those that are made of this.

    ``arrived`` carries an answer, ``failed`` the text of what broke one.
    """

    arrived = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def _run(self, question: Question) -> None:
        self._job = Job(partial(_answer, question), interval=0, parent=self)
        self._job.chunk.connect(self._on_chunk)
        self._job.ended.connect(self._on_end)
        self._job.start()

    def _let_go(self) -> None:
        """The job has ended: whoever is told of it next may ask anew."""
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()

    @Slot(list)
    def _on_chunk(self, items: list[object]) -> None:
        raise NotImplementedError

    @Slot(str)
    def _on_end(self, error: str) -> None:
        raise NotImplementedError


class Latest(Questions):
    """Answers the latest question. A new one interrupts the running one, whose answer is dropped.

    Of what was dropped, ``arrived`` and ``failed`` tell nothing.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: Question | None = None
        self._dropped = False

    def ask(self, question: Question) -> None:
        """Run ``question`` as soon as the one before has let go."""
        self._next = question
        if self._job is None:
            self._begin()
        else:
            self._dropped = True
            self._job.requestInterruption()

    def drop(self) -> None:
        """Drop every question; nothing that still runs will be heard of."""
        self._next = None
        if self._job is not None:
            self._dropped = True
            self._job.requestInterruption()

    def stop(self) -> None:
        """Drop every question and wait until nothing runs."""
        self.drop()
        if self._job is not None:
            self._job.stop()

    def _begin(self) -> None:
        question, self._next, self._dropped = self._next, None, False
        if question is not None:
            self._run(question)

    @Slot(list)
    def _on_chunk(self, items: list[object]) -> None:
        for item in items:
            if not self._dropped:
                self.arrived.emit(item)

    @Slot(str)
    def _on_end(self, error: str) -> None:
        self._let_go()
        if error and not self._dropped:
            self.failed.emit(error)
        if self._job is None:  # who heard of the failure may have asked anew
            self._begin()


class InTurn(Questions):
    """Answers every question, in the order in which they were asked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Question] = deque()
        self._answers: list[object] = []
        """Of the job that runs."""
        self._heard = True

    def ask(self, question: Question) -> None:
        """Run ``question`` when all that was asked before has been answered."""
        self._waiting.append(question)
        if self._job is None:
            self._begin()

    def stop(self) -> None:
        """Wait until all that was asked has been done; nobody hears of it any more."""
        self._heard = False
        while self._job is not None:
            self._job.stop()

    def _begin(self) -> None:
        if self._waiting:
            self._run(self._waiting.popleft())

    @Slot(list)
    def _on_chunk(self, items: list[object]) -> None:
        self._answers += items

    @Slot(str)
    def _on_end(self, error: str) -> None:
        """Tell of the job after it has gone: whoever hears of it may wait for the reader."""
        self._let_go()
        answers, self._answers = self._answers, []
        self._begin()
        for answer in answers if self._heard else ():
            self.arrived.emit(answer)
        if error and self._heard:
            self.failed.emit(error)


def _answer(question: Question, stopping: Stopping) -> Iterator[Any]:
    answer = question(stopping)
    if answer is not None:
        yield answer
