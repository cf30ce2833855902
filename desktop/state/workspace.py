"""Workspace: what is open, the weights, the threshold, and the jobs that fill the tables."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.engine.progress import Progress
from desktop.engine.reader_labels import ReaderLabels
from desktop.jobs.latest import Latest
from desktop.jobs.running import Running
from desktop.jobs.screening import list_files, screen_files
from desktop.jobs.weights import Weights, open_weights
from desktop.state.grouping import Grouping
from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.series_tree import SeriesTree
from imaging.files.find import Found
from imaging.messages import Message
from imaging.sandbox.sandbox import Sandbox
from model.device import Device
from model.image_result import ImageResult
from model.messages import ModelCode


class State(Enum):
    """What is being done with the opened paths."""

    EMPTY = "empty"
    LISTING = "listing"
    SCREENING = "screening"
    STOPPED = "stopped"
    DONE = "done"


class Workspace(QObject):
    """Holds the models, and runs at most one screening at a time.

    Weights are opened once, in a job, at the first ``open`` or ``prepare``; until they are there,
    files are listed and can be viewed.
    """

    state_changed = Signal()
    weights_changed = Signal()
    threshold_changed = Signal(float)
    weights_refused = Signal(object)
    """A model file that the reader chose is none; the sentence says why."""
    series_changed = Signal()

    def __init__(
        self,
        shipped: Path,
        device: Device,
        sandbox: Callable[[], Sandbox],
        reader_labels: ReaderLabels,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.table = ImagesTable(self, reader_labels)
        self.order = ImagesOrder(self.table, self)
        self.series = SeriesTree(self.table, self)
        self.state = State.EMPTY
        self.paths: list[Path] = []
        self._files: list[Found] = []
        """What is at or below the paths: all of it once ``_listed``."""
        self._listed = True
        self.weights: Weights | None = None
        self.progress = Progress()
        self.error = ""
        """What broke the last screening off, beyond what any row says; empty as a rule."""
        self._shipped, self._device = shipped, device
        self._model: Path | None = None
        self._make_sandbox = sandbox
        self._sandbox: Sandbox | None = None
        self._running = Running(self)
        self._running.ended.connect(self._on_ended)
        self._opening = Latest(self)
        self._opening.arrived.connect(self._take_weights)
        self._opening.failed.connect(
            lambda why: self._take_weights(Weights(refusal=Message(ModelCode.NOT_OPENED, why=why)))
        )
        self._grouping = Grouping(self.table, self.series, self)
        self._grouping.changed.connect(self.series_changed)
        self._grouping.failed.connect(self._on_grouping_failed)

    def prepare(self) -> None:
        """Open the weights, unless that has been done."""
        if self.weights is None and not self._opening.busy:
            self._open_weights()

    def open_model(self, model: Path | None) -> None:
        """Use another model file, or (None) the shipped weights; what is open is screened again."""
        self._model = model
        self.weights = None
        if self.state is State.STOPPED and not self._listed:
            self.open(self.paths)
        elif self.paths and self._listed:
            self._running.leave()
            self._forget_results()
            self._set_state(State.SCREENING)
        self._show_weights()
        self._open_weights()

    def _open_weights(self) -> None:
        self._opening.ask(partial(open_weights, self._model, self._shipped, self._device))

    @Slot(object)
    def _take_weights(self, weights: Weights) -> None:
        self.weights = weights
        self._show_weights()
        if weights.refusal and self._model is not None:
            self.weights_refused.emit(weights.refusal)
        if self.state is State.SCREENING:
            self._screen()

    def _show_weights(self) -> None:
        session = self.weights.session if self.weights else None
        self.table.set_card(session.card if session else None)
        self.weights_changed.emit()
        if session:
            self.set_threshold(session.card.threshold)

    def set_threshold(self, threshold: float) -> None:
        """Move the threshold; nothing is screened again."""
        self.table.set_threshold(min(max(threshold, 0.0), 1.0))
        self.threshold_changed.emit(self.table.threshold)

    # -- screening

    def open(self, paths: Sequence[Path]) -> None:
        """List the files at or below ``paths`` and screen them in place of what was open."""
        self._running.leave()
        self._grouping.clear()
        self.paths, self._files, self._listed = list(paths), [], False
        self.error = ""
        self.table.clear()
        gc.collect()  # now, while little is there to be searched; see ``desktop.pauses``
        self.progress = Progress()
        self._set_state(State.LISTING)
        self._running.begin(partial(list_files, self.paths), self._take_files)

    def stop(self) -> None:
        """End the screening soon; what was done stays."""
        if self.state not in (State.LISTING, State.SCREENING):
            return
        if self._running.busy:
            self._running.stop()
        else:
            self.table.end_waiting()
            self._set_state(State.STOPPED)

    def go_on(self) -> None:
        """Screen what a stop has left out."""
        if self.state is not State.STOPPED:
            return
        if not self._listed or self.weights is None:
            self.open(self.paths)
            return
        again = self.table.wait_again()
        paths = {row.path for row in again}
        files = [found for found in self._files if found.path in paths]
        done = len(self.table.rows) - len(again)
        before = len(self._files) - len(files)
        self._begin(files, Progress(files=before, found=done, done=done))

    def close(self) -> None:
        """End every job and every child process."""
        self._running.close()
        self._opening.stop()
        self._grouping.close()
        if self._sandbox is not None:
            self._sandbox.close()
        self.table.reader_labels.close()

    def results(self) -> list[ImageResult]:
        """All findings so far, in the order in which they were found."""
        return [row.known for row in self.table.rows if row.known is not None]

    @property
    def waiting_for_weights(self) -> bool:
        """Whether everything is listed and the weights are still being opened."""
        return self.state is State.SCREENING and self.weights is None

    def _screen(self) -> None:
        self._running.leave()
        self._forget_results()
        self._begin(self._files, self.progress)

    def _begin(self, files: list[Found], progress: Progress) -> None:
        self.progress = progress
        self._set_state(State.SCREENING)
        session = self.weights.session if self.weights else None
        before = self.results()
        screening = partial(screen_files, files, session, self._decoder, progress, before)
        self._running.begin(screening, self.table.add_results)
        self._grouping.begin()

    def _forget_results(self) -> None:
        """Let every file wait again: what other weights said must not stand beside this card."""
        self._grouping.clear()
        if any(row.known for row in self.table.rows):
            self.table.forget_results()
        self.progress = Progress()

    @Slot(list)
    def _take_files(self, files: list[Found]) -> None:
        self._files.extend(files)
        self.table.add_files([found.path for found in files])

    def _decoder(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = self._make_sandbox()
        return self._sandbox

    @Slot(str)
    def _on_ended(self, error: str) -> None:
        self.error = error
        if self._running.stopping or error:  # what broke off is as good as stopped
            self.table.end_waiting()
            self._set_state(State.STOPPED)
            self._grouping.finish()
        elif self.state is State.LISTING:
            self._listed = True
            self._set_state(State.SCREENING)
            if self.weights is not None:
                self._screen()
            else:
                self.prepare()
        else:
            self._set_state(State.DONE)
            self._grouping.finish()

    @Slot(str)
    def _on_grouping_failed(self, error: str) -> None:
        self.error = self.error or error
        self.state_changed.emit()

    def _set_state(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()
