"""Workspace: what is open, the model, the threshold, and the jobs that fill the tables."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.engine.name_groups import NamePattern
from desktop.engine.progress import Progress
from desktop.engine.reader_labels import ReaderLabels
from desktop.engine.run import Run
from desktop.jobs.image_jobs import list_images, score_images
from desktop.jobs.job import INTERVAL, SELDOM
from desktop.jobs.opened_model import OpenedModel, open_model
from desktop.jobs.questions import Latest
from desktop.jobs.running import Running
from desktop.jobs.thumbnail_maker import ThumbnailMaker
from desktop.tables.images_order import ImagesOrder
from desktop.tables.images_table import ImagesTable
from desktop.tables.long_lists import LONG
from desktop.tables.series_list import SeriesList
from desktop.tables.series_readings import SeriesReadings
from desktop.tables.turns import Turns
from desktop.tables.worklist import Worklist
from imaging.messages import Message
from imaging.sandbox.sandbox import Sandbox
from model.device import Device
from model.image_result import ImageResult
from model.messages import ModelCode

AROUND = 1000
"""Images of a series that are scored first, from the one on screen on, and as many before it: a
whole series, but of a folder of many thousand images no more than costs nothing to say."""


class State(Enum):
    """What is being done with the opened paths."""

    EMPTY = "empty"
    LISTING = "listing"
    """Files are found and their headers read; no series is known."""
    SCORING = "scoring"
    """All series are known, and their images are being scored, or wait for the model."""
    STOPPED = "stopped"
    DONE = "done"


class Workspace(QObject):
    """Holds the models, and runs at most one job on what is open.

    The model is opened once, in a job, at the first ``open`` or ``prepare``; until it is there,
    headers are read and images can be viewed. Series are known before anything is scored, and
    results never change them.
    """

    state_changed = Signal()
    model_changed = Signal()
    threshold_changed = Signal(float)
    model_refused = Signal(object)
    """A model file that the reader chose is none; the sentence says why."""
    series_changed = Signal()
    leaving = Signal()
    """Rows and series will mean others at once: what is being typed is to be kept before."""

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
        self.series = SeriesList(self.table, self)
        self.readings = SeriesReadings(self.series, self)
        self.worklist = Worklist(self.series, self.readings, self)
        self.worklist.changed.connect(self.series_changed)
        self.state = State.EMPTY
        self.paths: list[Path] = []
        self.run: Run | None = None
        """What is open; None while nothing is."""
        self._listed = True
        """Whether every header has been read, so that all series are known."""
        self._unidentified = 0
        """How many images nothing but their names could take apart, once that is known."""
        self.opened_model: OpenedModel | None = None
        self.error = ""
        """What broke the last job off, beyond what any row says; empty as a rule."""
        self._shipped, self._device, self._make_sandbox = shipped, device, sandbox
        self._model: Path | None = None
        self._outdated = False
        """Whether the run still holds results of the model before."""
        self._sandbox: Sandbox | None = None
        self.thumbnails = ThumbnailMaker(self._decoder, self)
        self.table.thumbnail_wanted.connect(self._make_thumbnail)
        self.thumbnails.made.connect(self.table.thumbnail_made)
        self._turns = Turns(self)
        self._running = Running(self)
        self._running.ended.connect(self._on_ended)
        self._opening = Latest(self)
        self._opening.arrived.connect(self._take_model)
        self._opening.failed.connect(self._take_no_model)

    @property
    def progress(self) -> Progress:
        """How far the run is."""
        return self.run.progress if self.run else Progress()

    def prepare(self) -> None:
        """Start what reads files, and open the model, unless that has been done."""
        self._decoder().start_children()
        if self.opened_model is None and not self._opening.busy:
            self._open_model()

    def open_model(self, model: Path | None) -> None:
        """Use another model file, or (None) the built-in model; what is open is scored again."""
        self._model = model
        self.opened_model = None
        self.series.show_made()
        if self.state is State.STOPPED and not self._listed:
            self.go_on()
        elif self.paths and self._listed:
            self._running.leave()
            self._outdated = True
            # What one model said must not stand beside another one's card.
            self.table.forget_results()
            self._set_state(State.SCORING)
        self._show_model()
        self._open_model()

    def _open_model(self) -> None:
        self._opening.ask(partial(open_model, self._model, self._shipped, self._device))

    @Slot(str)
    def _take_no_model(self, why: str) -> None:
        self._take_model(OpenedModel(refusal=Message(ModelCode.NOT_OPENED, why=why)))

    @Slot(object)
    def _take_model(self, opened: OpenedModel) -> None:
        if self._outdated and self.run is not None:
            self._running.wait()
            self.run.forget_results()
            self._outdated = False
        self.opened_model = opened
        self._show_model()
        if opened.refusal and self._model is not None:
            self.model_refused.emit(opened.refusal)
        if self.state is State.SCORING:
            self._score()

    def _show_model(self) -> None:
        session = self.opened_model.session if self.opened_model else None
        self.table.set_card(session.card if session else None)
        self.model_changed.emit()
        if session:
            self.set_threshold(session.card.threshold)

    def set_threshold(self, threshold: float) -> None:
        """Move the threshold; nothing is scored again."""
        self.table.set_threshold(min(max(threshold, 0.0), 1.0))
        self.series.follow_threshold()
        self.threshold_changed.emit(self.table.threshold)

    # -- what is open

    def open(self, paths: Sequence[Path]) -> None:
        """Read the headers at or below ``paths``, then score, in place of what was open."""
        self.leaving.emit()
        self._running.leave()
        self._turns.clear()
        self.table.clear()
        gc.collect()  # now, while little is there to be searched; see ``desktop.pauses``
        self.paths, self.error = list(paths), ""
        self.run = Run(self.paths, self._decoder(), thumbnails=self.table.thumbnails)
        self._outdated = False
        self.thumbnails.begin(self.table.thumbnails)
        self._list()

    @property
    def trusts_folders(self) -> bool:
        """Whether the reader has said that each folder of images is one series of one patient."""
        return self.run is not None and self.run.trusts_folders

    def trust_folders(self, are_series: bool) -> None:
        """Take each folder of images for one series of one patient, until others are opened."""
        self.series.show_made()
        if self.run is not None:
            self.run.trust_folders(are_series)
        self.series.trust_folders(are_series)

    def stop(self) -> None:
        """End the job soon; what was done stays."""
        if self.state not in (State.LISTING, State.SCORING):
            return
        self.series.show_made()
        if self._running.busy:
            self._running.stop()
        else:
            self.table.end_waiting()
            self._set_state(State.STOPPED)

    def go_on(self) -> None:
        """Do what a stop has left out."""
        if self.state is not State.STOPPED:
            return
        self.table.wait_again()
        if not self._listed:
            self._list()
        else:
            self._go_on_scoring()

    def look_at(self, row: int, *, alone: bool = False) -> None:
        """Score the series of a row first, and in it this row's image; or (``alone``) only that."""
        if self.run is not None and self.state is State.SCORING:
            members = (row,) if alone else self.series.members_with(row)
            place = 0 if alone else self.series.place_of(row)
            before = members[max(place - AROUND, 0) : place]
            self.run.look_at([*members[place : place + AROUND], *reversed(before)])

    def close(self) -> None:
        """End every job and every child process."""
        self._running.close()
        self._turns.clear()
        self._opening.stop()
        self.thumbnails.close()
        if self._sandbox is not None:
            self._sandbox.close()
        self.table.reader_labels.close()

    def results(self) -> list[ImageResult]:
        """All results so far, in the order in which their images were found."""
        return [row.known for row in self.table.rows if row.known is not None]

    @property
    def waiting_for_model(self) -> bool:
        """Whether everything is listed and the model is still being opened."""
        return self.state is State.SCORING and self.opened_model is None

    def _list(self) -> None:
        assert self.run is not None
        self._listed = False
        self._set_state(State.LISTING)
        listing = partial(list_images, self.run, len(self.table.rows))
        self._running.begin(listing, self.table.add_images)

    def _score(self) -> None:
        assert self.run is not None
        session = self.opened_model.session if self.opened_model else None
        self.run.keeps_order = lambda: self.table.read_before_ai
        self._running.leave()
        scoring = partial(score_images, self.run, session, self.table.reader_labels.path)
        interval = SELDOM if len(self.table.rows) >= LONG else INTERVAL
        self._running.begin(scoring, self.table.add_results, interval=interval)
        self.state_changed.emit()

    @Slot(int)
    def _make_thumbnail(self, row: int) -> None:
        known = self.table.rows[row].known
        if known is not None:
            self.thumbnails.want(row, known.path, known.frame, known.sha256)

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
        elif self.state is State.LISTING:
            self._take_series()
            self._turns.add(self._begin_scoring)
        else:
            self._set_state(State.DONE)

    def _begin_scoring(self) -> None:
        if self.state is State.LISTING:  # not stopped since, and no other model came
            self._go_on_scoring()

    def _go_on_scoring(self) -> None:
        self._set_state(State.SCORING)
        if self.opened_model is not None:
            self._score()
        else:
            self.prepare()

    def _take_series(self) -> None:
        """All headers have been read: each row belongs to its series from now on."""
        assert self.run is not None
        self._listed = True
        found = (group for group in self.run.as_found if group.is_unidentified)
        self._unidentified = sum(len(group.members) for group in found)
        making = self.series.make(
            self.run.series,
            by_name=bool(self.run.grouped_by),
            ungrouped=len(self.run.ungrouped),
        )
        self._turns.add_work(making)
        self._turns.add(self.series.show_made, self._place_rows)

    def _place_rows(self) -> None:
        """Bring the rows into the order of their series, which are known now."""
        in_series = chain.from_iterable(series.members for series in self.series)
        in_none = range(len(self.table.rows))
        self.table.set_reading_order(dict.fromkeys(chain(in_series, in_none)))

    # -- unidentified images

    @property
    def has_unidentified_images(self) -> bool:
        """Whether there are several images that nothing but their names could take apart.

        Asked at every step of the selection, so that it looks at none of them.
        """
        return self.run is not None and self._listed and self._unidentified > 1

    def unidentified_images(self) -> list[Path]:
        """The files of the images that nothing but their names could take apart."""
        if self.run is None or not self._listed:
            return []
        found = (group.members for group in self.run.as_found if group.is_unidentified)
        return [self.run.images[member].path for members in found for member in members]

    def group_by_name(self, pattern: NamePattern | None) -> None:
        """Group unidentified images by their names, or (None) as they were found.

        With a pattern the reader says that each group is one series of one patient.
        """
        if self.run is not None and self._listed:
            self.leaving.emit()
            self.run.group_by_name(pattern)
            self._take_series()
            self.series.show_made()

    def _set_state(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()
